import { emitDecoder } from '../transformer/graphs/decoder';
import { emitDecoderLoop } from '../transformer/graphs/decoderLoop';
import { emitEncoder } from '../transformer/graphs/encoder';
import type { GraphOptions } from '../transformer/graphs/network';
import { emitOutputColumns } from '../transformer/graphs/outputColumns';
import { emitTakeSources } from '../transformer/graphs/takeSources';
import type { ModelSessions } from './decoderRun';
import type { ModelFiles } from './modelFiles';
import { LaterSession } from './laterSession';
import { createSession, type Session, type SessionOptions } from './runtime';
import { ShortlistedDecoder } from './shortlistedDecoder';

/**
 * The sessions that a model translates with. With WebGPU, what one run makes for the next one stays in the device's memory;
 * the other providers of the binding have no tensors there.
 */
export async function openSessions(
  files: ModelFiles,
  graphOptions: GraphOptions,
  options: SessionOptions,
): Promise<ModelSessions> {
  const { config, weights } = files;
  const { precision } = graphOptions;
  const encoderGraph = emitEncoder(config, weights, graphOptions);
  const decoderGraph = () => emitDecoder(config, weights, graphOptions);
  const layers = [...Array(config.decoder.layers).keys()];
  const memory = layers.flatMap((layer) => [`cross_key_${layer}`, `cross_value_${layer}`]);
  const cross = ['source_bias', ...memory];
  const present = layers.flatMap((layer) => [`present_key_${layer}`, `present_value_${layer}`]);
  const kept = (names: readonly string[]): SessionOptions =>
    options.device === 'webgpu' ? { ...options, keptOutputs: names } : options;
  const made: Session[] = [];
  const make = async (graph: Uint8Array, names: readonly string[]) => {
    const session = await createSession(graph, kept(names));
    made.push(session);
    return session;
  };
  try {
    const encoder = await make(encoderGraph, cross);
    const shortlisted =
      precision === 'int8'
        ? await ShortlistedDecoder.open(options.weightsFolder, config, {
            decoder: () => make(emitDecoderLoop(config, weights, graphOptions), present),
            columns: () => make(emitOutputColumns(config, weights, graphOptions), []),
          })
        : undefined;
    const sessions = {
      config,
      floatType: precision === 'fp16' ? 'float16' : 'float32',
      encoder,
      decoder: shortlisted
        ? new LaterSession(shortlisted.session.outputNames, () =>
            createSession(decoderGraph(), options),
          )
        : await make(decoderGraph(), present),
      shortlisted,
      fixedShapes: graphOptions.slots ?? false,
    } as const;
    if (options.device !== 'webgpu' || precision === 'int8') return sessions;
    const names = cross.map((name) => `kept_${name}`);
    return { ...sessions, takeSources: await make(emitTakeSources(config, precision), names) };
  } catch (error) {
    for (const session of made) await session.release();
    throw error;
  }
}

export async function releaseSessions(sessions: ModelSessions): Promise<void> {
  await sessions.encoder.release();
  await sessions.decoder.release();
  await sessions.shortlisted?.release();
  await sessions.takeSources?.release();
}
