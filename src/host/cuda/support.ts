import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfAborted } from '../../common/async';
import { AppError, cancelled } from '../../common/errors';
import { hashFile, type Installation } from '../../cuda/installation';
import { download } from './download';
import { install, uninstall } from './install';
import { type CudaFacts, type CudaPlaces, readFacts } from './places';
import { type ExpectedHash, findOffer, readHashFile } from './source';

export interface InstallHooks {
  readonly signal: AbortSignal;
  /** Bytes that have come, of all; the second is 0 where nobody knows. */
  readonly onProgress: (done: number, total: number) => void;
  /** Asks a person about an archive of which nobody says what it must be. */
  readonly confirm: (source: string, sha256: string) => Promise<boolean>;
  /** Between two attempts of a download. */
  readonly pauseMs?: number;
}

/** Installs and removes the CUDA support of this machine. Loaded when asked for: what reads archives is large. */
export class CudaSupport {
  constructor(private readonly places: CudaPlaces) {}

  /** Throws AppError downloadFailed, archiveInvalid, noSpace, invalidArgument, cancelled; nothing is installed then. */
  async fetch(mirror: string, hooks: InstallHooks): Promise<Installation> {
    const { signal, onProgress, pauseMs } = hooks;
    const facts = await readFacts(this.places);
    const { url, hash, bytes } = await findOffer(facts, mirror, signal);
    await mkdir(this.places.root, { recursive: true });
    const path = join(this.places.root, 'download');
    await download(url, path, {
      signal,
      onProgress: (done, total) => onProgress(done, total || (bytes ?? 0)),
      ...(pauseMs === undefined ? {} : { pauseMs }),
    });
    try {
      return await this.take(path, url, hash, facts, hooks);
    } finally {
      await rm(path, { force: true });
    }
  }

  /** As `fetch`, from a file; one of the same name that ends in .sha256 says what it must be. */
  async takeArchive(path: string, hooks: InstallHooks): Promise<Installation> {
    const beside = await readFile(`${path}.sha256`, 'utf8').catch(() => '');
    return this.take(path, path, readHashFile(beside), await readFacts(this.places), hooks);
  }

  /** Whether there was any. */
  remove(): Promise<boolean> {
    return uninstall(this.places.root);
  }

  private async take(
    archive: string,
    source: string,
    expected: ExpectedHash | undefined,
    { version, feeds }: CudaFacts,
    { signal, confirm }: InstallHooks,
  ): Promise<Installation> {
    const archiveSha256 = await this.hash(archive, 'sha256', signal);
    if (expected) {
      const { algorithm, hex } = expected;
      const actual =
        algorithm === 'sha256' ? archiveSha256 : await this.hash(archive, algorithm, signal);
      if (actual !== hex)
        throw new AppError('archiveInvalid', `${source} has another ${algorithm}: ${actual}.`, {
          problem: 'hash',
          path: source,
        });
    } else if (!(await confirm(source, archiveSha256))) throw cancelled();
    throwIfAborted(signal);
    const { root, binding } = this.places;
    const packageVersion = feeds[0]?.version ?? version;
    const request = { archive, source, archiveSha256, version, packageVersion, root, binding };
    return install(request, signal);
  }

  private async hash(
    path: string,
    algorithm: ExpectedHash['algorithm'],
    signal: AbortSignal,
  ): Promise<string> {
    try {
      return await hashFile(path, signal, algorithm);
    } catch (error) {
      throwIfAborted(signal);
      throw new AppError(
        'archiveInvalid',
        `${path} cannot be read.`,
        { problem: 'damaged', path },
        {
          cause: error,
        },
      );
    }
  }
}
