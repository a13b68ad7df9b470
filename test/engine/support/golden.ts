import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSafetensors } from '../../../src/transformer/weights';

/** Where models/recipe/golden.py writes. */
export const FIXTURES = join(__dirname, '../../fixtures/transformer');

export interface GoldenHypothesis {
  readonly ids: number[];
  readonly score: number;
}

/** What Hugging Face's implementation computed from the model in `folder`. */
export interface Golden {
  readonly name: string;
  readonly folder: string;
  readonly sources: number[][];
  readonly targets: number[][];
  readonly maxNewTokens: number;
  readonly greedy: { ids: number[] }[];
  /** By length penalty; per source the hypotheses, best first. */
  readonly beam: Readonly<Record<string, GoldenHypothesis[][]>>;
  /** Beams under the PlaceholderRule; absent where probabilities are renormalized. */
  readonly placed?: { readonly placeholders: number[]; readonly beam: GoldenHypothesis[][] };
  readonly parameters: Readonly<Record<string, number>>;
  /** logits [B, T, V]; enc, dec, cross [B, L, h, queries, keys]; their `_norm` [B, L, h, keys]. */
  readonly tensors: ReadonlyMap<string, GoldenTensor>;
}

export interface GoldenTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Every fixture. Throws if there are none or one is incomplete, so that no test passes for want of something to compare with. */
export function readGoldens(): Golden[] {
  const names = readdirSync(FIXTURES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  if (names.length < 15) throw new Error(`Only ${names.length} fixtures in ${FIXTURES}`);
  return names.map((name) => {
    const folder = join(FIXTURES, name);
    const facts = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8')) as Golden;
    return { ...facts, name, folder, tensors: readTensors(join(folder, 'golden.safetensors')) };
  });
}

function readTensors(path: string): Map<string, GoldenTensor> {
  const bytes = new Uint8Array(readFileSync(path));
  const tensors = new Map<string, GoldenTensor>();
  for (const [name, { shape, offset, length }] of parseSafetensors(bytes, bytes.length))
    tensors.set(name, {
      shape,
      data: new Float32Array(bytes.slice(offset, offset + length).buffer),
    });
  return tensors;
}
