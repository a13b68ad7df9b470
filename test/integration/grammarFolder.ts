import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as oniguruma from 'vscode-oniguruma';
import * as textmate from 'vscode-textmate';
import { grammarTokenizer, kindsOf, REGION_THEME } from '../../src/host/scopes/classify';
import type { LineTokenizer } from '../../src/text/comments/lineStore';

interface Manifest {
  readonly contributes?: {
    readonly grammars?: readonly { language?: string; scopeName: string; path: string }[];
  };
}

type Find = (languageId: string) => Promise<LineTokenizer<unknown> | undefined>;

/** The tokenizers of the grammars in a folder of extensions, as the extension makes them in an editor; without an editor. */
export async function grammarFolder(extensions: string): Promise<Find> {
  const files = new Map<string, string>();
  const scopes = new Map<string, string>();
  for (const folder of readdirSync(extensions)) {
    for (const grammar of readManifest(join(extensions, folder))?.contributes?.grammars ?? []) {
      files.set(grammar.scopeName, join(extensions, folder, grammar.path));
      if (grammar.language !== undefined) scopes.set(grammar.language, grammar.scopeName);
    }
  }
  await (engine ??= loadEngine());
  const registry = new textmate.Registry({
    onigLib: Promise.resolve(oniguruma),
    theme: REGION_THEME,
    loadGrammar: (scopeName) => {
      const file = files.get(scopeName);
      const grammar = file && textmate.parseRawGrammar(readFileSync(file, 'utf8'), file);
      return Promise.resolve(grammar || null);
    },
  });
  const kinds = kindsOf(registry.getColorMap());
  return async (languageId) => {
    const scope = scopes.get(languageId);
    const grammar = scope === undefined ? null : await registry.loadGrammar(scope);
    return grammar ? grammarTokenizer(grammar, textmate.INITIAL, kinds) : undefined;
  };
}

let engine: Promise<void> | undefined;

function loadEngine(): Promise<void> {
  const wasm = createRequire(__filename).resolve('vscode-oniguruma/release/onig.wasm');
  return oniguruma.loadWASM(readFileSync(wasm));
}

function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return undefined; // no extension
  }
}
