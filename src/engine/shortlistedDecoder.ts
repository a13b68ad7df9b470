import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TransformerConfig } from '../transformer/config';
import type { ModelFiles } from './modelFiles';
import { OutputColumns } from './outputColumns';
import type { Session, Tensors } from './runtime';
import { Shortlist, SHORTLIST_FILE } from './shortlist';

/** A decoder for one batch: of one step a run, or of several with the columns of a shortlist (see emitDecoderLoop). */
export interface Decoder {
  readonly session: Session;
  readonly feeds: Tensors;
  /** Most steps of one run. */
  readonly mostSteps: number;
}

/** Of one run, which cannot be interrupted: how late a cancelled translation may notice. */
const MOST_STEPS = 8;

/** What stands between a shortlist's file and the decoder that is given the columns of a batch's pieces. */
export class ShortlistedDecoder {
  private constructor(
    readonly session: Session,
    private readonly config: TransformerConfig,
    private readonly shortlist: Shortlist,
    private readonly columns: OutputColumns,
  ) {}

  /** Undefined where the folder has no shortlist. Throws modelWeightsInvalid, and what `createDecoder` throws. */
  static async open(
    folder: string,
    files: ModelFiles,
    createDecoder: () => Promise<Session>,
  ): Promise<ShortlistedDecoder | undefined> {
    const bytes = await readFile(join(folder, SHORTLIST_FILE)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    if (!bytes) return undefined;
    const shortlist = Shortlist.parse(bytes, files.config.vocabularySize);
    const columns = await OutputColumns.read(folder, files);
    return new ShortlistedDecoder(await createDecoder(), files.config, shortlist, columns);
  }

  /** The decoder for one batch; undefined where the shortlist does not know its tag, or names fewer than `most` pieces. */
  choose(sources: readonly (readonly number[])[], most: number): Decoder | undefined {
    const { bannedTokenIds, endTokenId, renormalize } = this.config;
    const banned = new Set(bannedTokenIds);
    const found = this.shortlist.candidates(sources, [endTokenId, ...bannedTokenIds]);
    // As over the whole vocabulary, banned pieces take their share of the probability unless the model says otherwise.
    const ids = renormalize ? found?.filter((id) => !banned.has(id)) : found;
    if (!ids || ids.length < most) return undefined;
    const named = new Uint8Array(this.config.vocabularySize);
    for (const id of ids) named[id] = 1;
    for (const id of bannedTokenIds) named[id] = 1;
    const others: number[] = [];
    for (let id = 0; id < named.length; id++) if (named[id] === 0) others.push(id);
    const feeds = this.columns.gather(ids, others);
    return { session: this.session, feeds, mostSteps: MOST_STEPS };
  }
}
