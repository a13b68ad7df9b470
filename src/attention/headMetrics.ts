import type { AttentionMap } from './attentionMap';
import { checkMap, forRow, sees, weightAt } from './attentionMap';
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
 * All of them in one pass over the weights: the single measures, which say what each of them is, would take many times as
 * long over the 144 maps of a long text.
 * @param entropyTerms [queries, keys] a ln a of every weight, if they are known: a logarithm takes longer than all the rest
 * @throws AppError `invalidArgument` if the map's sizes do not fit each other.
 */
export function headMetrics(
  map: AttentionMap,
  kind: AttentionKind,
  special: SpecialKeys,
  entropyTerms?: Float32Array,
): HeadMetrics {
  checkMap(map);
  const { weights, queries, keys } = map;
  const cross = kind === 'cross';
  const rowUnit = cross ? Math.max(queries - 1, 1) : 1;
  const keyUnit = cross ? Math.max(keys - 1, 1) : 1;
  const visibleKeys = keysLeft(map);
  const places = Float64Array.from(visibleKeys, (key) => key / keyUnit);
  const uniform = new UniformDistance(places);
  const received = new Float64Array(keys);
  /** Rows by how many keys they see. */
  const rows = new Float64Array(visibleKeys.length + 1);
  const specials = visibleKeys.filter((key) => special.all.has(key));
  const mean = new Means();
  let previousBest = -1;
  let movedInAll = 0;
  let massInAll = 0;
  let visible = map.causal ? 0 : visibleKeys.length;

  for (let query = 0; query < queries; query++) {
    while (map.causal && (visibleKeys[visible] ?? Infinity) <= query) visible++;
    if (map.queryMask?.[query] === 0) continue;
    const offset = query * keys;
    const at = query / rowUnit;
    let total = 0;
    let entropy = 0;
    let moved = 0;
    let best = -1;
    let greatest = -Infinity;
    for (let i = 0; i < visible; i++) {
      const key = visibleKeys[i] ?? 0;
      const weight = weights[offset + key] ?? 0;
      total += weight;
      if (entropyTerms) entropy -= entropyTerms[offset + key] ?? 0;
      else if (weight > 0) entropy -= weight * Math.log(weight);
      moved += weight * Math.abs(at - (places[i] ?? 0));
      if (weight > greatest) {
        greatest = weight;
        best = key;
      }
      received[key] = (received[key] ?? 0) + weight;
    }
    rows[visible] = (rows[visible] ?? 0) + 1;
    const farthest = Math.max(at, Math.abs(at - (keys - 1) / keyUnit));
    mean.add('entropy', entropy);
    if (visible > 1) mean.add('normalizedEntropy', entropy / Math.log(visible));
    mean.add('effectiveKeys', Math.exp(entropy));
    const inside = special.end.has(best) ? greatestExcept(map, query, special.end) : greatest;
    if (inside > -Infinity) mean.add('confidence', inside);
    mean.add('diagonality', farthest === 0 ? 1 : 1 - moved / farthest);
    const distance = visible === 0 ? 0 : uniform.sum(at, visible) / visible;
    mean.add('uniformDiagonality', farthest === 0 ? 1 : 1 - distance / farthest);
    mean.add('monotonicity', Number(best >= previousBest));
    mean.add('specialMass', massOnKeys(map, query, specials));
    mean.add('firstMass', sees(map, query, 0) ? weightAt(map, query, 0) : 0);
    previousBest = best;
    movedInAll += moved;
    massInAll += total;
    if (cross) continue;
    for (const [delta, mass, share] of OFFSETS) {
      if (!sees(map, query, query + delta)) continue;
      mean.add(mass, weightAt(map, query, query + delta));
      if (share) mean.add(share, Number(best === query + delta));
    }
  }
  const sink = strongest(received, rowsPerKey(rows, visibleKeys, keys));
  return {
    ...mean.all(),
    distance: cross || massInAll === 0 ? NaN : movedInAll / massInAll,
    sinkKey: sink.key,
    sinkMass: sink.mass,
  };
}

/** Keys that are there at all, in order. */
function keysLeft({ keys, keyMask }: AttentionMap): Int32Array {
  const all = Int32Array.from({ length: keys }, (_, key) => key);
  return keyMask ? all.filter((key) => keyMask[key] !== 0) : all;
}

/** How many rows see each key: those that see at least as many as come up to it. [keys] */
function rowsPerKey(rows: Float64Array, visibleKeys: Int32Array, keys: number): Float64Array {
  const seen = new Float64Array(keys);
  let count = 0;
  for (let i = visibleKeys.length - 1; i >= 0; i--) {
    count += rows[i + 1] ?? 0;
    seen[visibleKeys[i] ?? 0] = count;
  }
  return seen;
}

function greatestExcept(map: AttentionMap, query: number, keys: ReadonlySet<number>): number {
  let greatest = -Infinity;
  forRow(map, query, (key, weight) => {
    if (weight > greatest && !keys.has(key)) greatest = weight;
  });
  return greatest;
}

function massOnKeys(map: AttentionMap, query: number, keys: Int32Array): number {
  let mass = 0;
  for (const key of keys) if (sees(map, query, key)) mass += weightAt(map, query, key);
  return mass;
}

/** Sums of distances to ascending places, by sums of the places. */
class UniformDistance {
  private readonly before: Float64Array;
  private nearer = 0;

  constructor(private readonly places: Float64Array) {
    this.before = new Float64Array(places.length + 1);
    for (let i = 0; i < places.length; i++)
      this.before[i + 1] = (this.before[i] ?? 0) + (places[i] ?? 0);
  }

  /** Sum of |at - place| over the first `count` places. `at` must not become smaller from call to call. */
  sum(at: number, count: number): number {
    while ((this.places[this.nearer] ?? Infinity) <= at) this.nearer++;
    const left = Math.min(this.nearer, count);
    const [nearer, all] = [this.before[left] ?? 0, this.before[count] ?? 0];
    return left * at - nearer + (all - nearer) - (count - left) * at;
  }
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
