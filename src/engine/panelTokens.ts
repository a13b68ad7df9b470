import { wordsOfTokens } from '../attention/words';
import type { PanelToken } from '../protocol/attentionRun';
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

/** A token that stands for no text. */
export function placeless(tokenizer: Tokenizer, id: number): TokenSpan {
  return { id, token: tokenizer.idToToken(id) ?? '', start: -1, end: -1 };
}

const TAGS = ['<2ko>', '<2en>', '<title>', '<titlek>', '<sum>', '<sumk>'];

/** The start and end tokens and the tags: not words of the text. Placeholders are: they stand for its code. */
function specialIds({ model, tokenizer }: Parts): Set<number> {
  const tags = TAGS.map((tag) => tokenizer.tokenToId(tag));
  const { startTokenId, endTokenId, padTokenId } = model.config;
  return new Set([startTokenId, endTokenId, padTokenId, ...tags.filter((id) => id !== undefined)]);
}
