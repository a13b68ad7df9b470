import type { RawBlock, RawLine } from './group';
import type { Paragraph } from './layout';
import type { Annotation, BlockKind, CommentBlock, TextPiece } from './types';
import { displayWidth, wrap, wrapInto } from './width';

/** A line that stood alone gives no width; this is what most style guides allow. */
const USUAL_WIDTH = 80;
/** Narrower columns are chance: short lines that were never full. */
const LEAST_WIDTH = 60;

/** A block of text with its layout, made by `findBlocks`. */
export class LaidOutBlock implements CommentBlock {
  readonly start: number;
  readonly end: number;
  readonly kind: BlockKind;
  readonly source: string;
  readonly text: string;
  readonly pieces: readonly TextPiece[];
  /** The text of each paragraph. */
  private readonly texts: readonly string[];

  constructor(
    private readonly raw: RawBlock,
    private readonly paragraphs: readonly Paragraph[],
  ) {
    const { lines } = raw;
    this.kind = raw.kind;
    this.start = lines[0]!.start;
    this.source = lines.map(whole).join('');
    this.end = this.start + this.source.length;
    const pieces: TextPiece[] = [];
    let text = '';
    this.texts = paragraphs.map((paragraph, index) => {
      if (index > 0) text += this.gapBefore(index);
      const from = text.length;
      for (let i = paragraph.first; i < paragraph.end; i++) {
        const line = lines[i]!;
        const lead = i === paragraph.first ? paragraph.lead.length : 0;
        const tail = i === paragraph.end - 1 ? paragraph.tail.length : 0;
        const part = line.body.slice(lead, line.body.length - tail);
        const document = line.start + line.prefix.length + line.indent.length + lead;
        if (i > paragraph.first) text += paragraph.joints[i - paragraph.first - 1] ?? ' ';
        pieces.push({ start: text.length, end: text.length + part.length, document });
        text += part;
      }
      return text.slice(from);
    });
    this.text = text;
    this.pieces = pieces;
  }

  toDocument(offset: number): number {
    const piece = this.pieces.find(({ end }) => offset < end) ?? this.pieces.at(-1)!;
    return piece.document + Math.max(0, Math.min(offset, piece.end) - piece.start);
  }

  toText(offset: number): number | undefined {
    const piece = this.pieces.find(
      ({ start, end, document }) => offset >= document && offset <= document + end - start,
    );
    return piece && piece.start + offset - piece.document;
  }

  render(translation: string): string {
    return this.build(this.split(translation), (paragraph, text) => this.replaced(paragraph, text));
  }

  renderBelow(translation: string): string {
    if (!this.mayGrow) return this.renderBehind(translation);
    return this.build(this.split(translation), (paragraph, text) => [
      ...this.original(paragraph),
      ...this.laidOut(paragraph, text, this.hanging(paragraph)),
    ]);
  }

  annotate(translation: string): readonly Annotation[] {
    const parts = this.split(translation);
    return this.paragraphs.flatMap((paragraph, index) => {
      const part = parts[index];
      if (part === undefined) return [];
      const lines = this.raw.lines.slice(paragraph.first, paragraph.end);
      return wrapInto(part, lines.length).map((text, at) => {
        const line = lines[at]!;
        return { document: line.start + line.prefix.length + line.indent.length, text };
      });
    });
  }

  display(translation: string): string {
    const parts = this.split(translation);
    const out: string[] = [];
    let next = 0;
    this.paragraphs.forEach((paragraph, index) => {
      for (; next < paragraph.first; next++) out.push(shown(this.raw.lines[next]!));
      const { indent } = this.raw.lines[paragraph.first]!;
      out.push(indent + paragraph.lead + (parts[index] ?? this.texts[index]!) + paragraph.tail);
      next = paragraph.end;
    });
    for (; next < this.raw.lines.length; next++) out.push(shown(this.raw.lines[next]!));
    return out.join('\n').replace(/^\n+|\n+$/gu, '');
  }

  /** May lines be added without touching code? Not in a string, and not before code. */
  private get mayGrow(): boolean {
    return this.kind !== 'string' && this.raw.after.trim() === '';
  }

  /** One paragraph per line of the translation; empty lines only separate. */
  private split(translation: string): (string | undefined)[] {
    const lines = translation.split('\n').filter((line) => line.trim() !== '');
    const parts = this.texts.map((text, index) => {
      const last = index === this.texts.length - 1;
      const given = last ? lines.slice(index).join(' ') : lines[index];
      return given === undefined || given === '' || given === text ? undefined : given.trim();
    });
    return parts.map((part) => part && this.harmless(part));
  }

