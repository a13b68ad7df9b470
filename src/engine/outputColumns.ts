import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { TransformerConfig } from '../transformer/config';
import { weightsError } from '../transformer/weights';
import { WEIGHTS_FILE, type ModelFiles } from './modelFiles';
import { Tensor } from './onnxruntime';
import type { Tensors } from './runtime';

/** Columns of pieces that are weighed for the sum alone. */
const MOST_SAMPLED = 256;

/** The int8 layout's output layer in memory, of which some columns are given to the decoder: W [d_model, V], scale and bias [V]. */
export class OutputColumns {
  private constructor(
    private readonly config: TransformerConfig,
    private readonly weight: Int8Array,
    private readonly scale: Float32Array,
    private readonly bias: Float32Array,
  ) {}

  /** Throws modelWeightsInvalid. */
  static async read(folder: string, { config, weights }: ModelFiles): Promise<OutputColumns> {
    const file = await open(join(folder, WEIGHTS_FILE));
    const read = async (name: string, dtype: 'I8' | 'F32', elements: number) => {
      const tensor = weights.get(name);
      if (!tensor) throw weightsError(name, 'is missing');
      const elementBytes = dtype === 'I8' ? 1 : 4;
      if (tensor.dtype !== dtype || tensor.length !== elements * elementBytes)
        throw weightsError(name, `is not ${elements} numbers of ${dtype}`);
      const bytes = new Uint8Array(tensor.length);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, tensor.offset);
      if (bytesRead < bytes.length) throw weightsError(name, 'is cut off');
      return bytes.buffer;
    };
    const { modelSize, vocabularySize } = config;
    try {
      return new OutputColumns(
        config,
        new Int8Array(await read('lm_head.weight', 'I8', modelSize * vocabularySize)),
        new Float32Array(await read('lm_head.weight_scale', 'F32', vocabularySize)),
        new Float32Array(await read('final_logits_bias', 'F32', vocabularySize)),
      );
    } finally {
      await file.close();
    }
  }

  /**
   * The columns of these pieces and of a sample of the `others`, as the decoder's inputs. Row by row: a row of W fits the fastest
   * cache. The sample stands for all of the others in the sum that probabilities are divided by: its biases are raised by
   * log(others / sampled), since a model trained with smoothed labels gives all of them together a tenth of the probability.
   */
  gather(ids: Int32Array, others: readonly number[]): Tensors {
    const { modelSize, vocabularySize } = this.config;
    const { weight, scale, bias } = this;
    const stride = Math.ceil(others.length / MOST_SAMPLED);
    const sample = others.filter((_, index) => index % stride === 0);
    const all = Int32Array.from([...ids, ...sample]);
    const count = all.length;
    const columns = new Int8Array(modelSize * count);
    for (let row = 0, to = 0; row < modelSize; row++) {
      const from = row * vocabularySize;
      for (let column = 0; column < count; column++)
        columns[to++] = weight[from + (all[column] as number)] as number;
    }
    const scales = Float32Array.from(all, (id) => scale[id] as number);
    const biases = Float32Array.from(all, (id) => bias[id] as number);
    const share = Math.log(others.length / sample.length);
    for (let column = ids.length; column < count; column++)
      biases[column] = (biases[column] as number) + share;
    return {
      output_weight: new Tensor('int8', columns, [modelSize, count]),
      output_scale: new Tensor('float32', scales, [count]),
      output_bias: new Tensor('float32', biases, [count]),
      output_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [ids.length]),
    };
  }
}
