import { resolve } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { AppError } from '../common/errors';
import { emitDecoder } from '../transformer/graphs/decoder';
import { emitEncoder } from '../transformer/graphs/encoder';
import { emitInspect } from '../transformer/graphs/inspect';
import type { GraphOptions } from '../transformer/graphs/network';
import { countParameters } from '../transformer/parameters';
import type { ModelSessions } from './decoderRun';
import { encodeMeans } from './encode';
import { generate } from './generate';
import { inspect } from './inspect';
import { readModelFiles, WEIGHTS_FILE, type ModelFiles } from './modelFiles';
import { createSession, type SessionOptions } from './runtime';
import type { DecodeOptions, Hypothesis, InspectResult, Model, OpenModelOptions } from './types';

/**
 * Opens a model folder (config.json, model.safetensors) on a device. int8 folders stay int8 on the CPU; on other devices, which have
 * no int8 product, their weights are turned back into floats. Throws modelNotFound, modelConfigInvalid, modelWeightsInvalid,
 * deviceUnavailable, inferenceFailed.
 */
export async function openModel(path: string, options: OpenModelOptions): Promise<Model> {
  const folder = resolve(path);
  const files = await readModelFiles(folder);
  const quantized = files.weights.get('model.shared.weight')?.dtype === 'I8';
  const graphOptions: GraphOptions = {
    precision: quantized && options.device === 'cpu' ? 'int8' : (options.precision ?? 'fp32'),
    attention: options.attention ?? 'fused',
    weightsLocation: WEIGHTS_FILE,
  };
  const sessionOptions = { ...options, weightsFolder: folder };
  const { config, weights } = files;
  // Both graphs first: what is wrong with the file shows before any session is made.
  const graphs = [
    emitEncoder(config, weights, graphOptions),
    emitDecoder(config, weights, graphOptions),
  ] as const;
  const encoder = await createSession(graphs[0], sessionOptions);
  const decoder = await createSession(graphs[1], sessionOptions).catch(async (error: unknown) => {
    await encoder.release();
    throw error;
  });
  const floatType = graphOptions.precision === 'fp16' ? 'float16' : 'float32';
  const sessions = { config, floatType, encoder, decoder } as const;
  return new OpenModel(files, graphOptions, sessionOptions, sessions);
}

class OpenModel implements Model {
  readonly config: Model['config'];
  readonly precision: Model['precision'];
  readonly device: Model['device'];
  readonly parameters: number;
  readonly encodeLimit: number;
  private inspector: Promise<InferenceSession> | undefined;
  private disposed = false;

  constructor(
    private readonly files: ModelFiles,
    private readonly graphOptions: GraphOptions,
    private readonly sessionOptions: SessionOptions,
    private readonly sessions: ModelSessions,
  ) {
    this.config = files.config;
    this.precision = graphOptions.precision;
    this.device = sessionOptions.device;
    this.parameters = countParameters(files.config).total;
    this.encodeLimit = files.config.maxPositions;
  }

  async generate(
    sources: readonly (readonly number[])[],
    options: DecodeOptions,
  ): Promise<Hypothesis[][]> {
    this.refuseDisposed();
    return generate(this.sessions, sources, options);
  }

  async inspect(source: readonly number[], target: readonly number[]): Promise<InspectResult> {
    this.refuseDisposed();
    this.inspector ??= this.createInspector();
    return inspect(await this.inspector, this.config, source, target);
  }

  async encode(
    sources: readonly (readonly number[])[],
    signal?: AbortSignal,
  ): Promise<Float32Array[]> {
    this.refuseDisposed();
    return encodeMeans(this.sessions, sources, signal);
  }

  async dispose(): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    const inspector = await this.inspector?.catch(() => undefined);
    for (const session of [this.sessions.encoder, this.sessions.decoder, inspector])
      await session?.release();
  }

  /** Made on first use: most models are never inspected. A failure is not kept, so that a later call tries again. */
  private createInspector(): Promise<InferenceSession> {
    const { config, weights } = this.files;
    const graph = emitInspect(config, weights, this.graphOptions);
    const session = createSession(graph, this.sessionOptions);
    session.catch(() => (this.inspector = undefined));
    return session;
  }

  private refuseDisposed(): void {
    if (this.disposed) throw new AppError('internal', 'The model was disposed');
  }
}
