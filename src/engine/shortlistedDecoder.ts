import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TransformerConfig } from '../transformer/config';
import { takeColumns } from './outputColumns';
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
    /** Of emitDecoderLoop. */
    readonly session: Session,
    /** Of emitOutputColumns. */
    private readonly columns: Session,
    private readonly config: TransformerConfig,
    private readonly shortlist: Shortlist,
  ) {}

  /** Undefined where the folder has no shortlist. Throws modelWeightsInvalid, and what `create` throws. */
  static async open(
    folder: string,
    config: TransformerConfig,
    create: { decoder(): Promise<Session>; columns(): Promise<Session> },
  ): Promise<ShortlistedDecoder | undefined> {
    const bytes = await readFile(join(folder, SHORTLIST_FILE)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    if (!bytes) return undefined;
    const shortlist = Shortlist.parse(bytes, config.vocabularySize);
    const columns = await create.columns();
    return new ShortlistedDecoder(await create.decoder(), columns, config, shortlist);
  }

  /**
   * The decoder for one batch; undefined where the shortlist does not know its tag, or names fewer than `most` pieces. Throws
   * inferenceFailed.
   */
  async choose(
    sources: readonly (readonly number[])[],
    most: number,
  ): Promise<Decoder | undefined> {
    const { bannedTokenIds, endTokenId, renormalize, vocabularySize } = this.config;
    const banned = new Set(bannedTokenIds);
    const found = this.shortlist.candidates(sources, [endTokenId, ...bannedTokenIds]);
    if (!found) return undefined;
    // As over the whole vocabulary, banned pieces take their share of the probability unless the model says otherwise.
    const ids = renormalize ? found.filter((id) => !banned.has(id)) : found;
    if (ids.length < most) return undefined;
    const isOther = new Uint8Array(vocabularySize).fill(1);
    for (const id of found) isOther[id] = 0;
    const feeds = await takeColumns(this.columns, ids, isOther);
    return { session: this.session, feeds, mostSteps: MOST_STEPS };
  }

  async release(): Promise<void> {
    await this.columns.release();
    await this.session.release();
  }
}
