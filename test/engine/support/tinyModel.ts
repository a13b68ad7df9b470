import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_MODEL } from './engine';

/** Enough for the special tokens, the bytes and the commonest pieces; a software GPU computes every row of it. */
const VOCABULARY = 512;
const SIZE = 32;
const INNER = 64;
const HEADS = 4;

const CONFIG = {
  model_type: 'marian',
  vocab_size: VOCABULARY,
  d_model: SIZE,
  encoder_layers: 1,
  decoder_layers: 1,
  encoder_attention_heads: HEADS,
  decoder_attention_heads: HEADS,
  encoder_ffn_dim: INNER,
  decoder_ffn_dim: INNER,
  activation_function: 'relu',
  scale_embedding: true,
  static_position_embeddings: true,
  max_position_embeddings: 128,
  pad_token_id: 0,
  eos_token_id: 1,
  decoder_start_token_id: 0,
  headlight: { name: 'tiny' },
};

export interface TinyModel {
  readonly path: string;
  remove(): Promise<void>;
}

/** A folder with a random float32 model of one layer each and the head of the default model's tokenizer. Always the same numbers. */
export async function writeTinyModel(): Promise<TinyModel> {
  const path = await mkdtemp(join(tmpdir(), 'headlight-tiny-'));
  await writeFile(join(path, 'config.json'), JSON.stringify(CONFIG));
  await writeFile(join(path, 'generation_config.json'), JSON.stringify({ bad_words_ids: [[0]] }));
  await writeFile(join(path, 'tokenizer.json'), await tinyTokenizer());
  await writeFile(join(path, 'model.safetensors'), safetensors(tensors()));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

async function tinyTokenizer(): Promise<string> {
  const text = await readFile(join(DEFAULT_MODEL, 'tokenizer.json'), 'utf8');
  const json = JSON.parse(text) as { model: { vocab: unknown[] } };
  json.model.vocab.splice(VOCABULARY);
  return JSON.stringify(json);
}

/** Replaces the header of a safetensors file in place; `edit` gets the parsed header. The data stays where it is. */
export async function editHeader(
  folder: string,
  edit: (
    header: Record<string, { dtype: string; shape: number[]; data_offsets: number[] }>,
  ) => void,
): Promise<void> {
  const path = join(folder, 'model.safetensors');
  const bytes = await readFile(path);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Parameters<typeof edit>[0];
  edit(header);
  await writeFile(path, Buffer.concat([headerBytes(header), bytes.subarray(8 + length)]));
}

type Tensors = Map<string, { shape: number[]; data: Float32Array }>;

/** Xorshift: the same numbers everywhere, which Math.random does not promise. */
function randomSource(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32 - 0.5;
  };
}

function tensors(): Tensors {
  const random = randomSource();
  const result: Tensors = new Map();
  const add = (name: string, shape: number[], scale = 0.6) => {
    const length = shape.reduce((product, size) => product * size, 1);
    result.set(name, { shape, data: Float32Array.from({ length }, () => scale * random()) });
  };
  const linear = (name: string, outputs: number, inputs: number) => {
    add(`${name}.weight`, [outputs, inputs]);
    add(`${name}.bias`, [outputs]);
  };
  const norm = (name: string) => {
    result.set(`${name}.weight`, { shape: [SIZE], data: new Float32Array(SIZE).fill(1) });
    result.set(`${name}.bias`, { shape: [SIZE], data: new Float32Array(SIZE) });
  };
  add('model.shared.weight', [CONFIG.vocab_size, SIZE]);
  add('final_logits_bias', [1, CONFIG.vocab_size]);
  for (const [side, attentions] of [
    ['encoder', ['self_attn']],
    ['decoder', ['self_attn', 'encoder_attn']],
  ] as const) {
    const layer = `model.${side}.layers.0`;
    for (const attention of attentions) {
      for (const projection of ['q_proj', 'k_proj', 'v_proj', 'out_proj']) {
        linear(`${layer}.${attention}.${projection}`, SIZE, SIZE);
      }
      norm(`${layer}.${attention}_layer_norm`);
    }
    linear(`${layer}.fc1`, INNER, SIZE);
    linear(`${layer}.fc2`, SIZE, INNER);
    norm(`${layer}.final_layer_norm`);
  }
  return result;
}

function safetensors(all: Tensors): Buffer {
  const header: Record<string, unknown> = {};
  const parts: Buffer[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of all) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    parts.push(Buffer.from(data.buffer));
    offset += data.byteLength;
  }
  return Buffer.concat([headerBytes(header), ...parts]);
}

/** The length and the header, padded so that the data begins at a multiple of 64 in the file. */
function headerBytes(header: object): Buffer {
  const json = JSON.stringify(header);
  const padded = Buffer.from(json.padEnd(Math.ceil((json.length + 8) / 64) * 64 - 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded]);
}
