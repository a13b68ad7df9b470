/**
 * `npm run bench:comments -- FOLDER`: what finding comments costs the extension host's thread, in a long and in a minified
 * file; FOLDER is the `extensions` of a VS Code. Writes results/comments.md. What a keystroke costs in an editor is
 * measured by `bench:hovers`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { findBlocks } from '../../src/text/comments/findBlocks';
import { LineStore, type LineTokenizer } from '../../src/text/comments/lineStore';
import { plainTokenizer } from '../../src/text/comments/plainTokenizer';
import { grammarFolder } from '../integration/grammarFolder';
import { IDLE_LOAD, loadAverage } from './load';

const LONG_LINES = 99_999;
const MINIFIED_LENGTH = 1_000_000;
const STROKES = 500;
/** Lines around the cursor whose comments are looked for after each keystroke, as on a screen. */
const VISIBLE = 80;

class Lines {
  constructor(readonly lines: string[]) {}
  get lineCount(): number {
    return this.lines.length;
  }
  lineText(line: number): string {
    return this.lines[line] ?? '';
  }
}

interface Measured {
  readonly first: number;
  readonly longestLine: number;
  readonly strokes: readonly number[];
  readonly tokenized: number;
}

function measure(lines: readonly string[], tokenizer: LineTokenizer<unknown>): Measured {
  const document = new Lines([...lines]);
  const store = new LineStore(tokenizer, document);
  const began = performance.now();
  let longestLine = 0;
  for (let at = began, more = true; more;) {
    more = store.step(Infinity);
    const now = performance.now();
    longestLine = Math.max(longestLine, now - at);
    at = now;
  }
  const first = performance.now() - began;
  const known = store.tokenized;
  const middle = Math.floor(lines.length / 2);
  const from = Math.max(0, middle - VISIBLE / 2);
  const to = Math.min(lines.length, middle + VISIBLE / 2);
  const strokes: number[] = [];
  for (let stroke = 0; stroke < STROKES; stroke++) {
    document.lines[middle] = `${document.lines[middle]}a`;
    const start = performance.now();
    store.change([{ start: middle, end: middle, count: 1 }]);
    while (store.step(to));
    let offset = 0;
    const scoped = document.lines.slice(from, to).map((text, index) => {
      const line = { start: offset, text, eol: '\n', regions: store.regions(from + index) };
      offset += text.length + 1;
      return line;
    });
    findBlocks(scoped, 'typescript');
    strokes.push(performance.now() - start);
  }
  return { first, longestLine, strokes, tokenized: (store.tokenized - known) / STROKES };
}

function row(name: string, { first, longestLine, strokes, tokenized }: Measured): string {
  const sorted = strokes.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(2);
  const cells = [first.toFixed(0), longestLine.toFixed(1), at(0.5), at(0.95), tokenized.toFixed(0)];
  return `| ${name} | ${cells.join(' | ')} |`;
}

async function main(extensions: string): Promise<void> {
  const load = loadAverage();
  const plain = plainTokenizer('typescript') as LineTokenizer<unknown>;
  const grammar = await (await grammarFolder(extensions))('typescript');
  if (!grammar) throw new Error('There is no grammar for TypeScript in the folder.');
  const long = Array.from({ length: LONG_LINES }, (_, index) =>
    index % 2 === 0
      ? '// The cache keeps the last results in memory.'
      : `export const value${index} = compute(${index}, 'a text');`,
  );
  const unit = 'function a(b){return b?"the text":/*a comment of words*/c(b+1)}';
  const minified = [unit.repeat(Math.ceil(MINIFIED_LENGTH / unit.length))];
  const busy = load > IDLE_LOAD ? ', **busy: not to be compared**' : '';
  const processor = `${cpus()[0]?.model ?? 'unknown processor'} (${cpus().length} cores)`;
  const text = [
    '# Finding comments',
    `${new Date().toISOString().slice(0, 10)}, ${processor}, load before ${load.toFixed(2)}${busy}. Milliseconds of the extension host's thread. A keystroke: the edit, and the comments of ${VISIBLE} lines around it.`,
    [
      '| | first time, all lines | longest line | keystroke, median | p95 | lines tokenized |',
      '| --- | ---: | ---: | ---: | ---: | ---: |',
      row(`${LONG_LINES} lines, grammar`, measure(long, grammar)),
      row(`${LONG_LINES} lines, looks of the language`, measure(long, plain)),
      row('one line of 1 MB, grammar', measure(minified, grammar)),
      row('one line of 1 MB, looks of the language', measure(minified, plain)),
    ].join('\n'),
    '',
  ].join('\n\n');
  const results = join('test', 'bench', 'results');
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, 'comments.md'), text);
  process.stdout.write(text);
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('The folder of extensions is missing.');
void main(folder);
