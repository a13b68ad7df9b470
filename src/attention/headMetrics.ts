import type { AttentionMap } from './attentionMap';
import { checkMap, sees, weightAt } from './attentionMap';
import { strongest } from './received';

/** `encoder` [S, S] and `decoder` [T, T] are self-attention, `cross` is [T, S]. */
export type AttentionKind = 'encoder' | 'decoder' | 'cross';

export interface SpecialKeys {
  /** Keys of end-of-sentence tokens. */
  readonly end: ReadonlySet<number>;
  /** Keys of all special tokens. */
  readonly all: ReadonlySet<number>;
}

/** Everything that the overview shows and sorts by. NaN where a measure has no meaning for the map. Entropies in nats. */
export interface HeadMetrics {
  readonly entropy: number;
  readonly normalizedEntropy: number;
  readonly effectiveKeys: number;
  readonly confidence: number;
  readonly previous: number;
  readonly self: number;
  readonly next: number;
  readonly previousShare: number;
  readonly nextShare: number;
  readonly diagonality: number;
  /** The same measure of uniform attention, to compare with. */
  readonly uniformDiagonality: number;
  readonly monotonicity: number;
  readonly distance: number;
  readonly sinkKey: number;
  readonly sinkMass: number;
  readonly specialMass: number;
  readonly firstMass: number;
}

/**
 * All of them in one pass over the weights and with one logarithm per weight: the single measures, which say what each of
 * them is, would take six times as long over the 144 maps of a long text.
 * @throws AppError `invalidArgument` if the map's sizes do not fit each other.
 */
export function headMetrics(
  map: AttentionMap,
  kind: AttentionKind,
  special: SpecialKeys,
): HeadMetrics {
  checkMap(map);
  const { queries, keys } = map;
  const cross = kind === 'cross';
  const rowUnit = cross ? Math.max(queries - 1, 1) : 1;
  const keyUnit = cross ? Math.max(keys - 1, 1) : 1;
  const received = new Float64Array(keys);
  const seen = new Float64Array(keys);
  const end = flags(special.end, keys);
  const specials = flags(special.all, keys);
  const mean = new Means();
  let previousBest = -1;
  let movedInAll = 0;
  let massInAll = 0;

  for (let query = 0; query < queries; query++) {
    if (map.queryMask?.[query] === 0) continue;
    const last = map.causal ? query + 1 : keys;
    const at = query / rowUnit;
    let visible = 0;
    let total = 0;
    let entropy = 0;
    let moved = 0;
    let distances = 0;
    let onSpecial = 0;
    let best = -1;
    let greatest = -Infinity;
    let greatestInside = -Infinity;
    for (let key = 0; key < last; key++) {
      if (map.keyMask?.[key] === 0) continue;
      const weight = map.weights[query * keys + key] ?? 0;
      const distance = Math.abs(at - key / keyUnit);
      visible++;
      total += weight;
      if (weight > 0) entropy -= weight * Math.log(weight);
      moved += weight * distance;
      distances += distance;
      if (specials[key] === 1) onSpecial += weight;
      if (weight > greatest) {
        greatest = weight;
        best = key;
      }
      if (weight > greatestInside && end[key] === 0) greatestInside = weight;
      received[key] = (received[key] ?? 0) + weight;
      seen[key] = (seen[key] ?? 0) + 1;
    }
    const farthest = Math.max(at, Math.abs(at - (keys - 1) / keyUnit));
    mean.add('entropy', entropy);
    if (visible > 1) mean.add('normalizedEntropy', entropy / Math.log(visible));
    mean.add('effectiveKeys', Math.exp(entropy));
    if (greatestInside > -Infinity) mean.add('confidence', greatestInside);
    mean.add('diagonality', farthest === 0 ? 1 : 1 - moved / farthest);
    const uniform = visible === 0 ? 0 : distances / visible;
    mean.add('uniformDiagonality', farthest === 0 ? 1 : 1 - uniform / farthest);
    mean.add('monotonicity', Number(best >= previousBest));
    mean.add('specialMass', onSpecial);
    mean.add('firstMass', sees(map, query, 0) ? weightAt(map, query, 0) : 0);
    previousBest = best;
    movedInAll += moved;
    massInAll += total;
    if (cross) continue;
    for (const [offset, mass, share] of OFFSETS) {
      if (!sees(map, query, query + offset)) continue;
      mean.add(mass, weightAt(map, query, query + offset));
      if (share) mean.add(share, Number(best === query + offset));
    }
  }
  const sink = strongest(received, seen);
  return {
    ...mean.all(),
    distance: cross || massInAll === 0 ? NaN : movedInAll / massInAll,
    sinkKey: sink.key,
    sinkMass: sink.mass,
  };
}

const OFFSETS = [
  [-1, 'previous', 'previousShare'],
  [0, 'self', undefined],
  [1, 'next', 'nextShare'],
] as const;

const MEANS = [
  'entropy',
  'normalizedEntropy',
  'effectiveKeys',
  'confidence',
  'previous',
  'self',
  'next',
  'previousShare',
  'nextShare',
  'diagonality',
  'uniformDiagonality',
  'monotonicity',
  'specialMass',
  'firstMass',
] as const;

type MeanName = (typeof MEANS)[number];

class Means {
  private readonly sums = new Map<MeanName, { sum: number; count: number }>();

  add(name: MeanName, value: number): void {
    const entry = this.sums.get(name) ?? { sum: 0, count: 0 };
    entry.sum += value;
    entry.count++;
    this.sums.set(name, entry);
  }

  /** NaN for what no row gave a value for. */
  all(): Record<MeanName, number> {
    const mean = (name: MeanName): number => {
      const { sum, count } = this.sums.get(name) ?? { sum: NaN, count: 1 };
      return sum / count;
    };
    return Object.fromEntries(MEANS.map((name) => [name, mean(name)])) as Record<MeanName, number>;
  }
}

function flags(keys: ReadonlySet<number>, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, key) => (keys.has(key) ? 1 : 0));
}
