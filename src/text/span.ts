import type { Range } from './characters';

export type SpanKind =
  | 'user'
  | 'code'
  /** HTML or XML tags, and anything else in angle brackets. */
  | 'tag'
  /** Marks of Markdown around bold or struck text. */
  | 'emphasis'
  | 'entity'
  /** The target of a Markdown link. */
  | 'link'
  | 'url'
  | 'email'
  /** Stands for a value that is not known here: `%s`, `{name}`, `$VAR`. */
  | 'placeholder'
  | 'path'
  | 'version'
  | 'hash'
  | 'flag'
  | 'name'
  /** Of the user's glossary. */
  | 'term';

/** A part of a text that must come out of a translation unchanged, or as `replacement` where it has one. */
export interface Span extends Range {
  readonly kind: SpanKind;
  /** Of marks that look the same at both ends: the two are different words for the model. */
  readonly side?: 'open' | 'close';
  readonly replacement?: string;
}
