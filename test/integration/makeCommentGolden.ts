/**
 * Writes the blocks that are found in the sources of test/fixtures/comments: `tsx test/integration/makeCommentGolden.ts FOLDER`,
 * FOLDER being the `extensions` of a VS Code, whose grammars are used. Read the difference before it is committed.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as oniguruma from 'vscode-oniguruma';
import * as textmate from 'vscode-textmate';
import { grammarTokenizer, kindsOf, REGION_THEME } from '../../src/host/scopes/classify';
import { findBlocks } from '../../src/text/comments/findBlocks';
import type { LineTokenizer } from '../../src/text/comments/lineStore';
import { plainTokenizer } from '../../src/text/comments/plainTokenizer';
import { scopedLines, summarize, type Golden } from '../unit/text/commentGolden';

const FIXTURES = join('test', 'fixtures', 'comments');

interface Manifest {
  readonly contributes?: {
    readonly grammars?: readonly { language?: string; scopeName: string; path: string }[];
  };
}

async function main(extensions: string): Promise<void> {
  const files = new Map<string, string>();
  const scopes = new Map<string, string>();
  for (const folder of readdirSync(extensions)) {
    const path = join(extensions, folder, 'package.json');
    let manifest: Manifest;
    try {
      manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    } catch {
      continue; // not an extension
    }
    for (const grammar of manifest.contributes?.grammars ?? []) {
      files.set(grammar.scopeName, join(extensions, folder, grammar.path));
      if (grammar.language !== undefined) scopes.set(grammar.language, grammar.scopeName);
    }
  }
  await oniguruma.loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve(oniguruma),
    theme: REGION_THEME,
    loadGrammar: (scopeName) => {
      const file = files.get(scopeName);
      const grammar = file && textmate.parseRawGrammar(readFileSync(file, 'utf8'), file);
      return Promise.resolve(grammar || null);
    },
  });
  for (const name of readdirSync(FIXTURES).filter((file) => file.endsWith('.txt'))) {
    const languageId = name.slice(0, -'.txt'.length);
    const text = readFileSync(join(FIXTURES, name), 'utf8');
    const find = (tokenizer: LineTokenizer<unknown>) =>
      summarize(text, findBlocks(scopedLines(text, tokenizer), languageId));
    const plain = find(plainTokenizer(languageId));
    const scope = scopes.get(languageId);
    const grammar = scope === undefined ? null : await registry.loadGrammar(scope);
    const kinds = kindsOf(registry.getColorMap());
    const blocks = grammar
      ? find(grammarTokenizer(grammar, textmate.INITIAL, kinds))
      : plain;
    const same = JSON.stringify(blocks) === JSON.stringify(plain);
    const golden: Golden = same ? { blocks } : { blocks, plain };
    writeFileSync(
      join(FIXTURES, `${languageId}.json`),
      `${JSON.stringify(golden, undefined, 2)}\n`,
    );
    process.stdout.write(`${languageId}: ${blocks.length}${grammar ? '' : ' (no grammar)'}\n`);
  }
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('The folder of extensions is missing.');
void main(folder);
