import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MarianFields {
  readonly vocab_size: number;
  readonly d_model: number;
  readonly encoder_layers: number;
  readonly decoder_layers: number;
  readonly encoder_ffn_dim: number;
  readonly decoder_ffn_dim: number;
  readonly encoder_attention_heads: number;
  readonly decoder_attention_heads: number;
  readonly headlight?: { readonly keySize: number; readonly valueSize: number };
  readonly [name: string]: unknown;
}

/** Writes a MarianMTModel folder of random float32 weights into `folder`; the same numbers every time. */
export function writeRandomModel(folder: string, fields: MarianFields): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'marian', ...fields }));
  writeFileSync(join(folder, 'model.safetensors'), safetensors(marianShapes(fields)));
}

function marianShapes(fields: MarianFields): Map<string, number[]> {
  const { vocab_size: vocabulary, d_model: d } = fields;
  const shapes = new Map<string, number[]>([
    ['final_logits_bias', [1, vocabulary]],
    ['model.shared.weight', [vocabulary, d]],
  ]);
  const linear = (name: string, inSize: number, outSize: number) => {
    shapes.set(`${name}.weight`, [outSize, inSize]);
    shapes.set(`${name}.bias`, [outSize]);
  };
  const norm = (name: string) => {
    shapes.set(`${name}.weight`, [d]);
    shapes.set(`${name}.bias`, [d]);
  };
  const stack = (side: 'encoder' | 'decoder', attentions: string[]) => {
    const layers = fields[`${side}_layers`];
    const inner = fields[`${side}_ffn_dim`];
    const heads = fields[`${side}_attention_heads`];
    const keys = fields.headlight ? heads * fields.headlight.keySize : d;
    const values = fields.headlight ? heads * fields.headlight.valueSize : d;
    for (let layer = 0; layer < layers; layer++) {
      const name = `model.${side}.layers.${layer}`;
      for (const attention of attentions) {
        linear(`${name}.${attention}.q_proj`, d, keys);
        linear(`${name}.${attention}.k_proj`, d, keys);
        linear(`${name}.${attention}.v_proj`, d, values);
        linear(`${name}.${attention}.out_proj`, values, d);
        norm(`${name}.${attention}_layer_norm`);
      }
      linear(`${name}.fc1`, d, inner);
      linear(`${name}.fc2`, inner, d);
      norm(`${name}.final_layer_norm`);
    }
  };
  stack('encoder', ['self_attn']);
  stack('decoder', ['self_attn', 'encoder_attn']);
  return shapes;
}

function safetensors(shapes: ReadonlyMap<string, readonly number[]>): Uint8Array {
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const [name, shape] of shapes) {
    const begin = end;
    end += 4 * shape.reduce((product, size) => product * size, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
  }
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json.padEnd(Math.ceil((8 + json.length) / 64) * 64 - 8));
  const bytes = new Uint8Array(8 + text.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  const values = new Float32Array(bytes.buffer, 8 + text.length);
  let place = 0;
  let state = 1;
  for (const [name, shape] of shapes) {
    const count = shape.reduce((product, size) => product * size, 1);
    const isGain = name.endsWith('norm.weight');
    const spread = 1.7 / Math.sqrt(shape.at(-1) ?? 1);
    for (let index = 0; index < count; index++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // the "quick and dirty" generator of Numerical Recipes
      values[place++] = isGain ? 1 : (state / 2 ** 31 - 1) * spread;
    }
  }
  return bytes;
}
