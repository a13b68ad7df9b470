import type { AttentionMap } from '../attention/attentionMap';
import type { AttentionKind } from '../attention/headMetrics';
import { mapToSvg, MOST_VECTOR_CELLS } from '../attention/svg';
import { compand } from '../attention/thumbnail';
import { AppError } from '../common/errors';
import type { InspectResult, Tensor } from '../engine/types';
import type { HeadName } from './arguments';
import type { Inspected } from './inspected';
import { png } from './png';

/** A head's map as an SVG file, darker for more. Throws invalidArgument if the model has no such head. */
export function headDrawing(head: HeadName, inspected: Inspected, result: InspectResult): string {
  const map = mapOf(head, result);
  const labels = (tokens: Inspected['source']): string[] => tokens.map(({ text }) => text);
  const { kind, layer } = head;
  const options = {
    map,
    queries: labels(kind === 'encoder' ? inspected.source : inspected.target),
    keys: labels(kind === 'decoder' ? inspected.target : inspected.source),
    title: `${kind} attention, layer ${layer}, head ${head.head} (from 0); square root of the weight`,
    colour: (weight: number) => `rgb(${rgb(weight).join(' ')})`,
  };
  const small = map.queries * map.keys <= MOST_VECTOR_CELLS;
  return mapToSvg(small ? options : { ...options, image: picture(map) });
}

function mapOf({ kind, layer, head }: HeadName, result: InspectResult): AttentionMap {
  const tensors: Readonly<Record<AttentionKind, Tensor>> = {
    encoder: result.enc,
    decoder: result.dec,
    cross: result.cross,
  };
  const { data, dims } = tensors[kind];
  const [layers = 0, heads = 0, queries = 0, keys = 0] = dims;
  if (layer >= layers || head >= heads)
    throw new AppError(
      'invalidArgument',
      `There is no head ${kind}.${layer}.${head}: ${layers} layers of ${heads} heads, from 0.`,
    );
  const start = (layer * heads + head) * queries * keys;
  const weights = data.subarray(start, start + queries * keys);
  return { weights, queries, keys, causal: kind === 'decoder' };
}

function picture({ weights, queries, keys }: AttentionMap): string {
  const pixels = new Uint8Array(3 * queries * keys);
  weights.forEach((weight, cell) => pixels.set(rgb(weight), 3 * cell));
  return `data:image/png;base64,${Buffer.from(png(pixels, keys, queries)).toString('base64')}`;
}

/** From white to dark blue. */
function rgb(weight: number): [number, number, number] {
  const level = compand(weight) / 255;
  const mix = (end: number): number => Math.round(255 + (end - 255) * level);
  return [mix(8), mix(48), mix(107)];
}
