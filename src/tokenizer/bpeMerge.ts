/** The rank of a pair (0 was learnt first) and the id it becomes. */
export interface Merge {
  readonly rank: number;
  readonly id: number;
}

/** Right id of a pair: its merge. */
export type MergeRow = Map<number, Merge>;
/** Left id of a pair: what may stand to its right. */
export type MergeTable = Map<number, MergeRow>;

/** Symbols of a word as a doubly linked list; a symbol that was joined to the one before has `to` < 0. */
export interface Word {
  readonly ids: number[];
  /** Units [from, to) of the piece. */
  readonly from: number[];
  readonly to: number[];
  next: number[];
  previous: number[];
}

interface Candidate {
  readonly rank: number;
  readonly at: number;
  readonly id: number;
}

/**
 * Joins pairs, earliest learnt first, of equal ones the leftmost first. A heap of candidates instead of a scan per
 * merge keeps this at n log n for a word of n symbols; candidates that a merge made stale are recognized when popped.
 */
export function mergeAll(word: Word, merges: MergeTable): void {
  const { ids, to } = word;
  const size = ids.length;
  word.next = Array.from({ length: size }, (_, i) => (i + 1 < size ? i + 1 : -1));
  word.previous = Array.from({ length: size }, (_, i) => i - 1);
  const { next, previous } = word;
  const heap = new Heap();
  const offer = (at: number): void => {
    const right = next[at] ?? -1;
    if (at < 0 || right < 0) return;
    const merge = merges.get(ids[at] ?? -1)?.get(ids[right] ?? -1);
    if (merge) heap.push({ rank: merge.rank, at, id: merge.id });
  };
  for (let i = 0; i < size; i++) offer(i);
  for (let top = heap.pop(); top; top = heap.pop()) {
    const right = next[top.at] ?? -1;
    if ((to[top.at] ?? -1) < 0 || right < 0) continue;
    const merge = merges.get(ids[top.at] ?? -1)?.get(ids[right] ?? -1);
    if (merge?.id !== top.id) continue;
    ids[top.at] = merge.id;
    to[top.at] = to[right] ?? 0;
    to[right] = -1;
    const after = next[right] ?? -1;
    next[top.at] = after;
    if (after >= 0) previous[after] = top.at;
    offer(previous[top.at] ?? -1);
    offer(top.at);
  }
}

/** Binary heap, least (rank, position) on top. */
class Heap {
  private readonly items: Candidate[] = [];

  push(item: Candidate): void {
    const { items } = this;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = items[up];
      if (!parent || !less(item, parent)) break;
      items[at] = parent;
      at = up;
    }
    items[at] = item;
  }

  pop(): Candidate | undefined {
    const { items } = this;
    const top = items[0];
    const last = items.pop();
    if (!last || items.length === 0) return top;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      let child = items[down];
      const other = items[down + 1];
      if (child && other && less(other, child)) {
        child = other;
        down++;
      }
      if (!child || !less(child, last)) break;
      items[at] = child;
      at = down;
    }
    items[at] = last;
    return top;
  }
}

function less(a: Candidate, b: Candidate): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.at < b.at);
}
