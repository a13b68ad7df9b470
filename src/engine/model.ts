import { resolve } from 'node:path';
import { AppError } from '../common/errors';
import { emitInspect } from '../transformer/graphs/inspect';
import { emitProjections, type AttentionPlace } from '../transformer/graphs/projections';
import type { GraphOptions } from '../transformer/graphs/network';
import { countParameters } from '../transformer/parameters';
import { capture, type Capture } from './capture';
import type { ModelSessions } from './decoderRun';
import { encodeMeans } from './encode';
import { generate } from './generate';
import { inspect } from './inspect';
import { openSessions, releaseSessions } from './modelSessions';
import { readModelFiles, WEIGHTS_FILE, type ModelFiles } from './modelFiles';
import { projections } from './projections';
import { createSession, type Session, type SessionOptions } from './runtime';
import type {
  DecodeOptions,
  Hypothesis,
  InspectResult,
  Model,
  OpenModelOptions,
  Projections,
} from './types';

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
    slots: options.fixedShapes ?? options.device === 'dml',
    plainSoftmax: options.device === 'webgpu',
  };
  const sessionOptions = { ...options, weightsFolder: folder };
  const sessions = await openSessions(files, graphOptions, sessionOptions);
  return new OpenModel(files, graphOptions, sessionOptions, sessions);
}

type MapType = 'float32' | 'float16';

class OpenModel implements Model {
  readonly config: Model['config'];
  readonly precision: Model['precision'];
  readonly device: Model['device'];
  readonly parameters: number;
  readonly encodeLimit: number;
  private inspectors: Partial<Record<MapType, Promise<Session>>> = {};
  private lastProjections: { key: string; result: Promise<Projections> } | undefined;
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
    return inspect(await this.inspector('float32'), this.config, source, target);
  }

  async capture(source: readonly number[], inputs: readonly number[]): Promise<Capture> {
    this.refuseDisposed();
    // Not every card that WebGPU knows has half precision.
    const mapType = this.device === 'webgpu' ? 'float32' : 'float16';
    return capture(await this.inspector(mapType), this.config, source, inputs, mapType);
  }

  projections(
    place: AttentionPlace,
    source: readonly number[],
    inputs: readonly number[],
  ): Promise<Projections> {
    const key = [place.kind, place.layer, source, inputs].join('/');
    if (this.lastProjections?.key === key) return this.lastProjections.result;
    const result = this.project(place, source, inputs);
    this.lastProjections = { key, result };
    result.catch(() => (this.lastProjections = undefined));
    return result;
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
    const made = Object.values(this.inspectors).map((session) => session.catch(() => undefined));
    const inspectors = await Promise.all(made);
    await releaseSessions(this.sessions);
    for (const session of inspectors) await session?.release();
  }

  /** Made on first use: most models are never inspected. A failure is not kept, so that a later call tries again. */
  private inspector(mapType: MapType): Promise<Session> {
    const made = this.inspectors[mapType];
    if (made) return made;
    const { config, weights } = this.files;
    const graph = emitInspect(config, weights, this.graphOptions, mapType);
    // 200 MB would stay behind after a long text, for a pass that is rarely done twice.
    const session = createSession(graph, { ...this.sessionOptions, arena: false });
    this.inspectors[mapType] = session;
    session.catch(() => delete this.inspectors[mapType]);
    return session;
  }

  /** The session is let go at once: the next question about this attention is answered from the result. */
  private async project(
    place: AttentionPlace,
    source: readonly number[],
    inputs: readonly number[],
  ): Promise<Projections> {
    this.refuseDisposed();
    const { config, weights } = this.files;
    const graph = emitProjections(config, weights, this.graphOptions, place);
    const session = await createSession(graph, this.sessionOptions);
    try {
      return await projections(session, config, place, source, inputs);
    } finally {
      await session.release();
    }
  }

  private refuseDisposed(): void {
    if (this.disposed) throw new AppError('internal', 'The model was disposed');
  }
}
