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
    const prefix = /^(?:\s*>\s?)*/u.exec(line.text)![0];
    const rest = line.text.slice(prefix.length);
    const body = rest.trim();
    if (kept[index] || body === '') return close();
    const indent = rest.slice(0, rest.length - rest.trimStart().length);
    const suffix = rest.slice(indent.length + body.length);
    run.push({ start: line.start, prefix, indent, body, suffix, eol: line.eol });
  });
  close();
  return blocks;
}
