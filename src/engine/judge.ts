import { checkNumbers } from '../text/numbers';
import { isEmptyOutput, isRepeating, isRunaway } from '../text/guards';
import { restore } from '../text/protect';
import type { KeptReason } from '../protocol/engine';
import type { Piece } from './pieces';
import type { Outcome } from './translationCache';
import type { Hypothesis } from './types';

/** A hypothesis that may stand, or why it may not. */
export interface Verdict {
  readonly outcome: Outcome;
  /** False where another hypothesis may be better although this one may stand: its numbers are not the source's. */
  readonly certain: boolean;
}

/** The best of the hypotheses: the first that is whole and has the numbers, else the first that is whole. */
export function choose(
  piece: Piece,
  hypotheses: readonly Hypothesis[],
  decode: (ids: readonly number[]) => string,
): Verdict {
  const verdicts = hypotheses.map((hypothesis) => judge(piece, hypothesis, decode(hypothesis.ids)));
  return (
    verdicts.find(({ certain }) => certain) ??
    verdicts.find(({ outcome }) => outcome.kind === 'translated') ??
    verdicts[0] ?? { outcome: { kind: 'kept', reason: 'noOutput' }, certain: false }
  );
}

function judge(piece: Piece, hypothesis: Hypothesis, text: string): Verdict {
  const reason = fault(piece, hypothesis, text);
  if (reason) return { outcome: { kind: 'kept', reason }, certain: false };
  const targetTokens = hypothesis.ids.length;
  const outcome: Outcome = {
    kind: 'translated',
    text,
    logProbability: hypothesis.logProbability / targetTokens,
    targetTokens,
  };
  return { outcome, certain: checkNumbers(piece.text, text).ok };
}

function fault(piece: Piece, hypothesis: Hypothesis, text: string): KeptReason | undefined {
  if (!hypothesis.ended || isRunaway(piece.ids.length, hypothesis.ids.length)) return 'runaway';
  // Byte pieces that are no UTF-8 come out as replacement characters.
  if (isEmptyOutput(text) || (text.includes('\uFFFD') && !piece.text.includes('\uFFFD'))) {
    return 'noOutput';
  }
  if (isRepeating(text, piece.text)) return 'repeated';
  if (!restore(text, piece.spans).ok) return 'spanLost';
  return undefined;
}
