import type { AttentionMap } from '../attention/attentionMap';
import { meanMap } from '../attention/attentionMap';
import { decodeHalf } from '../attention/half';
import { valueWeighted } from '../attention/received';
import { valueNormsOf, type AttentionRun } from '../protocol/attentionRun';
import type { HeadChoice, PanelState } from '../protocol/panelState';
import type { QueryClient } from './queryClient';
import { focusOf, shownHeads } from './state';

/** Decoded maps take twice the bytes of what was sent, so only those that are on the screen are kept. */
const MOST_DECODED = 8;

/** Heads' maps as float32, value-weighted if that is wanted. */
export class Maps {
  private readonly decoded = new Map<string, Promise<AttentionMap>>();

  constructor(private readonly queries: QueryClient) {}

  reset(): void {
    this.decoded.clear();
  }

  get(run: AttentionRun, choice: HeadChoice, weighted: boolean): Promise<AttentionMap> {
    const { kind, layer, head } = choice;
    const key = `${kind} ${layer} ${head} ${weighted}`;
    const map = this.decoded.get(key) ?? this.load(run, focusOf(choice), weighted);
    this.decoded.delete(key);
    this.decoded.set(key, map);
    // One that failed may be asked for again.
    map.catch(() => this.decoded.delete(key));
    for (const oldest of this.decoded.keys()) {
      if (this.decoded.size <= MOST_DECODED) break;
      this.decoded.delete(oldest);
    }
    return map;
  }

  /** The map of the head in focus, or the mean of those chosen. */
  async chosen(run: AttentionRun, state: PanelState): Promise<AttentionMap> {
    if (!state.average) return this.get(run, focusOf(state), state.valueWeighted);
    const heads = shownHeads(state);
    const maps = heads.map((head) => this.get(run, head, state.valueWeighted));
    return meanMap(await Promise.all(maps));
  }

  private async load(
    run: AttentionRun,
    choice: HeadChoice,
    weighted: boolean,
  ): Promise<AttentionMap> {
    const { kind, layer, head } = choice;
    if (weighted && head < 0) {
      // The mean of weighted maps is not the mean map weighted by mean norms.
      const heads = Array.from({ length: run.heads }, (_, one) =>
        this.load(run, { kind, layer, head: one }, true),
      );
      return meanMap(await Promise.all(heads));
    }
    const answer = await this.queries.ask('head', choice);
    const { queries, keys } = answer;
    const causal = kind === 'decoder';
    const map = { weights: decodeHalf(answer.weights), queries, keys, causal };
    return weighted ? valueWeighted(map, valueNormsOf(run, kind, layer, head)) : map;
  }
}
