import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineStore, type LineTokenizer } from '../../../src/text/comments/lineStore';
import type { CommentBlock, ScopedLine } from '../../../src/text/comments/types';

/** A block as the golden files have it. */
export interface GoldenBlock {
  readonly kind: string;
  /** Number of its first line, from 1. */
  readonly line: number;
  readonly text: string;
}

/** What is found in a source: by its grammar; where that differs, by the looks of the language, and by the lowest VS Code's grammar. */
export interface Golden {
  readonly blocks: readonly GoldenBlock[];
  readonly plain?: readonly GoldenBlock[];
  readonly older?: readonly GoldenBlock[];
}

export interface Fixture {
  readonly languageId: string;
  readonly source: string;
  readonly golden: Golden;
}

export function readFixtures(folder: string): Fixture[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  return names.map((name) => {
    const languageId = name.slice(0, -'.txt'.length);
    const golden = readFileSync(join(folder, `${languageId}.json`), 'utf8');
    return {
      languageId,
      source: readFileSync(join(folder, name), 'utf8'),
      golden: JSON.parse(golden) as Golden,
    };
  });
}

export function summarize(text: string, blocks: readonly CommentBlock[]): GoldenBlock[] {
  return blocks.map((block) => ({
    kind: block.kind,
    line: text.slice(0, block.start).split('\n').length,
    text: block.text,
  }));
}

/** All lines of a text, tokenized from the top. */
export function scopedLines<S>(text: string, tokenizer: LineTokenizer<S>): ScopedLine[] {
  const lines = text.split(/(?<=\n)/u);
  if (text.endsWith('\n')) lines.push('');
  const bare = lines.map((line) => line.replace(/\r?\n$/u, ''));
  const store = new LineStore(tokenizer, {
    lineCount: bare.length,
    lineText: (line) => bare[line]!,
  });
  while (store.step(Infinity));
  let start = 0;
  return lines.map((line, index) => {
    const body = bare[index]!;
    const scoped = {
      start,
      text: body,
      eol: line.slice(body.length),
      regions: store.regions(index),
    };
    start += line.length;
    return scoped;
  });
}
