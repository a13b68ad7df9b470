import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { IGrammar, Registry, StateStack } from 'vscode-textmate';
import { DisposableStore, type Disposable } from '../../common/disposable';
import type { Logger } from '../../common/logger';
import type { LineTokenizer } from '../../text/comments/lineStore';
import type { RegionKind } from '../../text/comments/types';
import { grammarTokenizer, kindsOf, REGION_THEME } from './classify';
import type { Grammars } from './commentIndex';
import { GrammarTable } from './grammarTable';

/** Not disposed of while documents may still hold its grammars: that ends with the extension host. */
interface Loaded {
  readonly registry: Registry;
  readonly initial: StateStack;
  readonly kinds: readonly (RegionKind | undefined)[];
}

type AnyTokenizer = LineTokenizer<unknown>;

/** The TextMate grammars of the installed extensions, loaded with the tokenizer at the first use. */
export class InstalledGrammars implements Grammars, Disposable {
  private readonly store = new DisposableStore();
  private readonly broken = new Set<string>();
  private readonly tokenizers = new Map<string, Promise<AnyTokenizer | undefined>>();
  private table: GrammarTable | undefined;
  private loaded: Promise<Loaded> | undefined;

  constructor(
    /** The regular expressions of grammars run in this WebAssembly module. */
    private readonly wasmPath: string,
    private readonly logger: Logger,
  ) {
    this.store.add(vscode.extensions.onDidChange(() => this.reset()));
    this.store.add({ dispose: () => this.reset() });
  }

  async tokenizer(languageId: string): Promise<AnyTokenizer | undefined> {
    const scope = this.grammarTable().scopeOf(languageId);
    if (scope === undefined || this.broken.has(languageId)) return undefined;
    let tokenizer = this.tokenizers.get(languageId);
    if (!tokenizer) {
      tokenizer = this.load(languageId, scope);
      this.tokenizers.set(languageId, tokenizer);
    }
    return tokenizer;
  }

  failed(languageId: string, error: unknown): void {
    this.broken.add(languageId);
    this.tokenizers.delete(languageId);
    this.logger.log('warn', `The grammar of ${languageId} failed: ${String(error)}`);
  }

  dispose(): void {
    this.store.dispose();
  }

  private async load(languageId: string, scope: string): Promise<AnyTokenizer | undefined> {
    try {
      this.loaded ??= this.start();
      const { registry, initial, kinds } = await this.loaded;
      const grammar: IGrammar | null = await registry.loadGrammar(scope);
      return grammar ? grammarTokenizer(grammar, initial, kinds) : undefined;
    } catch (error) {
      this.failed(languageId, error);
      return undefined;
    }
  }

  private async start(): Promise<Loaded> {
    const [textmate, oniguruma, wasm] = await Promise.all([
      import('vscode-textmate'),
      import('vscode-oniguruma'),
      readFile(this.wasmPath),
    ]);
    await oniguruma.loadWASM(wasm);
    const { createOnigScanner, createOnigString } = oniguruma;
    const registry = new textmate.Registry({
      onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
      theme: REGION_THEME,
      loadGrammar: async (scopeName) => {
        const file = this.grammarTable().file(scopeName);
        if (!file) return null;
        const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
        return textmate.parseRawGrammar(content, file.path);
      },
      getInjections: (scopeName) => this.grammarTable().injections(scopeName),
    });
    return { registry, initial: textmate.INITIAL, kinds: kindsOf(registry.getColorMap()) };
  }

  private grammarTable(): GrammarTable {
    this.table ??= new GrammarTable(vscode.extensions.all);
    return this.table;
  }

  /** Extensions came or went. Documents keep the grammar they have until they are closed. */
  private reset(): void {
    this.table = undefined;
    this.tokenizers.clear();
    this.broken.clear();
    this.loaded = undefined;
  }
}
