/** A loaded model as a list of blocks from the input embedding to the softmax, with the numbers of its own file. */
import type { StackConfig, TransformerConfig } from './config';
import type { Weights } from './weights';

/** Sizes in the order of the dimensions: S source tokens, T decoder inputs, or a number. */
export type BlockShape = readonly (number | string)[];

/** `residualNorm`: the residual connection and its layer normalization. */
export type BlockKind =
  | 'embedding'
  | 'positions'
  | 'selfAttention'
  | 'crossAttention'
  | 'feedForward'
  | 'residualNorm'
  | 'norm'
  | 'outputProjection'
  | 'softmax'
  | 'unused';

export interface Block {
  /** Path: `encoder.embedding`, `encoder.0.selfAttention`, `decoder.1.feedForward.norm`, `outputProjection`, `softmax`. */
  readonly id: string;
  readonly kind: BlockKind;
  /** What the block gives to the next. */
  readonly shape: BlockShape;
  /** What it makes on the way: the scores [h, Tq, Tk] of an attention, the inner layer [T, d_ff] of a feed-forward network. */
  readonly inner?: BlockShape;
  /** Trained numbers of this block alone. */
  readonly parameters: number;
  /** All numbers that the file holds for it: with the scales of int8 rows, constants and a second copy of a tied matrix. */
  readonly stored: number;
  /** The block whose parameters it uses as well. */
  readonly tied?: string;
}

/** Blocks in the order in which they compute. Every tensor of the file is counted in exactly one of them. */
export function modelBlocks(config: TransformerConfig, weights: Weights): Block[] {
  const counts = countTensors(config, weights);
  const blocks = [
    ...stackBlocks(config, 'encoder', 'S', [['selfAttention', 'S']]),
    ...stackBlocks(config, 'decoder', 'T', [
      ['selfAttention', 'T'],
      ['crossAttention', 'S'],
    ]),
    plain('outputProjection', 'outputProjection', ['T', config.vocabularySize]),
    plain('softmax', 'softmax', ['T', config.vocabularySize]),
  ].map((block) => {
    const { parameters, stored } = counts.get(block.id) ?? NOTHING;
    const tied = tiedTo(config, block.id);
    return { ...block, parameters, stored, ...(tied === undefined ? {} : { tied }) };
  });
  const unused = counts.get('unused');
  return unused ? [...blocks, { ...plain('unused', 'unused', []), ...unused }] : blocks;
}

type Shaped = Pick<Block, 'id' | 'kind' | 'shape' | 'inner'>;

function plain(id: string, kind: BlockKind, shape: BlockShape): Shaped {
  return { id, kind, shape };
}

function stackBlocks(
  config: TransformerConfig,
  side: 'encoder' | 'decoder',
  length: string,
  attentions: readonly (readonly ['selfAttention' | 'crossAttention', string])[],
): Shaped[] {
  const stack = config[side];
  const shape = [length, config.modelSize];
  const blocks = [
    plain(`${side}.embedding`, 'embedding', shape),
    plain(`${side}.positions`, 'positions', shape),
  ];
  if (config.embeddingNorm) blocks.push(plain(`${side}.embeddingNorm`, 'norm', shape));
  for (let layer = 0; layer < stack.layers; layer++) {
    const sublayers = [
      ...attentions.map(([kind, keys]) => attention(stack, kind, shape, keys)),
      { kind: 'feedForward' as const, inner: [length, stack.feedForwardSize] },
    ];
    for (const { kind, inner } of sublayers) {
      const id = `${side}.${layer}.${kind}`;
      const sublayer = { id, kind, shape, inner };
      const norm = plain(`${id}.norm`, 'residualNorm', shape);
      blocks.push(...(config.norm === 'pre' ? [norm, sublayer] : [sublayer, norm]));
    }
  }
  if (config.norm === 'pre') blocks.push(plain(`${side}.norm`, 'norm', shape));
  return blocks;
}

function attention(
  { heads }: StackConfig,
  kind: 'selfAttention' | 'crossAttention',
  [length]: readonly (number | string)[],
  keys: string,
): Required<Pick<Shaped, 'kind' | 'inner'>> {
  return { kind, inner: [heads, length ?? '', keys] };
}

function tiedTo(config: TransformerConfig, id: string): string | undefined {
  if (id === 'decoder.embedding') return 'encoder.embedding';
  return id === 'outputProjection' && config.tiedSoftmax ? 'encoder.embedding' : undefined;
}

interface Count {
  readonly parameters: number;
  readonly stored: number;
}

const NOTHING: Count = { parameters: 0, stored: 0 };

function countTensors(config: TransformerConfig, weights: Weights): Map<string, Count> {
  const counts = new Map<string, Count>();
  let embeddings = 0;
  for (const [name, { shape }] of weights) {
    const block = blockOf(name) ?? 'unused';
    const stored = shape.reduce((product, size) => product * size, 1);
    // A file may hold the embedding under several names; it is one matrix.
    const copy = isEmbedding(name) && embeddings++ > 0;
    const trained = block !== 'unused' && !copy && isTrained(config, name);
    const before = counts.get(block) ?? NOTHING;
    counts.set(block, {
      parameters: before.parameters + (trained ? stored : 0),
      stored: before.stored + stored,
    });
  }
  return counts;
}

function isEmbedding(name: string): boolean {
  return /^model\.(shared|(encoder|decoder)\.embed_tokens)\.weight$/.test(name);
}

function isTrained(config: TransformerConfig, name: string): boolean {
  if (name.endsWith('_scale')) return false; // of int8 rows: found by rounding
  if (name === 'final_logits_bias') return false; // Marian keeps zeros there
  if (name === 'lm_head.weight') return !config.tiedSoftmax;
  return config.positions === 'learned' || !name.includes('.embed_positions.');
}

/** The block of a tensor by its name in the checkpoint; undefined for a tensor that no layer reads. */
function blockOf(name: string): string | undefined {
  if (/^(model\.shared|model\.(encoder|decoder)\.embed_tokens)\./.test(name))
    return 'encoder.embedding';
  if (name === 'final_logits_bias' || name.startsWith('lm_head.')) return 'outputProjection';
  const [, side = '', rest = ''] = /^model\.(encoder|decoder)\.(.+)$/.exec(name) ?? [];
  if (rest.startsWith('embed_positions.')) return `${side}.positions`;
  if (rest.startsWith('layernorm_embedding.')) return `${side}.embeddingNorm`;
  if (rest.startsWith('layer_norm.')) return `${side}.norm`;
  const [, layer, part = ''] = /^layers\.(\d+)\.(\w+)\./.exec(rest) ?? [];
  const sublayer = SUBLAYERS.get(part);
  return layer === undefined || !sublayer ? undefined : `${side}.${layer}.${sublayer}`;
}

const SUBLAYERS: ReadonlyMap<string, string> = new Map([
  ['self_attn', 'selfAttention'],
  ['self_attn_layer_norm', 'selfAttention.norm'],
  ['encoder_attn', 'crossAttention'],
  ['encoder_attn_layer_norm', 'crossAttention.norm'],
  ['fc1', 'feedForward'],
  ['fc2', 'feedForward'],
  ['final_layer_norm', 'feedForward.norm'],
]);