  /** Nothing in a translation may end the comment or string it stands in. */
  private harmless(text: string): string {
    const { close } = this.raw;
    if (close === undefined || close === '' || !text.includes(close)) return text;
    if (this.kind === 'string' || /^["'`]/u.test(close)) {
      return text.replaceAll(close, [...close].map((quote) => `\\${quote}`).join(''));
    }
    return text.replaceAll(close, `${close.slice(0, -1)} ${close.slice(-1)}`);
  }

  private build(
    parts: readonly (string | undefined)[],
    make: (paragraph: Paragraph, text: string) => readonly string[],
  ): string {
    const { lines } = this.raw;
    const eol = lines.find((line) => line.eol !== '')?.eol ?? '\n';
    let out = '';
    let next = 0;
    this.paragraphs.forEach((paragraph, index) => {
      const part = parts[index];
      for (; next < paragraph.first; next++) out += whole(lines[next]!);
      if (part === undefined) {
        for (; next < paragraph.end; next++) out += whole(lines[next]!);
        return;
      }
      const last = lines[paragraph.end - 1]!;
      out += make(paragraph, part).join(eol) + paragraph.tail + last.suffix + last.eol;
      next = paragraph.end;
    });
    for (; next < lines.length; next++) out += whole(lines[next]!);
    return out;
  }

  private replaced(paragraph: Paragraph, text: string): string[] {
    const line = this.raw.lines[paragraph.first]!;
    return this.laidOut(paragraph, text, line.prefix + line.indent + paragraph.lead);
  }

  /** The paragraph's own lines without what ends the last. */
  private original(paragraph: Paragraph): string[] {
    const lines = this.raw.lines.slice(paragraph.first, paragraph.end);
    return lines.map((line, index) => {
      const head = line.prefix + line.indent + line.body;
      const last = index === lines.length - 1;
      return last ? head.slice(0, head.length - paragraph.tail.length) : head + line.suffix;
    });
  }

  /** Behind the original, in the same line. */
  private renderBehind(translation: string): string {
    const parts = this.split(translation);
    const both = this.texts.map((text, index) =>
      parts[index] === undefined ? text : `${text} — ${parts[index]}`,
    );
    return this.build(
      both.map((text, index) => (parts[index] === undefined ? undefined : text)),
      (paragraph, text) => this.replaced(paragraph, text),
    );
  }

  private laidOut(paragraph: Paragraph, text: string, head: string): string[] {
    const hang = this.hanging(paragraph);
    if (!this.wraps) return [head + text];
    const column = displayWidth(this.raw.before);
    const isFirst = paragraph.first === 0 && head !== hang;
    const headWidth = displayWidth(head, isFirst ? column : 0) + (isFirst ? column : 0);
    const width = this.width();
    const room = (line: number) =>
      Math.max(20, width - (line === 0 ? headWidth : displayWidth(hang)));
    return wrap(text, room).map((line, index) => (index === 0 ? head : hang) + line);
  }

  /** A comment behind or before code, and a line of a string, stay on their lines. */
  private get wraps(): boolean {
    if (!this.mayGrow) return false;
    return this.raw.before.trim() === '' || this.raw.lines.length > 1;
  }

  /** What begins the lines of a paragraph but the first: as in the original, or the block's marks and blanks for the lead. */
  private hanging(paragraph: Paragraph): string {
    const { lines, before, close } = this.raw;
    const second = lines[paragraph.first + 1];
    if (second && paragraph.first + 1 < paragraph.end) return second.prefix + second.indent;
    const line = lines[paragraph.first]!;
    const list = /^(?:[-*+•‣▪·–]|\(?[\w가-힣]{1,4}[.)])\s/u.test(paragraph.lead);
    const deeper = list
      ? ' '.repeat(displayWidth(paragraph.lead))
      : paragraph.lead === ''
        ? ''
        : '  ';
    if (paragraph.first > 0) return line.prefix + line.indent + deeper;
    const margin = /^\s*/u.exec(before)![0].length === before.length ? before : blank(before);
    if (close === undefined) return margin + line.prefix + line.indent + deeper;
    const inner = lines.slice(1).find(({ body }) => body !== '');
    if (inner) return inner.prefix + inner.indent + deeper;
    if (close === '*/') return `${margin} * ${deeper}`;
    return margin + (/^["']/u.test(close) ? '' : blank(line.prefix)) + deeper;
  }

  /** The column up to which the block's lines go, from the start of the line. */
  private width(): number {
    let widest = LEAST_WIDTH;
    let wrapped = false;
    for (const { first, end } of this.paragraphs) {
      wrapped ||= end - first > 1;
      for (let i = first; i < end; i++) {
        const line = this.raw.lines[i]!;
        const from = i === 0 ? displayWidth(this.raw.before) : 0;
        const text = line.prefix + line.indent + line.body;
        widest = Math.max(widest, from + displayWidth(text, from));
      }
    }
    return wrapped ? widest : Math.max(widest, USUAL_WIDTH);
  }

  /** An empty line between paragraphs where the block has one. */
  private gapBefore(index: number): string {
    const from = this.paragraphs[index - 1]!.end;
    const between = this.raw.lines.slice(from, this.paragraphs[index]!.first);
    return between.some(({ body }) => body === '') ? '\n\n' : '\n';
  }
}

function whole(line: RawLine): string {
  return line.prefix + line.indent + line.body + line.suffix + line.eol;
}

function shown(line: RawLine): string {
  return line.indent + line.body;
}

/** As wide as the text, all blanks; tabs stay. */
function blank(text: string): string {
  return [...text].map((c) => (c === '\t' ? c : ' '.repeat(displayWidth(c)))).join('');
}
