import { element } from '../dom';
import type { Label } from '../view';
import { TEXT_LEVELS, textLevel } from './anchors';

/** One span: a token, or with words merged a word. */
export interface Piece extends Label {
  /** Whether a blank stands before it: pieces of one word are drawn without a gap. */
  readonly spaced: boolean;
}

/** A label with the gap before it, which its shown text no longer has. */
export function piecesOf(labels: readonly Label[], tokens: readonly { text: string }[]): Piece[] {
  return labels.map((label, index) => {
    const first = tokens[label.tokens[0] ?? -1]?.text ?? '';
    const before = labels[index - 1];
    const spaced = index > 0 && (label.special || before?.special === true || /^\s/.test(first));
    return { ...label, spaced };
  });
}

/** What the spans show besides their text; each list is as long as the pieces, or absent for nothing. */
export interface TextMarks {
  /** Shading, weights from 0 to 1. */
  readonly weights?: ArrayLike<number>;
  /** Length of the bar under each piece, 0 to 1. */
  readonly bars?: ArrayLike<number>;
  readonly anchors?: ReadonlySet<number>;
  readonly pinned?: ReadonlySet<number>;
  /** Under the editor's cursor or mouse. */
  readonly cursor?: ReadonlySet<number>;
  /** Drawn faintly: hidden from the query, or still to come. */
  readonly faint?: (index: number) => boolean;
  /** Not shown at all: outside the range of tokens that is chosen. */
  readonly out?: (index: number) => boolean;
  /** Found by the search. */
  readonly found?: ReadonlySet<number>;
  /** Without a partner: has a dashed frame. */
  readonly lonely?: ReadonlySet<number>;
}

/**
 * A text as spans of pieces that wraps as text does. Marks are classes of a few steps each, and only spans whose classes
 * change are touched: styles of one class are computed once, those of a property per span for every span.
 */
export class TokenText {
  readonly root: HTMLElement;
  spans: readonly HTMLElement[] = [];
  private pieces: readonly Piece[] = [];
  private classes: string[] = [];
  private readonly selectable: boolean;

  /** @param role of the spans; `option` for those that can be chosen by keyboard, inside a listbox. */
  constructor(
    private readonly idPrefix: string,
    role?: 'option',
  ) {
    this.selectable = role === 'option';
    this.root = element('div', {
      class: 'tokens',
      ...(this.selectable ? { role: 'group' } : {}),
    });
  }

  /** Builds the spans anew only if the pieces are others. */
  set(pieces: readonly Piece[], label: string): void {
    if (this.selectable) this.root.setAttribute('aria-label', label);
    if (samePieces(pieces, this.pieces)) return;
    this.pieces = pieces;
    this.spans = pieces.map((piece, index) => {
      const role = this.selectable ? { role: 'option', 'aria-selected': 'false' } : {};
      return element('span', { ...role, id: `${this.idPrefix}-${index}` }, piece.text);
    });
    this.classes = pieces.map(() => '');
    // Lines may break between words only, where the text has its blanks.
    const nodes = this.spans.flatMap((span, index) =>
      pieces[index]?.spaced === true ? [' ', span] : [span],
    );
    this.root.replaceChildren(...nodes);
    this.mark({});
  }

  mark(marks: TextMarks): void {
    this.pieces.forEach((piece, index) => {
      const next = classOf(piece, index, marks);
      if (this.classes[index] === next) return;
      const span = this.spans[index];
      if (!span) return;
      this.classes[index] = next;
      span.className = next;
      if (this.selectable) {
        span.setAttribute('aria-selected', String(marks.pinned?.has(index) ?? false));
      }
    });
  }

  /** The piece that an event happened on; undefined beside the pieces. */
  indexOf(target: EventTarget | null): number | undefined {
    if (!(target instanceof Element)) return undefined;
    const span = target.closest<HTMLElement>('.token');
    if (!span || !this.root.contains(span)) return undefined;
    const index = Number(span.id.slice(this.idPrefix.length + 1));
    return Number.isInteger(index) ? index : undefined;
  }

  get length(): number {
    return this.pieces.length;
  }

  textOf(index: number): string {
    return this.pieces[index]?.text ?? '';
  }
}

function samePieces(a: readonly Piece[], b: readonly Piece[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((piece, index) => {
    const other = b[index];
    return (
      other?.text === piece.text && other.special === piece.special && other.spaced === piece.spaced
    );
  });
}

function classOf(piece: Piece, index: number, marks: TextMarks): string {
  let name = piece.special ? 'token special' : 'token';
  const level = marks.weights ? textLevel(marks.weights[index] ?? 0) : 0;
  if (level > 0) name += ` shade-${level}`;
  if (marks.bars) name += ` bar-${barLevel(marks.bars[index] ?? 0)}`;
  if (marks.anchors?.has(index) === true) name += ' anchor';
  if (marks.pinned?.has(index) === true) name += ' pinned';
  if (marks.cursor?.has(index) === true) name += ' cursor';
  if (marks.found?.has(index) === true) name += ' found';
  if (marks.lonely?.has(index) === true) name += ' lonely';
  if (marks.faint?.(index) === true) name += ' faint';
  if (marks.out?.(index) === true) name += ' out';
  return name;
}

/** Bars are linear: they show shares and sums, which the eye is to compare by length. */
function barLevel(share: number): number {
  return Math.max(0, Math.min(TEXT_LEVELS, Math.round(share * TEXT_LEVELS)));
}
