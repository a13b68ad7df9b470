import { join } from 'node:path';
import { AppError, toAppError } from '../common/errors';
import { checkFiles, CUDA_PROVIDER, PROVIDER_FILES, readInstallation } from '../cuda/installation';
import { linksOf, placesOf, searchLibraries } from '../cuda/libraries';
import { describeLibrary } from '../cuda/products';
import { bindingFolder, refusal } from './cudaBinding';

let found: Promise<string | undefined> | undefined;

/**
 * Why CUDA cannot be used by this process, in words, as far as that shows before the runtime is asked: the provider is not
 * installed or not what was installed, or the loader will not find a library. Looked for once: the loader, too, reads
 * LD_LIBRARY_PATH once.
 */
export function cudaObstacle(): Promise<string | undefined> {
  found ??= look().catch((error: unknown) => toAppError(error).message);
  return found;
}

/** Throws deviceUnavailable. Nothing of CUDA is loaded before this has looked at it. */
export async function requireCuda(): Promise<void> {
  const detail = await cudaObstacle();
  if (detail !== undefined)
    throw new AppError('deviceUnavailable', detail, { device: 'cuda', detail });
}

async function look(): Promise<string | undefined> {
  if (refusal !== undefined) return `${refusal} Run the command Install CUDA Support again.`;
  const provider = join(bindingFolder, CUDA_PROVIDER);
  if (!(await linksOf(provider))) {
    return 'CUDA support is not installed. Run the command Install CUDA Support in VS Code.';
  }
  const { missing } = await searchLibraries([provider], await placesOf(process.env, []));
  if (missing.length > 0) {
    return `Libraries of CUDA are missing on this machine: ${missing.map(describeLibrary).join('; ')}.`;
  }
  // Whoever put the provider into the package's own folder answers for it.
  const installed = readInstallation(bindingFolder);
  if (installed) await checkFiles(bindingFolder, installed, PROVIDER_FILES);
  return undefined;
}
