import type { PanelToken } from '../../protocol/attentionRun';

/**
 * The smallest tokens that cover the place in the text, all of those with that span: bytes of one character share theirs.
 * At the end of a word, where no token begins, the one that ends there counts. Units are UTF-16.
 */
export function tokensAt(tokens: readonly PanelToken[], offset: number): number[] {
  const covering = pick(tokens, ({ start, end }) => start <= offset && offset < end);
  const found = covering.length > 0 ? covering : pick(tokens, ({ end }) => end === offset);
  const lengthOf = (index: number): number => {
    const token = tokens[index];
    return token ? token.end - token.start : Infinity;
  };
  const least = Math.min(...found.map(lengthOf));
  return found.filter((index) => lengthOf(index) === least);
}

/** Tokens that have a part in [start, end). */
export function tokensIn(tokens: readonly PanelToken[], start: number, end: number): number[] {
  return pick(tokens, (token) => token.start < end && token.end > start);
}

function pick(tokens: readonly PanelToken[], test: (token: PanelToken) => boolean): number[] {
  return tokens.flatMap((token, index) =>
    token.start >= 0 && token.end > token.start && test(token) ? [index] : [],
  );
}
