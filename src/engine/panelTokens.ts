import { wordsOfTokens } from '../attention/words';
import type { PanelToken } from '../protocol/attentionRun';
import { TAGS } from '../text/tags';
import type { Tokenizer } from '../tokenizer/tokenizer';
import type { LoadedModel } from './modelKeeper';
import type { TokenSpan } from './tokenSpans';

type Parts = Pick<LoadedModel, 'model' | 'tokenizer'>;

/** Tokens of one side as the panel has them. `text` begins at `from` in what the tokens' places are counted in. */
export function panelTokens(
  parts: Parts,
  tokens: readonly TokenSpan[],
  text: string,
  from: number,
  locale: string,
): PanelToken[] {
  const words = wordsOfTokens(
    text,
    tokens.map(({ start, end }) => ({ start: start - from, end: end - from })),
    locale,
  );
  const special = specialIds(parts);
  return tokens.map(({ id, token, start, end }, index) => ({
    id,
    text: token.replaceAll('▁', ' '),
    start,
    end,
    special: special.has(id),
    word: words[index] ?? -1,
  }));
}

/**
 * What the decoder reads and what it predicts, row by row: the start token and what was written; what was written and `</s>`.
 * `text` is that of `written`, whose tokens are counted in it.
 */
export function decoderTokens(
  parts: Parts,
  written: readonly TokenSpan[],
  text: string,
  locale: string,
): { readonly target: PanelToken[]; readonly predicted: PanelToken[] } {
  const { model, tokenizer } = parts;
  const { startTokenId, endTokenId } = model.config;
  const [start, end] = [placeless(tokenizer, startTokenId), placeless(tokenizer, endTokenId)];
  const tokens = panelTokens(parts, [start, ...written, end], text, 0, locale);
  return { target: tokens.slice(0, -1), predicted: tokens.slice(1) };
}

/** A token that stands for no text. */
function placeless(tokenizer: Tokenizer, id: number): TokenSpan {
  return { id, token: tokenizer.idToToken(id) ?? '', start: -1, end: -1 };
}

/** The start and end tokens and the tags: not words of the text. Placeholders are: they stand for its code. */
function specialIds({ model, tokenizer }: Parts): Set<number> {
  const tags = Object.values(TAGS)
    .flatMap((tag) => Object.values(tag))
    .map((tag) => tokenizer.tokenToId(tag));
  const { startTokenId, endTokenId, padTokenId } = model.config;
  return new Set([startTokenId, endTokenId, padTokenId, ...tags.filter((id) => id !== undefined)]);
}
