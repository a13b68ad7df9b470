import { setImmediate } from 'node:timers/promises';
import { decodeHalf, encodeHalf, entropyTerms } from '../attention/half';
import { headMetrics, type AttentionKind, type SpecialKeys } from '../attention/headMetrics';
import { halfThumbnail } from '../attention/thumbnail';
import {
  ATTENTION_KINDS,
  HEAD_METRICS,
  layersOf,
  mapIndex,
  mapShape,
  thumbnailShape,
  valueNormsShape,
  type AttentionRun,
  type PanelToken,
} from '../protocol/attentionRun';
import type { Capture } from './capture';

/** What is known of a run before its maps are looked at. */
export type RunShape = Omit<AttentionRun, 'thumbnails' | 'metrics' | 'valueNorms'>;
type Descriptions = Pick<AttentionRun, 'thumbnails' | 'metrics' | 'valueNorms'>;

/**
 * Thumbnail and metrics of every map, one map after the other: no more than one of them is there in single precision. The
 * metrics are those of the weights as they are kept, whose relative error is at most 2^-11.
 */
export async function describeHeads(
  shape: RunShape,
  { maps, valueNorms }: Pick<Capture, 'maps' | 'valueNorms'>,
): Promise<Descriptions> {
  const last = thumbnailShape(shape, 'cross');
  const crossMaps = shape.decoderLayers * shape.heads;
  const thumbnails = new Uint8Array(last.offset + crossMaps * last.rows * last.columns);
  const count = (shape.encoderLayers + 2 * shape.decoderLayers) * shape.heads;
  const metrics = new Float32Array(count * HEAD_METRICS.length);
  for (const kind of ATTENTION_KINDS) {
    const { queries, keys } = mapShape(shape, kind);
    const { rows, columns, offset } = thumbnailShape(shape, kind);
    // Of one map at a time: the garbage of 144 would be 288 MiB before it was collected.
    const weights = new Float32Array(queries * keys);
    const terms = new Float32Array(queries * keys);
    const special = specialKeys(kind === 'decoder' ? shape.target : shape.source);
    for (let map = 0; map < layersOf(shape, kind) * shape.heads; map++) {
      // Half a second of a long text: other requests get their turn between layers.
      if (map % shape.heads === 0) await setImmediate();
      const start = map * queries * keys;
      const halves = maps[kind].subarray(start, start + queries * keys);
      const pooled = halfThumbnail({ weights: halves, queries, keys }, shape.thumbnailSide);
      thumbnails.set(pooled.values, offset + map * rows * columns);
      const attention = {
        weights: decodeHalf(halves, weights),
        queries,
        keys,
        causal: kind === 'decoder',
      };
      const values = headMetrics(attention, kind, special, entropyTerms(halves, terms));
      const index = mapIndex(shape, kind, Math.floor(map / shape.heads), map % shape.heads);
      metrics.set(
        HEAD_METRICS.map((metric) => values[metric]),
        index * HEAD_METRICS.length,
      );
    }
  }
  return { thumbnails, metrics, valueNorms: packedNorms(shape, valueNorms) };
}

function packedNorms(
  shape: RunShape,
  norms: Readonly<Record<AttentionKind, Float32Array>>,
): Uint16Array {
  const last = valueNormsShape(shape, 'cross');
  const packed = new Uint16Array(last.offset + norms.cross.length);
  for (const kind of ATTENTION_KINDS)
    packed.set(encodeHalf(norms[kind]), valueNormsShape(shape, kind).offset);
  return packed;
}

function specialKeys(tokens: readonly PanelToken[]): SpecialKeys {
  const all = [...tokens.keys()].filter((index) => tokens[index]?.special);
  return { all: new Set(all), end: new Set(all.filter((index) => tokens[index]?.text === '</s>')) };
}
