import type { AlignedText, Span } from './alignedText';

/** Collects ids and spans side by side. */
export class TokenList {
  readonly ids: number[] = [];
  readonly spans: Span[] = [];

  push(id: number, span: Span): void {
    this.ids.push(id);
    this.spans.push(span);
  }
}

/** What turns one piece of pre-tokenized text into ids. */
export interface TokenModel {
  readonly size: number;
  tokenToId(token: string): number | undefined;
  idToToken(id: number): string | undefined;
  tokenize(piece: AlignedText, into: TokenList): void;
}
