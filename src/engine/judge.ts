import { isEmptyOutput, isRepeating, isRunaway } from '../text/guards';
import { checkNumbers } from '../text/numbers';
import { restore } from '../text/protect';
import type { KeptReason } from '../protocol/engine';
import type { Piece } from './pieces';
import type { Outcome } from './translationCache';
import type { Hypothesis } from './types';

/** The best of the hypotheses that may stand; if there is none, why the best of all may not. */
export function choose(
  piece: Piece,
  hypotheses: readonly Hypothesis[],
  decode: (ids: readonly number[]) => string,
): Outcome {
  const outcomes = hypotheses.map((hypothesis) => judge(piece, hypothesis, decode(hypothesis.ids)));
  const translated = outcomes.find(({ kind }) => kind === 'translated');
  return translated ?? outcomes[0] ?? { kind: 'kept', reason: 'noOutput' };
}

/** What a hypothesis is worth by itself. */
export function judge(piece: Piece, hypothesis: Hypothesis, text: string): Outcome {
  const reason = fault(piece, hypothesis, text);
  if (reason) return { kind: 'kept', reason };
  const ids = Int32Array.from(hypothesis.ids);
  return { kind: 'translated', text, logProbability: hypothesis.logProbability / ids.length, ids };
}

function fault(piece: Piece, hypothesis: Hypothesis, text: string): KeptReason | undefined {
  if (!hypothesis.ended || isRunaway(piece.ids.length, hypothesis.ids.length)) return 'runaway';
  // Byte pieces that are no UTF-8 come out as replacement characters.
  if (isEmptyOutput(text) || (text.includes('\uFFFD') && !piece.text.includes('\uFFFD'))) {
    return 'noOutput';
  }
  if (isRepeating(text, piece.text)) return 'repeated';
  if (!restore(text, piece.spans).ok) return 'spanLost';
  if (!checkNumbers(piece.text, text).ok) return 'numberChanged';
  return undefined;
}
