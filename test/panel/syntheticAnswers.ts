/** Answers to everything that the panel may ask, in the shapes of the engine. Runs in the page. */
import { encodeHalf } from '../../src/attention/half';
import type {
  AttentionAnswer,
  AttentionQuery,
  HeadDetail,
} from '../../src/protocol/attentionQueries';
import { layersOf, mapShape, type AttentionRun } from '../../src/protocol/attentionRun';
import { seeded } from './random';
import { syntheticFacts } from './syntheticFacts';
import { syntheticMap } from './syntheticRun';

const HEAD_SIZE = 8;

export function syntheticAnswer(run: AttentionRun, query: AttentionQuery): AttentionAnswer {
  const { name } = query;
  switch (name) {
    case 'head': {
      const { kind, layer, head } = query.params;
      const map = syntheticMap(run, kind, layer, Math.max(0, head));
      const { queries, keys } = map;
      const weights = encodeHalf(map.weights);
      return { name, result: { kind, layer, head, queries, keys, weights } };
    }
    case 'steps':
      return { name, result: stepsOf(run) };
    case 'flow': {
      const { flow, layer } = query.params;
      const kind = ({ encoder: 'encoder', source: 'cross', prefix: 'decoder' } as const)[flow];
      const map = syntheticMap(run, kind, layer, 0);
      const { queries, keys } = map;
      const weights = encodeHalf(map.weights);
      return { name, result: { flow, layer, queries, keys, weights } };
    }
    case 'similarity': {
      const { kind, layer, head } = query.params;
      const random = seeded(3);
      const distances = new Float32Array(layersOf(run, kind) * run.heads).map(() => random());
      distances[layer * run.heads + head] = 0;
      return { name, result: { distances } };
    }
    case 'model':
      return { name, result: syntheticFacts(run) };
    case 'neighbours': {
      const texts = Array.from({ length: 8 }, (_, index) => `near${index}`);
      const neighbours = texts.map((text, index) => ({ text, cosine: 0.9 - index / 20 }));
      return { name, result: { neighbours } };
    }
    case 'headDetail':
      return { name, result: detailOf(run, query.params) };
    case 'cost': {
      const points = [16, 64, 256].map((length) => ({
        length,
        selfAttention: length * length * 64,
        recurrent: length * 64 * 64,
        encoderMilliseconds: length / 20,
      }));
      return { name, result: { points } };
    }
  }
}

function stepsOf(run: AttentionRun) {
  const steps = run.predicted.map(({ text }, step) => {
    const first = { text, probability: 0.5 };
    const others = Array.from({ length: 9 }, (_, rank) => ({
      text: ` other${step}.${rank}`,
      probability: 0.4 / 2 ** (rank + 1),
    }));
    return { candidates: [first, ...others], chosen: { ...first, rank: 1 } };
  });
  const hypotheses = [1, 2, 3, 4].map((rank) => ({
    text: `${run.targetText} ${rank}`,
    logProbability: -3 * rank,
    score: -rank / 10,
  }));
  return { steps, hypotheses, shown: run.hypothesis?.number ?? 0 };
}

function detailOf(
  run: AttentionRun,
  { kind, layer, head, query }: Pick<HeadDetail, 'kind' | 'layer' | 'head' | 'query'>,
): HeadDetail {
  const { keys } = mapShape(run, kind);
  const random = seeded(5);
  const floats = (count: number): Float32Array =>
    new Float32Array(count).map(() => random() * 2 - 1);
  const scores = floats(keys);
  const map = syntheticMap(run, kind, layer, head);
  const seen = kind === 'decoder' ? query + 1 : keys;
  return {
    kind,
    layer,
    head,
    query,
    queryVector: floats(HEAD_SIZE),
    keyVectors: floats(keys * HEAD_SIZE),
    valueVectors: floats(keys * HEAD_SIZE),
    scores,
    scaled: scores.map((score) => score / Math.sqrt(HEAD_SIZE)),
    mask: new Uint8Array(keys).map((_, key) => (key < seen ? 1 : 0)),
    weights: map.weights.slice(query * keys, (query + 1) * keys),
    output: floats(HEAD_SIZE),
  };
}
