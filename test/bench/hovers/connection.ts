import { performance } from 'node:perf_hooks';
import type * as vscode from 'vscode';

type Api = typeof vscode;
type Call = (...args: unknown[]) => unknown;

/** A provider as the extension registered it; it stays known while it is away. */
interface Registration {
  readonly register: () => vscode.Disposable;
  current: vscode.Disposable | undefined;
}

/** One answer of one hover provider of the extension, from its call to its result. */
interface HoverAnswer {
  readonly milliseconds: number;
  readonly hasHover: boolean;
}

/**
 * Stands between the extension and the editor's API: tells what the extension's own listeners and providers take, and can
 * take them away and give them back, so that one run measures the same editor with the extension and without.
 */
export class Connection {
  private readonly registrations = new Set<Registration>();
  private connected = true;
  private listening = 0;
  private answers: HoverAnswer[] = [];
  /** What the extension is given as `vscode`. */
  readonly api: Api;

  constructor(vscode: Api) {
    this.api = {
      ...vscode,
      workspace: this.watched(vscode.workspace),
      window: this.watched(vscode.window),
      languages: this.watched(vscode.languages),
    };
  }

  connect(): void {
    this.connected = true;
    for (const registration of this.registrations) registration.current ??= registration.register();
  }

  /** No listener of the extension hears anything from now on, and no provider of it is asked. */
  disconnect(): void {
    this.connected = false;
    for (const registration of this.registrations) {
      registration.current?.dispose();
      registration.current = undefined;
    }
  }

  /** Milliseconds in listeners of the extension since the last call. */
  takeListening(): number {
    const { listening } = this;
    this.listening = 0;
    return listening;
  }

  /** What the extension's hover providers were asked since the last call. */
  takeAnswers(): readonly HoverAnswer[] {
    return this.answers.splice(0);
  }

  private watched<T extends object>(namespace: T): T {
    // Of a target of its own, since the namespaces may not be changed.
    return new Proxy({} as T, {
      get: (_, key) => {
        const value: unknown = Reflect.get(namespace, key);
        if (typeof key !== 'string' || typeof value !== 'function') return value;
        const call = value as Call;
        if (/^on(?:Did|Will)[A-Z]/.test(key)) return this.event(call);
        return /^register\w*Provider$/.test(key) ? this.registration(key, call) : value;
      },
    });
  }

  private event(subscribe: Call): Call {
    return (listener, self, disposables) =>
      subscribe(
        (event: unknown) => {
          if (!this.connected) return;
          const start = performance.now();
          (listener as Call).call(self, event);
          this.listening += performance.now() - start;
        },
        undefined,
        disposables,
      );
  }

  private registration(name: string, register: Call): Call {
    return (selector, provider, ...rest) => {
      const given =
        name === 'registerHoverProvider' ? this.timed(provider as vscode.HoverProvider) : provider;
      const registration: Registration = {
        register: () => register(selector, given, ...rest) as vscode.Disposable,
        current: undefined,
      };
      this.registrations.add(registration);
      if (this.connected) registration.current = registration.register();
      return {
        dispose: () => {
          registration.current?.dispose();
          this.registrations.delete(registration);
        },
      };
    };
  }

  private timed(provider: vscode.HoverProvider): vscode.HoverProvider {
    return {
      provideHover: async (document, position, token) => {
        const start = performance.now();
        const hover = await provider.provideHover(document, position, token);
        const milliseconds = performance.now() - start;
        this.answers.push({ milliseconds, hasHover: hover !== undefined && hover !== null });
        return hover;
      },
    };
  }
}
