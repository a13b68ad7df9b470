/**
 * The float checkpoint that the int8 model stands for: what the peers convert from, so that every engine computes with the
 * same weights. It undoes the layout of models/recipe/quantize.py: transposed and joined projections, one scale per row.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSafetensors, type WeightTensor } from '../../src/transformer/weights';

interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Joined projections, in the order in which they lie along the output axis. */
const JOINED: Readonly<Record<string, readonly string[]>> = {
  qkv_proj: ['q_proj', 'k_proj', 'v_proj'],
  kv_proj: ['k_proj', 'v_proj'],
};

export function writeFloatCheckpoint(source: string, target: string): void {
  mkdirSync(target, { recursive: true });
  const config = JSON.parse(readFileSync(join(source, 'config.json'), 'utf8')) as object;
  writeFileSync(
    join(target, 'config.json'),
    JSON.stringify({ ...config, headlight: undefined, torch_dtype: 'float32' }, null, 1),
  );
  for (const name of ['generation_config.json', 'tokenizer.json', 'tokenizer_config.json'])
    copyFileSync(join(source, name), join(target, name));
  const bytes = readFileSync(join(source, 'model.safetensors'));
  writeFileSync(join(target, 'model.safetensors'), safetensors(floatTensors(bytes)));
}

function floatTensors(bytes: Buffer): Map<string, FloatTensor> {
  const weights = parseSafetensors(bytes, bytes.length);
  const result = new Map<string, FloatTensor>();
  for (const [name, tensor] of weights) {
    // The projection onto the vocabulary is the embedding again; scales belong to their weights.
    if (name.startsWith('lm_head.') || name.endsWith('_scale')) continue;
    const scale = weights.get(`${name}_scale`);
    const values = scale
      ? dequantize(bytes, tensor, scale, name === 'model.shared.weight')
      : { shape: tensor.shape, data: floats(bytes, tensor) };
    for (const [part, value] of separate(name, values)) result.set(part, value);
  }
  return result;
}

/** [in, out] with a scale per column becomes [out, in]; the embedding [V, d] has a scale per row and stays. */
function dequantize(
  bytes: Buffer,
  tensor: WeightTensor,
  scaleTensor: WeightTensor,
  isEmbedding: boolean,
): FloatTensor {
  if (tensor.dtype !== 'I8') throw new Error(`Expected int8, found ${tensor.dtype}.`);
  const scale = floats(bytes, scaleTensor);
  const [rows = 0, columns = 0] = tensor.shape;
  const [outputs, inputs] = isEmbedding ? [rows, columns] : [columns, rows];
  const data = new Float32Array(outputs * inputs);
  for (let out = 0; out < outputs; out++)
    for (let i = 0; i < inputs; i++) {
      const at = isEmbedding ? out * inputs + i : i * outputs + out;
      data[out * inputs + i] = bytes.readInt8(tensor.offset + at) * (scale[out] ?? NaN);
    }
  return { shape: [outputs, inputs], data };
}

function floats(bytes: Buffer, tensor: WeightTensor): Float32Array {
  if (tensor.dtype !== 'F32') throw new Error(`Expected float32, found ${tensor.dtype}.`);
  const copy = bytes.subarray(tensor.offset, tensor.offset + tensor.length);
  return new Float32Array(new Uint8Array(copy).buffer);
}

function separate(name: string, value: FloatTensor): [string, FloatTensor][] {
  const joined = Object.keys(JOINED).find((part) => name.includes(`.${part}.`));
  const parts = joined === undefined ? undefined : JOINED[joined];
  if (joined === undefined || !parts) return [[name, value]];
  const [outputs = 0, ...rest] = value.shape;
  const size = value.data.length / parts.length;
  return parts.map((part, i) => [
    name.replace(joined, part),
    {
      shape: [outputs / parts.length, ...rest],
      data: value.data.subarray(i * size, (i + 1) * size),
    },
  ]);
}

function safetensors(tensors: ReadonlyMap<string, FloatTensor>): Buffer {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const parts = [...tensors.values()].map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  return Buffer.concat([length, padded, ...parts]);
}
