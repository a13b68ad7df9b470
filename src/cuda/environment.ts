import { join } from 'node:path';
import { CUDA_PROVIDER, CUDA_VARIABLE } from './installation';
import { type LibrarySearch, placesOf, searchLibraries, usualFolders } from './libraries';

/** What of CUDA the provider in this folder finds on this machine. */
export async function searchForCuda(folder: string): Promise<LibrarySearch> {
  const places = await placesOf(process.env, await usualFolders(process.env));
  return searchLibraries([join(folder, CUDA_PROVIDER)], places);
}

/**
 * Variables for a process that is to use the CUDA support in this folder. The loader reads LD_LIBRARY_PATH when a process
 * begins, so it must be set by whoever starts it.
 */
export function cudaEnvironment(
  folder: string,
  folders: readonly string[],
): Record<string, string> {
  const own = process.env['LD_LIBRARY_PATH'];
  // Behind the user's own: what they have set is what they want.
  const path = [...(own ? [own] : []), ...folders].join(':');
  return { [CUDA_VARIABLE]: folder, ...(path === '' ? {} : { LD_LIBRARY_PATH: path }) };
}
