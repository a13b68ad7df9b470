import { int64, named, run, type Session, type Tensors } from './runtime';
import { Tensor } from './onnxruntime';

/** Columns of pieces that are weighed for the sum alone. */
const MOST_SAMPLED = 256;

/**
 * The columns of these pieces and of a sample of the others, as the inputs of emitDecoderLoop. `session`: of emitOutputColumns;
 * `ids` ascending; `isOther`: per piece of the vocabulary, 1 where it is neither named nor banned.
 *
 * The sample stands for all of the others in the sum that probabilities are divided by: its biases are raised by
 * log(others / sampled), since a model trained with smoothed labels gives all of them together a tenth of the probability.
 * Throws inferenceFailed.
 */
export async function takeColumns(
  session: Session,
  ids: Int32Array,
  isOther: Uint8Array,
): Promise<Tensors> {
  let others = 0;
  for (let id = 0; id < isOther.length; id++) others += isOther[id] as number;
  const stride = Math.max(1, Math.ceil(others / MOST_SAMPLED));
  const all = new Int32Array(ids.length + Math.ceil(others / stride));
  all.set(ids);
  for (let id = 0, place = 0, to = ids.length; id < isOther.length; id++)
    if (isOther[id] === 1 && place++ % stride === 0) all[to++] = id;
  const columns = await run(session, { ids: int64(all, [all.length]) });
  const biases = Float32Array.from(named(columns, 'output_bias').data as Float32Array);
  const share = Math.log(others / (all.length - ids.length));
  for (let column = ids.length; column < biases.length; column++)
    biases[column] = (biases[column] as number) + share;
  return {
    ...columns,
    output_bias: new Tensor('float32', biases, [biases.length]),
    output_ids: int64(ids, [ids.length]),
  };
}
