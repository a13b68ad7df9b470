/** An inspected text without a model: every shape as the engine gives it, weights made of a seed. Runs in the page. */
import type { AttentionMap } from '../../src/attention/attentionMap';
import { encodeHalf } from '../../src/attention/half';
import { headMetrics, type AttentionKind } from '../../src/attention/headMetrics';
import { thumbnail } from '../../src/attention/thumbnail';
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
} from '../../src/protocol/attentionRun';
import { seeded } from './random';

export interface RunSpec extends Pick<AttentionRun, 'task' | 'hypothesis'> {
  readonly runId: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  readonly heads: number;
  /** Texts of the tokens, between the tag and `</s>`, which are added. */
  readonly source: readonly string[];
  readonly target: readonly string[];
}

/** As many words as tokens, of which some are in two pieces. */
export function words(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    index % 4 === 3 ? 'ing' : ` word${index}`.slice(0, 8),
  );
}

/** A short sentence in the sizes of the model that is shipped. */
export const SHORT_RUN: RunSpec = {
  runId: 7,
  encoderLayers: 6,
  decoderLayers: 2,
  heads: 8,
  source: words(14),
  target: words(12),
};

/** Rows are softmaxed noise with a peak whose place depends on the head, as trained heads have. */
export function syntheticMap(
  run: Pick<AttentionRun, 'source' | 'target'>,
  kind: AttentionKind,
  layer: number,
  head: number,
): AttentionMap {
  const { queries, keys } = mapShape(run, kind);
  const random = seeded(1 + head + 16 * layer + 512 * ATTENTION_KINDS.indexOf(kind));
  const weights = new Float32Array(queries * keys);
  const shift = (head % 3) - 1;
  const causal = kind === 'decoder';
  for (let query = 0; query < queries; query++) {
    const row = weights.subarray(query * keys, (query + 1) * keys);
    const seen = causal ? query + 1 : keys;
    const peak = Math.round((query * (keys - 1)) / Math.max(1, queries - 1)) + shift;
    let sum = 0;
    for (let key = 0; key < seen; key++) {
      const near = 4 - (0.5 + head / 4) * Math.abs(key - peak);
      row[key] = Math.exp(Math.max(-3, near) + 2 * random() + (key === keys - 1 ? layer / 2 : 0));
      sum += row[key] ?? 0;
    }
    for (let key = 0; key < seen; key++) row[key] = (row[key] ?? 0) / sum;
  }
  return { weights, queries, keys, causal };
}

export function syntheticRun(spec: RunSpec): AttentionRun {
  const { source: from, target: to, ...model } = spec;
  const texts = ['<2ko>', ...from, '</s>'];
  const source = tokensOf(texts);
  const target = tokensOf(['<s>', ...to]);
  const shape = { ...model, source, target, thumbnailSide: 64 };
  const selectionLength = from.join('').length;
  return {
    ...shape,
    modelName: 'synthetic',
    modelHash: '0'.repeat(64),
    tokenizerHash: '1'.repeat(64),
    direction: { source: 'en', target: 'ko' },
    selectionLength,
    sentences: [{ start: 0, end: selectionLength, tokens: source.length }],
    sentence: -1,
    targetText: to.join(''),
    predicted: [...target.slice(1), ...tokensOf(['</s>'])],
    ...described(shape),
    alignment: { layer: Math.max(0, spec.decoderLayers - 2), mode: 'input' },
  };
}

type Shape = Omit<RunSpec, 'source' | 'target'> &
  Pick<AttentionRun, 'source' | 'target' | 'thumbnailSide'>;

function described(run: Shape): Pick<AttentionRun, 'thumbnails' | 'metrics' | 'valueNorms'> {
  const crossMaps = run.decoderLayers * run.heads;
  const last = thumbnailShape(run, 'cross');
  const lastNorms = valueNormsShape(run, 'cross');
  const thumbnails = new Uint8Array(last.offset + crossMaps * last.rows * last.columns);
  const maps = (run.encoderLayers + 2 * run.decoderLayers) * run.heads;
  const metrics = new Float32Array(maps * HEAD_METRICS.length);
  const random = seeded(7);
  const norms = new Float32Array(lastNorms.offset + crossMaps * lastNorms.keys);
  const valueNorms = encodeHalf(norms.map(() => 0.5 + random()));
  for (const kind of ATTENTION_KINDS) {
    const { rows, columns, offset } = thumbnailShape(run, kind);
    const keys = kind === 'decoder' ? run.target : run.source;
    const all = new Set([...keys.keys()].filter((index) => keys[index]?.special));
    const special = { all, end: new Set([...all].filter((at) => keys[at]?.text === '</s>')) };
    for (let layer = 0; layer < layersOf(run, kind); layer++)
      for (let head = 0; head < run.heads; head++) {
        const map = syntheticMap(run, kind, layer, head);
        const start = offset + (layer * run.heads + head) * rows * columns;
        thumbnails.set(thumbnail(map).values, start);
        const values = headMetrics(map, kind, special);
        const at = mapIndex(run, kind, layer, head) * HEAD_METRICS.length;
        metrics.set(
          HEAD_METRICS.map((metric) => values[metric]),
          at,
        );
      }
  }
  return { thumbnails, metrics, valueNorms };
}

/** Places follow the texts one after the other; words begin with a blank. */
function tokensOf(texts: readonly string[]): PanelToken[] {
  let place = 0;
  let word = -1;
  return texts.map((text, id) => {
    if (/^<\/?(s|2\w\w)>$/.test(text))
      return { id, text, start: -1, end: -1, special: true, word: -1 };
    if (word < 0 || /^\s/.test(text)) word++;
    const start = place;
    place += text.length;
    return { id, text, start, end: place, special: false, word };
  });
}
