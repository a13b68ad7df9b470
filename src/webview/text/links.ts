import type { AttentionMap } from '../../attention/attentionMap';
import { forRow, hasRow, sees } from '../../attention/attentionMap';
import type { Direction } from './anchors';

export interface HeadLink {
  readonly query: number;
  readonly key: number;
  readonly weight: number;
  /** Position of the head in the list of maps. */
  readonly head: number;
}

export interface LinkChoice {
  /** Strongest first. */
  readonly links: readonly HeadLink[];
  /** All links with any weight, of which `links` are the strongest. */
  readonly total: number;
}

const BINS = 4096;
/** Bins of sqrt(weight): most weights are small, and linear bins would put nearly all of them in the first. */
const binOf = (weight: number) => Math.min(BINS - 1, Math.floor(Math.sqrt(weight) * BINS));

/**
 * The strongest links of several heads over the same queries and keys, of the anchors only if there are any. A histogram
 * finds the least weight that can be among them, so that a million cells need not be sorted.
 */
export function strongestLinks(
  maps: readonly AttentionMap[],
  most: number,
  direction: Direction,
  anchors: readonly number[],
): LinkChoice {
  const histogram = new Uint32Array(BINS);
  let total = 0;
  visitLinks(maps, direction, anchors, (_query, _key, weight) => {
    histogram[binOf(weight)]!++;
    total++;
  });
  let least = BINS - 1;
  for (let sum = histogram[least] ?? 0; least > 0 && sum < most; sum += histogram[least] ?? 0) {
    least--;
  }
  const links: HeadLink[] = [];
  visitLinks(maps, direction, anchors, (query, key, weight, head) => {
    if (binOf(weight) >= least) links.push({ query, key, weight, head });
  });
  links.sort((a, b) => b.weight - a.weight || a.query - b.query || a.key - b.key);
  return { links: links.slice(0, most), total };
}

function visitLinks(
  maps: readonly AttentionMap[],
  direction: Direction,
  anchors: readonly number[],
  visit: (query: number, key: number, weight: number, head: number) => void,
): void {
  maps.forEach((map, head) => {
    const { weights, queries, keys } = map;
    // A column has one cell in each row; going over whole rows for it would take a hundred times as long.
    const columns = direction === 'by' && anchors.length > 0 ? anchors : undefined;
    const rows = direction === 'to' && anchors.length > 0 ? anchors : undefined;
    for (let at = 0; at < (rows?.length ?? queries); at++) {
      const query = rows?.[at] ?? at;
      if (!hasRow(map, query)) continue;
      if (columns) {
        for (const key of columns) {
          const weight = sees(map, query, key) ? (weights[query * keys + key] ?? 0) : 0;
          if (weight > 0) visit(query, key, weight, head);
        }
      } else {
        forRow(map, query, (key, weight) => {
          if (weight > 0) visit(query, key, weight, head);
        });
      }
    }
  });
}

const FEWEST = 400;
const MOST = 2000;
const FRAME_MS = 8;

/**
 * How many links may be drawn at once: 400, and more, up to 2,000, only while drawing stays under 8 ms on this machine.
 * It never goes below 400, and stops trying once a number was too slow.
 */
export class LinkBudget {
  private limit = FEWEST;
  private settled = false;

  get most(): number {
    return this.limit;
  }

  /** Whether another measurement could change anything: measuring forces the drawing to be done at once. */
  wantsMeasurement(drawn: number): boolean {
    return !this.settled && drawn >= this.limit;
  }

  /** @param ms time that drawing `limit` links took */
  measured(ms: number): void {
    const next = Math.min(MOST, Math.round(this.limit * 1.5));
    if (ms >= FRAME_MS) {
      this.settled = true;
      this.limit = FEWEST;
    } else if ((ms * next) / this.limit >= FRAME_MS || next === this.limit) {
      this.settled = true;
    } else {
      this.limit = next;
    }
  }
}
