import { throwIfAborted } from '../common/async';
import { decodeHalf } from '../attention/half';
import { makeBatches } from './batches';
import type { ModelSessions } from './decoderRun';
import { refuseSource } from './generate';
import { named, run } from './runtime';
import { readSources } from './sources';

/**
 * The mean of the encoder's last states over the tokens of each source, without the first (the tag) and the last
 * (`</s>`), which all sources have: [d_model] each, in the order of the sources. Throws cancelled, textTooLong,
 * invalidArgument, inferenceFailed.
 */
export async function encodeMeans(
  sessions: ModelSessions,
  sources: readonly (readonly number[])[],
  signal?: AbortSignal,
): Promise<Float32Array[]> {
  const { config } = sessions;
  for (const source of sources) refuseSource(source, config.maxPositions, config.vocabularySize);
  const means = new Array<Float32Array>(sources.length);
  const rows = makeBatches([...sources.keys()], (row) => sources[row]?.length ?? 0, 1);
  for (const batch of rows) {
    throwIfAborted(signal);
    const ids = batch.map((row) => sources[row] ?? []);
    const { states, length } = await encode(sessions, ids);
    batch.forEach((row, index) => {
      const { modelSize } = config;
      const first = index * length * modelSize;
      const tokens = ids[index]?.length ?? 0;
      means[row] = meanOf(states.subarray(first, first + tokens * modelSize), modelSize);
    });
  }
  return means;
}

/** The states [B, S, d_model] of the padded sources, and S. */
async function encode(
  sessions: ModelSessions,
  sources: readonly (readonly number[])[],
): Promise<{ states: Float32Array; length: number }> {
  const { feeds, length } = readSources(sessions, sources);
  const output = named(await run(sessions.encoder, feeds, ['encoder_output']), 'encoder_output');
  const states =
    output.type === 'float16'
      ? decodeHalf(output.data as Uint16Array)
      : (output.data as Float32Array);
  return { states, length };
}

/** `states`: [tokens, size]. A source of nothing but its two special tokens is their mean. */
function meanOf(states: Float32Array, size: number): Float32Array {
  const tokens = states.length / size;
  const [from, to] = tokens > 2 ? [1, tokens - 1] : [0, tokens];
  const mean = new Float32Array(size);
  for (let token = from; token < to; token++) {
    for (let i = 0; i < size; i++) {
      mean[i] = (mean[i] ?? 0) + (states[token * size + i] ?? 0) / (to - from);
    }
  }
  return mean;
}
