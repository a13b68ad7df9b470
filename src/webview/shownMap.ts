import type { AttentionMap } from '../attention/attentionMap';
import type { Filtered } from '../attention/filters';
import { aboveThreshold, cumulative, hideKeys, renormalized, topKeys } from '../attention/filters';
import type { AttentionKind } from '../attention/headMetrics';
import { mergeWords } from '../attention/words';
import type { AttentionRun, PanelToken } from '../protocol/attentionRun';
import type { PanelSide, PanelState, RowLabel } from '../protocol/panelState';
import { visibleToken } from './dom';
import type { Label, ShownMap } from './view';

type Filters = Pick<PanelState, 'specials' | 'threshold'>;

export function querySideOf(kind: AttentionKind): PanelSide {
  return kind === 'encoder' ? 'source' : 'target';
}

export function keySideOf(kind: AttentionKind): PanelSide {
  return kind === 'decoder' ? 'target' : 'source';
}

/** A decoder's row is labelled by what it predicts, or by its input, which is the key of the same number. */
export function queryTokens(
  run: AttentionRun,
  kind: AttentionKind,
  rows: RowLabel,
): readonly PanelToken[] {
  if (kind === 'encoder') return run.source;
  return rows === 'input' ? run.target : run.predicted;
}

export function keyTokens(run: AttentionRun, kind: AttentionKind): readonly PanelToken[] {
  return run[keySideOf(kind)];
}

/**
 * Tokens of the query's side that a row stands for, for marks in the text: the row that predicts y_t stands for decoder input
 * t + 1, for that is y_t; the last row's token is no input.
 */
export function markedQueries(
  run: AttentionRun,
  kind: AttentionKind,
  label: Label,
  rows: RowLabel,
): number[] {
  if (kind === 'encoder' || rows === 'input') return [...label.tokens];
  return label.tokens.map((row) => row + 1).filter((index) => index < run.target.length);
}

/** One label a token, or with words merged one a word; a token without a word is a line of its own. */
export function labelsOf(tokens: readonly PanelToken[], words: boolean): readonly Label[] {
  if (!words) {
    return tokens.map(({ text, special }, index) => ({
      text: visibleToken(text),
      special,
      tokens: [index],
    }));
  }
  const groups = new Map<number, { text: string; special: boolean; tokens: number[] }>();
  tokens.forEach(({ text, special, word }, index) => {
    // Negative keys cannot meet the number of a word.
    const key = word < 0 ? -1 - index : word;
    const group = groups.get(key) ?? { text: '', special: true, tokens: [] };
    group.text += text;
    group.special &&= special;
    group.tokens.push(index);
    groups.set(key, group);
  });
  return [...groups.values()].map((group) => ({ ...group, text: visibleToken(group.text) }));
}

/** [tokens], the number of each token's label. */
function numbersOf(labels: readonly Label[], count: number): Int32Array {
  const numbers = new Int32Array(count);
  labels.forEach(({ tokens }, number) => tokens.forEach((token) => (numbers[token] = number)));
  return numbers;
}

/** Words first, then special tokens, then the threshold; each row says what of it is left. */
export function shownMap(
  whole: AttentionMap,
  kind: AttentionKind,
  run: AttentionRun,
  { specials, threshold, words, rows }: Filters & Pick<PanelState, 'words' | 'rows'>,
): ShownMap {
  const queryLabels = labelsOf(queryTokens(run, kind, rows), words);
  const keyLabels = labelsOf(keyTokens(run, kind), words);
  const map = words
    ? mergeWords(whole, numbersOf(queryLabels, whole.queries), numbersOf(keyLabels, whole.keys))
    : whole;
  const special = new Set(keyLabels.flatMap((label, key) => (label.special ? [key] : [])));
  const excluded = Float32Array.from(hideKeys(map, special).kept, (kept) => 1 - kept);
  const kept = withSpecials(map, specials, special);
  const result = withThreshold(kept, threshold);
  const dims = specials === 'dim';
  const reach = reachOf(queryLabels, keyLabels, kind === 'decoder');
  return {
    ...result,
    excluded,
    reach,
    visible: visibleCounts(reach, result.map.keyMask),
    dimmed: Uint8Array.from(keyLabels, (label) => (dims && label.special ? 1 : 0)),
    queryLabels,
    keyLabels,
    rows,
    querySide: querySideOf(kind),
    keySide: keySideOf(kind),
  };
}

/** One row of weights over tokens as the filters leave it, and how much of it that is. [tokens] */
export function shownRow(
  weights: Float32Array,
  tokens: readonly PanelToken[],
  { specials, threshold }: Filters,
): { readonly weights: Float32Array; readonly kept: number } {
  const special = new Set(tokens.flatMap((token, key) => (token.special ? [key] : [])));
  const row = { weights, queries: 1, keys: weights.length, causal: false };
  const { map, kept } = withThreshold(withSpecials(row, specials, special), threshold);
  return { weights: map.weights, kept: kept[0] ?? 1 };
}

function withSpecials(
  map: AttentionMap,
  specials: Filters['specials'],
  special: ReadonlySet<number>,
): Filtered {
  if (specials === 'show' || specials === 'dim') {
    return { map, kept: new Float64Array(map.queries).fill(1) };
  }
  const hidden = hideKeys(map, special);
  // Keys that are hidden are no keys any more: neither uniform attention nor the best keys count them.
  const keyMask = Uint8Array.from({ length: map.keys }, (_, key) => (special.has(key) ? 0 : 1));
  const masked = { map: { ...hidden.map, keyMask }, kept: hidden.kept };
  return specials === 'hide' ? masked : renormalized(masked);
}

function withThreshold(before: Filtered, { mode, value }: Filters['threshold']): Filtered {
  if (mode === 'none') return before;
  const { map, kept } =
    mode === 'absolute'
      ? aboveThreshold(before.map, value)
      : mode === 'top'
        ? topKeys(before.map, Math.round(value))
        : cumulative(before.map, value);
  return { map, kept: kept.map((share, query) => share * (before.kept[query] ?? 0)) };
}

/** Mean over rows of the share of the weight that is shown. */
export function meanKept({ kept }: Filtered): number {
  return kept.length === 0 ? 1 : kept.reduce((sum, share) => sum + share, 0) / kept.length;
}

/** A merged map is not causal cell by cell, but a query still sees no word that begins after its last token. */
function reachOf(queries: readonly Label[], keys: readonly Label[], causal: boolean): Int32Array {
  return Int32Array.from(queries, ({ tokens }) => {
    const last = tokens.at(-1) ?? 0;
    const hidden = causal ? keys.findIndex((key) => (key.tokens[0] ?? 0) > last) : -1;
    return hidden < 0 ? keys.length : hidden;
  });
}

function visibleCounts(reach: Int32Array, mask: Uint8Array | undefined): Float32Array {
  return Float32Array.from(reach, (keys) =>
    mask ? mask.subarray(0, keys).reduce((sum, there) => sum + there, 0) : keys,
  );
}
