/**
 * Writes the blocks that are found in the sources of test/fixtures/comments: `tsx test/integration/makeCommentGolden.ts FOLDER`,
 * FOLDER being the `extensions` of a VS Code, whose grammars are used. Read the difference before it is committed.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBlocks } from '../../src/text/comments/findBlocks';
import type { LineTokenizer } from '../../src/text/comments/lineStore';
import { plainTokenizer } from '../../src/text/comments/plainTokenizer';
import { type Golden, scopedLines, summarize } from '../unit/text/commentGolden';
import { grammarFolder } from './grammarFolder';

const FIXTURES = join('test', 'fixtures', 'comments');

async function main(extensions: string): Promise<void> {
  const grammars = await grammarFolder(extensions);
  for (const name of readdirSync(FIXTURES).filter((file) => file.endsWith('.txt'))) {
    const languageId = name.slice(0, -'.txt'.length);
    const text = readFileSync(join(FIXTURES, name), 'utf8');
    const find = <S>(tokenizer: LineTokenizer<S>) =>
      summarize(text, findBlocks(scopedLines(text, tokenizer), languageId));
    const plain = find(plainTokenizer(languageId));
    const grammar = await grammars(languageId);
    const blocks = grammar ? find(grammar) : plain;
    const same = JSON.stringify(blocks) === JSON.stringify(plain);
    const golden: Golden = same ? { blocks } : { blocks, plain };
    const path = join(FIXTURES, `${languageId}.json`);
    writeFileSync(path, `${JSON.stringify(golden, undefined, 2)}\n`);
    process.stdout.write(`${languageId}: ${blocks.length}${grammar ? '' : ' (no grammar)'}\n`);
  }
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('The folder of extensions is missing.');
void main(folder);
