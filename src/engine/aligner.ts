import { alignTexts } from '../attention/alignment';
import { meanMap } from '../attention/attentionMap';
import { decodeHalf } from '../attention/half';
import type { PanelToken } from '../protocol/attentionRun';
import type { AlignResult, InspectParams, WordLink } from '../protocol/engine';
import { captureInspection } from './attentionRuns';
import { readAlignment } from './folder';
import { prepareInspection, type InspectParts } from './inspection';

/**
 * Which words of a text became which words of its translation: the strongest source token of each target token in the mean of
 * the heads of the model's alignment layer (Garg et al. 2019, Chen et al. 2020). Throws as an inspection.
 */
export async function alignText(
  parts: InspectParts,
  params: InspectParams,
  signal: AbortSignal,
): Promise<AlignResult> {
  const { heads, layers } = parts.model.config.decoder;
  const { layer, mode } = await readAlignment(parts.info.modelPath, layers);
  const inspection = await prepareInspection(parts, params, signal);
  const { maps } = await captureInspection(parts, inspection, signal);
  const { source, target, predicted, sourceText, targetText } = inspection;
  const size = target.length * source.length;
  const byHead = Array.from({ length: heads }, (_, head) => {
    const start = (layer * heads + head) * size;
    return {
      weights: decodeHalf(maps.cross.subarray(start, start + size)),
      queries: target.length,
      keys: source.length,
      causal: false,
    };
  });
  const links = alignTexts(meanMap(byHead), source, predicted, mode);
  const sources = wordRanges(source, sourceText);
  const targets = wordRanges(predicted, targetText);
  return {
    targetText,
    links: links.flatMap((link): WordLink[] => {
      const from = sources.get(link.source);
      const to = targets.get(link.target);
      if (!from || !to) return [];
      return [
        { sourceStart: from.start, sourceEnd: from.end, targetStart: to.start, targetEnd: to.end },
      ];
    }),
  };
}

/** A token may begin with the blank before its word. */
function wordRanges(
  tokens: readonly PanelToken[],
  text: string,
): Map<number, { start: number; end: number }> {
  const ranges = new Map<number, { start: number; end: number }>();
  for (const token of tokens) {
    const { word, end } = token;
    if (word < 0 || token.start < 0) continue;
    const piece = text.slice(token.start, end);
    const start = end - piece.trimStart().length;
    const known = ranges.get(word);
    ranges.set(word, {
      start: Math.min(start, known?.start ?? start),
      end: Math.max(end, known?.end ?? end),
    });
  }
  return ranges;
}
