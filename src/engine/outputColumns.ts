import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { TransformerConfig } from '../transformer/config';
import { weightsError } from '../transformer/weights';
import { WEIGHTS_FILE, type ModelFiles } from './modelFiles';
import { Tensor } from './onnxruntime';
import type { Tensors } from './runtime';

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

  /** The columns of these pieces, in their order, as the decoder's inputs. Row by row: a row of W fits the fastest cache. */
  gather(ids: Int32Array): Tensors {
    const { modelSize, vocabularySize } = this.config;
    const { weight, scale, bias } = this;
    const count = ids.length;
    const columns = new Int8Array(modelSize * count);
    for (let row = 0, to = 0; row < modelSize; row++) {
      const from = row * vocabularySize;
      for (let column = 0; column < count; column++)
        columns[to++] = weight[from + (ids[column] as number)] as number;
    }
    const pick = (values: Float32Array) => Float32Array.from(ids, (id) => values[id] as number);
    return {
      output_weight: new Tensor('int8', columns, [modelSize, count]),
      output_scale: new Tensor('float32', pick(scale), [count]),
      output_bias: new Tensor('float32', pick(bias), [count]),
      output_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [count]),
    };
  }
}
