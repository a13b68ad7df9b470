import type { Range } from '../characters';

/** `doc` is a string that documents what it stands in, as Python has them; a documentation comment is a comment. */
export type RegionKind = 'comment' | 'doc' | 'string';

/** A stretch of a line, marks included; columns in UTF-16 units of the line. */
export interface Region extends Range {
  readonly kind: RegionKind;
}

/**
 * One line of a document with what a tokenizer found in it: ordered, not overlapping. A line inside a comment that began
 * above has a region at column 0, an empty one if the line is empty.
 */
export interface ScopedLine {
  /** Offset of the line in the document. */
  readonly start: number;
  readonly text: string;
  /** Line end as it stands in the document; empty at its end. */
  readonly eol: string;
  readonly regions: readonly Region[];
}

/**
 * `line`: comments to the end of the line, adjacent ones in one block. `block`: between two marks. `doc`: comments and
 * docstrings that tools make documentation of. `text`: a paragraph of Markdown or plain text.
 */
export type BlockKind = 'line' | 'block' | 'doc' | 'string' | 'text';

/** Where a stretch of a block's text stands in the document, unit by unit. */
export interface TextPiece extends Range {
  /** Offset in the document of the piece's first unit. */
  readonly document: number;
}

/** A line of a translation and the offset in the document of the text it stands next to. */
export interface Annotation {
  readonly document: number;
  readonly text: string;
}

/** Prose of a document that is translated in one go: a comment with all its lines, a string, a paragraph. */
export interface CommentBlock {
  /** UTF-16 in the document, marks included. */
  readonly start: number;
  readonly end: number;
  readonly kind: BlockKind;
  /** What stands in the document between start and end. */
  readonly source: string;
  /**
   * The prose without marks: wrapped lines joined, one line per paragraph, list item or described parameter. An empty
   * line stands where the block has one. What is kept (code, tables, separators, directives) is not in it.
   */
  readonly text: string;
  readonly pieces: readonly TextPiece[];
  /** Offset in the document of an offset in `text`; between two pieces, the start of the next. */
  toDocument(offset: number): number;
  /** Offset in `text` of an offset in the document; undefined in marks and in what is kept. */
  toText(offset: number): number | undefined;
  /**
   * The block with the translation of `text` in it, wrapped at its own width, with its marks; `source` itself if the
   * translation is `text`. A paragraph whose line is missing in the translation stays as it is.
   */
  render(translation: string): string;
  /** The same with each paragraph's translation on lines of its own below the original. */
  renderBelow(translation: string): string;
  /** The translation cut into as many lines as each paragraph has, to stand next to them. */
  annotate(translation: string): readonly Annotation[];
  /** The translation as people read it: list marks, tags and kept lines, but neither comment marks nor wrapping. */
  display(translation: string): string;
}
