import { join } from 'node:path';
import { AppError, toAppError } from '../common/errors';
import { checkFiles, CUDA_PROVIDER, PROVIDER_FILES, readInstallation } from '../cuda/installation';
import { linksOf, placesOf, searchLibraries } from '../cuda/libraries';
import { describeLibrary } from '../cuda/products';
import type { DeviceReport } from '../protocol/engine';
import { bindingFolder, refusal } from './cudaBinding';

/** Of a finding that a device is not available. */
export type Obstacle = Required<Pick<DeviceReport, 'reason' | 'obstacle'>> &
  Pick<DeviceReport, 'missing'>;

let found: Promise<Obstacle | undefined> | undefined;

/**
 * Why CUDA cannot be used by this process, as far as that shows before the runtime is asked: the provider is not
 * installed or not what was installed, or the loader will not find a library. Looked for once: the loader, too, reads
 * LD_LIBRARY_PATH once.
 */
export function cudaObstacle(): Promise<Obstacle | undefined> {
  found ??= look().catch((error: unknown) => damaged(toAppError(error).message));
  return found;
}

/** Throws deviceUnavailable. Nothing of CUDA is loaded before this has looked at it. */
export async function requireCuda(): Promise<void> {
  const detail = (await cudaObstacle())?.reason;
  if (detail !== undefined)
    throw new AppError('deviceUnavailable', detail, { device: 'cuda', detail });
}

async function look(): Promise<Obstacle | undefined> {
  if (refusal !== undefined) return damaged(refusal);
  const provider = join(bindingFolder, CUDA_PROVIDER);
  if (!(await linksOf(provider))) {
    const reason =
      'CUDA support is not installed. Run the command Install CUDA Support in VS Code.';
    return { reason, obstacle: 'cudaNotInstalled' };
  }
  const { missing } = await searchLibraries([provider], await placesOf(process.env, []));
  if (missing.length > 0) {
    const described = missing.map(describeLibrary);
    const reason = `Libraries of CUDA are missing on this machine: ${described.join('; ')}.`;
    return { reason, obstacle: 'cudaLibraries', missing: described };
  }
  // Whoever put the provider into the package's own folder answers for it.
  const installed = readInstallation(bindingFolder);
  if (installed) await checkFiles(bindingFolder, installed, PROVIDER_FILES);
  return undefined;
}

/** The files are not those of an installation that fits this program. */
function damaged(why: string): Obstacle {
  const reason = `${why} Run the command Install CUDA Support again.`;
  return { reason, obstacle: 'cudaDamaged' };
}
