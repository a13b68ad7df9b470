import { findKeptLines } from '../codeLines';
import { splitLines } from '../lines';
import type { RawBlock, RawLine } from './group';
import type { ScopedLine } from './types';

/** Paragraphs of Markdown or plain text: lines up to an empty or kept one. Fences, front matter and definitions are kept. */
export function groupProse(lines: readonly ScopedLine[]): RawBlock[] {
  const kept = findKeptLines(splitLines(lines.map(({ text }) => `${text}\n`).join('')));
  const blocks: RawBlock[] = [];
  let run: RawLine[] = [];
  const close = (): void => {
    const last = run.pop();
    if (last) {
      blocks.push({ kind: 'text', lines: [...run, { ...last, eol: '' }], before: '', after: '' });
    }
    run = [];
  };
  lines.forEach((line, index) => {
    const body = line.text.trim();
    if (kept[index] || body === '') return close();
    const indent = line.text.length - line.text.trimStart().length;
    run.push({
      start: line.start,
      prefix: '',
      indent: line.text.slice(0, indent),
      body,
      suffix: line.text.slice(indent + body.length),
      eol: line.eol,
    });
  });
  close();
  return blocks;
}
