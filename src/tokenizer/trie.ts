/**
 * A search takes at most (length of text) x (length of the longest key) steps. SentencePiece trains pieces of 16 characters
 * at most; this bound on keys from files keeps a hostile vocabulary from making that product quadratic.
 */
export const LONGEST_PIECE = 1000;

/**
 * A trie over UTF-16 units in three typed arrays. The children of a node lie side by side in ascending order of their
 * unit, so a step is a binary search: no hashing (whose collisions an untrusted vocabulary could force), and one
 * allocation per array instead of one Map per node.
 */
export class Trie {
  /** [nodes + 1]: the children of node n are the edges first[n] up to first[n + 1]. Node 0 is the root. */
  private readonly first: Int32Array;
  /** [nodes]: the unit on the edge that leads to the node; edge e leads to node e + 1. */
  private readonly units: Uint16Array;
  /** [nodes]: what ends here, -1 for nothing. */
  private readonly values: Int32Array;

  /** Values are whole numbers of 0 or more. An empty key is never found. */
  constructor(entries: ReadonlyMap<string, number>) {
    // The default order is that of UTF-16 units, and much faster than a comparing function.
    const keys = [...entries.keys()].sort();
    const first: number[] = [];
    const units: number[] = [];
    const values: number[] = [];
    // Breadth first: a node is the range of sorted keys that share its prefix, and its children are numbered when it is
    // visited, which is what puts them side by side.
    let level = [0, keys.length];
    let nodes = 1;
    for (let depth = 0; level.length > 0; depth++) {
      const next: number[] = [];
      for (let i = 0; i < level.length; i += 2) {
        let at = level[i] ?? 0;
        const to = level[i + 1] ?? 0;
        first.push(nodes - 1);
        const ending = at < to && keys[at]?.length === depth ? keys[at++] : undefined;
        values.push(ending === undefined ? -1 : (entries.get(ending) ?? -1));
        while (at < to) {
          const unit = keys[at]?.charCodeAt(depth) ?? 0;
          const start = at++;
          while (at < to && keys[at]?.charCodeAt(depth) === unit) at++;
          units.push(unit);
          next.push(start, at);
          nodes++;
        }
      }
      level = next;
    }
    first.push(nodes - 1);
    this.first = Int32Array.from(first);
    this.units = Uint16Array.from(units);
    this.values = Int32Array.from(values);
  }

  /** The node reached from `node` by `unit`, or -1. */
  step(node: number, unit: number): number {
    let low = this.first[node] ?? 0;
    let high = (this.first[node + 1] ?? 0) - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.units[middle] ?? 0;
      if (found === unit) return middle + 1;
      if (found < unit) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  valueAt(node: number): number {
    return this.values[node] ?? -1;
  }

  /** The longest key that begins at `at`: its end and value, or undefined. */
  longestAt(text: string, at: number): { end: number; value: number } | undefined {
    let found: { end: number; value: number } | undefined;
    let node = this.step(0, text.charCodeAt(at));
    for (let end = at + 1; node >= 0; end++) {
      const value = this.valueAt(node);
      if (value >= 0) found = { end, value };
      if (end >= text.length) break;
      node = this.step(node, text.charCodeAt(end));
    }
    return found;
  }
}
