/** The extension's side of the panel, inside the panel's own page: it answers what it is asked from a made-up run. */
import type { AttentionRun } from '../../src/protocol/attentionRun';
import type { HostToPanel } from '../../src/protocol/panel';
import { parsePanelMessage } from '../../src/protocol/panelGuards';
import { panelStrings } from '../../src/host/attentionStrings';
import { syntheticAnswer } from './syntheticAnswers';
import { syntheticMap, syntheticRun, words, type RunSpec } from './syntheticRun';

declare const panelLocale: string;

/** Longer than a view takes from an answer to its next question. */
const QUIET_MILLISECONDS = 120;

export class FakeHost {
  /** Everything the page has sent, as it came. */
  readonly posted: unknown[] = [];
  readonly violations: string[] = [];
  readonly errors: string[] = [];
  run: AttentionRun | undefined;
  state: unknown;
  readonly words = words;
  readonly map = syntheticMap;
  private loaded = false;
  private lastTraffic = 0;
  /** Numbers of questions whose answers have not come. */
  private readonly waiting = new Set<unknown>();

  constructor() {
    document.addEventListener('securitypolicyviolation', (event) =>
      this.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    );
    window.addEventListener(
      'message',
      ({ data }: MessageEvent<{ type?: unknown; seq?: unknown } | null | undefined>) => {
        if (data?.type === 'answer') this.waiting.delete(data.seq);
      },
    );
    window.addEventListener('error', ({ message }) => this.errors.push(message));
    window.addEventListener('unhandledrejection', ({ reason }) => this.errors.push(String(reason)));
  }

  /** As the editor's webview does it: a structured clone, delivered later. */
  send(message: unknown): void {
    this.lastTraffic = performance.now();
    window.postMessage(message, '*');
  }

  show(spec: RunSpec, state?: unknown): void {
    this.run = syntheticRun(spec);
    if (this.loaded) this.sendRun(state);
  }

  /** Every question has been answered. */
  isIdle(): boolean {
    return this.loaded && this.waiting.size === 0;
  }

  /** Nor has there been one for a while. */
  isQuiet(): boolean {
    return this.isIdle() && performance.now() - this.lastTraffic > QUIET_MILLISECONDS;
  }

  /** Messages of one type that the page has sent. */
  sent(type: string): Record<string, unknown>[] {
    return this.posted
      .map((message) => message as Record<string, unknown>)
      .filter((message) => message['type'] === type);
  }

  readonly api = {
    postMessage: (message: unknown): void => {
      this.lastTraffic = performance.now();
      this.posted.push(structuredClone(message));
      this.receive(message);
    },
    getState: (): unknown => this.state,
    setState: (state: unknown): void => {
      this.state = structuredClone(state);
    },
  };

  private receive(value: unknown): void {
    const message = parsePanelMessage(value, this.run);
    if (message?.type === 'ready') {
      this.loaded = true;
      this.tell({ type: 'strings', strings: panelStrings(), locale: panelLocale });
      this.tell({ type: 'settings', singleKeys: true });
      if (this.run) this.sendRun(undefined);
    } else if (message?.type === 'query' && this.run) {
      const { seq, runId } = message;
      this.waiting.add(seq);
      this.tell({ type: 'answer', seq, runId, ...syntheticAnswer(this.run, message) });
    }
  }

  private sendRun(state: unknown): void {
    this.send({ type: 'run', run: this.run, ...(state === undefined ? {} : { state }) });
  }

  private tell(message: HostToPanel): void {
    this.send(message);
  }
}

declare global {
  interface Window {
    fakeHost: FakeHost;
    acquireVsCodeApi: () => FakeHost['api'];
  }
}

window.fakeHost = new FakeHost();
window.acquireVsCodeApi = () => window.fakeHost.api;
