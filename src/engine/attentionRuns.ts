import { LRUCache } from 'lru-cache';
import { distribution } from '../attention/candidates';
import { throwIfAborted } from '../common/async';
import { AppError } from '../common/errors';
import type { AttentionAnswer, AttentionQuery } from '../protocol/attentionQueries';
import type { AttentionRun, PanelToken } from '../protocol/attentionRun';
import type { InspectParams } from '../protocol/engine';
import { answerQuery, type KeptRun, type QueryContext } from './attentionQueries';
import type { Capture } from './capture';
import { describeHeads } from './describeHeads';
import { fileHash, readAlignment } from './folder';
import { prepareInspection, type Inspection, type InspectParts } from './inspection';
import { prepareTask } from './inspectTask';
import { thumbnailSide } from './manifest';
import { pieceText, reduceLogits } from './stepQueries';
import type { Turns } from './turns';

/** A run of 144 maps of 512 x 512 weights takes 72 MiB. */
const MOST_RUNS = 3;

interface Kept extends KeptRun {
  readonly identity: string;
}

type Marks = Pick<AttentionRun, 'modelHash' | 'tokenizerHash' | 'alignment'>;

/** What attention is shown from: the last few runs, in half precision, one map given at a time. */
export class AttentionRuns {
  private readonly runs = new LRUCache<number, Kept>({ max: MOST_RUNS });
  /** Begins with the time: numbers of an engine process that died must not mean runs of the next one. */
  private nextRun = Date.now();
  private marks: { readonly identity: string; readonly read: Promise<Marks> } | undefined;

  /**
   * Translates the sentences that are shown, then takes every map from one teacher-forced pass over the whole output. Throws
   * invalidArgument if there is no sentence, textTooLong, cancelled, inferenceFailed, modelNotFound if the folder is gone.
   */
  async inspect(
    parts: InspectParts,
    params: InspectParams,
    signal: AbortSignal,
  ): Promise<AttentionRun> {
    // Read meanwhile: what it may fail with is thrown where it is awaited.
    this.marksOf(parts).catch(() => undefined);
    const { task } = params;
    const inspection = task
      ? await prepareTask(parts, params, task, signal)
      : await prepareInspection(parts, params, signal);
    return this.open(parts, params, inspection, signal);
  }

  /** The pass and what is made of it. Throws as inspect. */
  async open(
    parts: InspectParts,
    params: Pick<InspectParams, 'text' | 'decoding'>,
    { ended, searched, refused, ...inspection }: Inspection,
    signal: AbortSignal,
  ): Promise<AttentionRun> {
    const { model, info, identity } = parts;
    const { encoder, decoder, vocabularySize } = model.config;
    const about = {
      runId: this.nextRun++,
      modelName: info.name,
      ...(await this.marksOf(parts)),
      encoderLayers: encoder.layers,
      decoderLayers: decoder.layers,
      heads: encoder.heads,
      selectionLength: params.text.length,
      ...inspection,
      ...(refused ? { refused } : {}),
    };
    const side = thumbnailSide(about);
    const { maps, valueNorms, logits } = await captureInspection(parts, about, signal);
    const predicted = ended
      ? about.predicted
      : withLast(parts, about.predicted, logits.subarray(-vocabularySize));
    const shape = { ...about, predicted, thumbnailSide: side };
    const run = { ...shape, ...(await describeHeads(shape, { maps, valueNorms })) };
    throwIfAborted(signal);
    const ids = predicted.map(({ id }) => id);
    const steps = reduceLogits(logits, ids, vocabularySize);
    const { decoding } = params;
    this.runs.set(run.runId, { identity, run, maps, steps, searched, decoding });
    return run;
  }

  /** Throws invalidArgument if the run is gone or has nothing of the kind that is asked for. */
  async answer(
    query: AttentionQuery,
    signal: AbortSignal,
    turns: Turns,
    use: QueryContext['useModel'],
  ): Promise<AttentionAnswer> {
    const kept = this.runs.get(query.runId);
    if (!kept)
      throw new AppError('invalidArgument', `Run ${query.runId} is no longer kept.`, {
        what: 'run',
      });
    const useModel: QueryContext['useModel'] = (work) =>
      use((loaded) => {
        if (loaded.identity === kept.identity) return work(loaded);
        throw new AppError('invalidArgument', 'The model of the run is gone.', { what: 'run' });
      });
    return answerQuery({ kept, signal, turns, useModel }, query);
  }

  /** Read once for a model: its weights are hashed whole. */
  private marksOf({ identity, info, model }: InspectParts): Promise<Marks> {
    if (this.marks?.identity === identity) return this.marks.read;
    const read = readMarks(info.modelPath, model.config.decoder.layers);
    this.marks = { identity, read };
    read.catch(() => (this.marks = undefined));
    return read;
  }
}

async function readMarks(folder: string, decoderLayers: number): Promise<Marks> {
  const [modelHash, tokenizerHash, alignment] = await Promise.all([
    fileHash(folder, 'model.safetensors'),
    fileHash(folder, 'tokenizer.json'),
    readAlignment(folder, decoderLayers),
  ]);
  return { modelHash, tokenizerHash, alignment };
}

/** Every map of one pass over an inspection, in its turn. */
export async function captureInspection(
  { model, turns }: InspectParts,
  { source, target }: Pick<Inspection, 'source' | 'target'>,
  signal: AbortSignal,
): Promise<Capture> {
  const release = await turns.take(source.length, signal);
  try {
    const captured = await model.capture(
      source.map(({ id }) => id),
      target.map(({ id }) => id),
    );
    throwIfAborted(signal);
    return captured;
  } finally {
    release();
  }
}

/** An output that was cut off has no end: what its last row would go on with stands there. */
function withLast(
  { tokenizer }: InspectParts,
  predicted: readonly PanelToken[],
  logits: Float32Array,
): PanelToken[] {
  const id = distribution(logits, 0, 1).ids[0] ?? 0;
  const last = { id, text: pieceText(tokenizer, id), start: -1, end: -1, special: true, word: -1 };
  return [...predicted.slice(0, -1), last];
}
