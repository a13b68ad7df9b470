/** Whether the parts of what the host sends fit each other, so that a view may rely on every length. */
import type { AttentionAnswer, FlowMap, HeadDetail } from './attentionQueries';
import {
  ATTENTION_KINDS,
  HEAD_METRICS,
  layersOf,
  mapShape,
  thumbnailShape,
  valueNormsShape,
  type AttentionRun,
  type PanelToken,
} from './attentionRun';

/** Far above any model that is shown; a number beyond would only make a view count for ever. */
const MOST_LAYERS = 128;
const MOST_TOKENS = 4096;

export function runFits(run: AttentionRun): boolean {
  const { encoderLayers, decoderLayers, heads, source, target, sentences } = run;
  const counts = [encoderLayers, decoderLayers, heads, run.thumbnailSide];
  if (!counts.every((count) => count >= 1 && count <= MOST_LAYERS)) return false;
  if (source.length > MOST_TOKENS || target.length > MOST_TOKENS) return false;
  const crossMaps = decoderLayers * heads;
  const last = thumbnailShape(run, 'cross');
  const norms = valueNormsShape(run, 'cross');
  const maps = ATTENTION_KINDS.reduce((sum, kind) => sum + layersOf(run, kind) * heads, 0);
  return (
    run.predicted.length === target.length &&
    run.sentence < sentences.length &&
    sentences.every(({ start, end }) => start <= end && end <= run.selectionLength) &&
    tokensFit(source, run.selectionLength) &&
    tokensFit(target, run.targetText.length) &&
    run.thumbnails.length === last.offset + crossMaps * last.rows * last.columns &&
    run.metrics.length === maps * HEAD_METRICS.length &&
    run.valueNorms.length === norms.offset + crossMaps * norms.keys &&
    run.alignment.layer < decoderLayers
  );
}

/** Words are numbered from 0 without gaps in the order of the tokens: a view counts them so. */
function tokensFit(tokens: readonly PanelToken[], length: number): boolean {
  let words = 0;
  return tokens.every(({ start, end, word }) => {
    if (word === words) words++;
    const placed = start >= 0 && start <= end && end <= length;
    return word < words && ((start === -1 && end === -1) || placed);
  });
}

export function answerFits(answer: AttentionAnswer, run: AttentionRun): boolean {
  switch (answer.name) {
    case 'head': {
      const { kind, layer, head, queries, keys, weights } = answer.result;
      const shape = mapShape(run, kind);
      return (
        layer < layersOf(run, kind) &&
        head < run.heads &&
        queries === shape.queries &&
        keys === shape.keys &&
        weights.length === queries * keys
      );
    }
    case 'flow':
      return flowFits(answer.result, run);
    case 'steps':
      return answer.result.steps.length <= run.target.length;
    case 'headDetail':
      return detailFits(answer.result, run);
    case 'similarity':
      return ATTENTION_KINDS.some(
        (kind) => answer.result.distances.length === layersOf(run, kind) * run.heads,
      );
    case 'model':
    case 'neighbours':
    case 'cost':
      return true;
  }
}

function flowFits({ flow, layer, queries, keys, weights }: FlowMap, run: AttentionRun): boolean {
  const kind = flow === 'encoder' ? 'encoder' : flow === 'source' ? 'cross' : 'decoder';
  const shape = mapShape(run, kind);
  return (
    layer < layersOf(run, kind) &&
    queries === shape.queries &&
    keys === shape.keys &&
    weights.length === queries * keys
  );
}

function detailFits(detail: HeadDetail, run: AttentionRun): boolean {
  const { kind, layer, head, query } = detail;
  const { queries, keys } = mapShape(run, kind);
  return (
    layer < layersOf(run, kind) &&
    head >= 0 &&
    head < run.heads &&
    query < queries &&
    detail.keyVectors.length === keys * detail.queryVector.length &&
    detail.valueVectors.length === keys * detail.output.length &&
    [detail.scores, detail.scaled, detail.weights].every(({ length }) => length === keys) &&
    detail.mask.length === keys
  );
}
