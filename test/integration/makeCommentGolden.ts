/**
 * Writes the blocks that are found in the sources of test/fixtures/comments:
 * `tsx test/integration/makeCommentGolden.ts FOLDER OLDER`, both being the `extensions` of a VS Code, whose grammars are used:
 * of the newest and of the lowest that is supported. Read the difference before it is committed.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBlocks } from '../../src/text/comments/findBlocks';
import type { LineTokenizer } from '../../src/text/comments/lineStore';
import { plainTokenizer } from '../../src/text/comments/plainTokenizer';
import { type Golden, scopedLines, summarize } from '../unit/text/commentGolden';
import { grammarFolder } from './grammarFolder';

const FIXTURES = join('test', 'fixtures', 'comments');

async function main(extensions: string, lowest: string): Promise<void> {
  const grammars = await grammarFolder(extensions);
  const olderGrammars = await grammarFolder(lowest);
  for (const name of readdirSync(FIXTURES).filter((file) => file.endsWith('.txt'))) {
    const languageId = name.slice(0, -'.txt'.length);
    const text = readFileSync(join(FIXTURES, name), 'utf8');
    const find = <S>(tokenizer: LineTokenizer<S>) =>
      summarize(text, findBlocks(scopedLines(text, tokenizer), languageId));
    const plain = find(plainTokenizer(languageId));
    const grammar = await grammars(languageId);
    const blocks = grammar ? find(grammar) : plain;
    const olderGrammar = await olderGrammars(languageId);
    const older = olderGrammar ? find(olderGrammar) : plain;
    const differs = (other: typeof blocks) => JSON.stringify(other) !== JSON.stringify(blocks);
    const golden: Golden = {
      blocks,
      ...(differs(plain) ? { plain } : {}),
      ...(differs(older) ? { older } : {}),
    };
    const path = join(FIXTURES, `${languageId}.json`);
    writeFileSync(path, `${JSON.stringify(golden, undefined, 2)}\n`);
    process.stdout.write(`${languageId}: ${blocks.length}${grammar ? '' : ' (no grammar)'}\n`);
  }
}

const [folder, olderFolder] = process.argv.slice(2);
if (folder === undefined || olderFolder === undefined)
  throw new Error('The folders of extensions are missing.');
void main(folder, olderFolder);
