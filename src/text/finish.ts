import type { Language } from '../common/language';
import { LINE_END } from './characters';
import { fixParticles } from './particles';
import { restore, type ProtectedSpan, type Restored } from './protect';

/** What the model writes where a line of its training text ended. */
const MODEL_LINE_END = /\s*<nl>\s*/gu;

/**
 * From the model's output to the sentence that stands in the result: on one line, the protected spans back in their
 * places, the particles behind them corrected in Korean. Not ok where a span is lost, doubled or made up.
 */
export function finishTranslation(
  output: string,
  spans: readonly ProtectedSpan[],
  target: Language,
): Restored {
  const line = output.replace(new RegExp(LINE_END, 'gu'), ' ').replace(MODEL_LINE_END, ' ').trim();
  const restored = restore(target === 'en' ? spaced(line) : line, spans);
  if (!restored.ok || target !== 'ko') return restored;
  return { ...restored, text: fixParticles(restored.text, restored.ranges) };
}

/** English words never touch a placeholder as Korean particles do. */
function spaced(text: string): string {
  return text.replace(
    /(?<=<c\d+>)(?=(?:is|are|was|and|or|in|to|of|for|the|with|as|from|on)\b)/gu,
    ' ',
  );
}
