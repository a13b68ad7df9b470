import type { LineTokenizer } from './lineStore';
import { scanLine, type PlainState } from './plainScanner';
import { commentSyntax } from './syntax';

/** For where no grammar is at hand. */
export function plainTokenizer(languageId: string): LineTokenizer<PlainState | undefined> {
  const syntax = commentSyntax(languageId);
  return {
    initial: undefined,
    tokenize: (text, begin) => scanLine(text, begin, syntax),
    same: (a, b) =>
      a === b ||
      (a !== undefined &&
        b !== undefined &&
        a.close === b.close &&
        a.depth === b.depth &&
        a.kind === b.kind),
  };
}
