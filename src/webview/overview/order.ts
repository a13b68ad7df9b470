import type { AttentionKind } from '../../attention/headMetrics';
import { layersOf, metricOf, type AttentionRun } from '../../protocol/attentionRun';
import type { HeadChoice, PanelState } from '../../protocol/panelState';

/**
 * The heads of a kind in the order in which they are shown: by layer and head, by a metric with the greatest first, or by
 * similarity with the nearest first. A metric that does not apply (NaN) goes last; ties keep layer and head.
 * @param distances of the kind's heads to the chosen one, by layer, then head; only for `similarity`
 */
export function orderedHeads(
  run: AttentionRun,
  kind: AttentionKind,
  sort: PanelState['sort'],
  distances: Float32Array | undefined,
): HeadChoice[] {
  const heads = Array.from({ length: layersOf(run, kind) * run.heads }, (_, index) => ({
    kind,
    layer: Math.floor(index / run.heads),
    head: index % run.heads,
  }));
  if (sort === 'position') return heads;
  const value = ({ layer, head }: HeadChoice): number => {
    const found =
      sort === 'similarity'
        ? -(distances?.[layer * run.heads + head] ?? 0)
        : metricOf(run, kind, layer, head, sort);
    return Number.isNaN(found) ? -Infinity : found;
  };
  return heads.sort((a, b) => {
    const [first, second] = [value(b), value(a)];
    return first === second ? 0 : first - second;
  });
}
