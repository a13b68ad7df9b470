import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cudaEnvironment, searchForCuda } from '../../cuda/environment';
import { recordPath } from '../../cuda/installation';
import { anObject, aString, arrayOf, type Reader } from '../../protocol/shape';

export interface CudaPlaces {
  /** Folder of the editor's for what the extension keeps; nothing is written elsewhere. */
  readonly root: string;
  /** Folder of the extension's own binding of the runtime. */
  readonly binding: string;
  /** The file that the build wrote. */
  readonly facts: string;
}

/** What the runtime's own installer would fetch; written into dist/cuda.json when the extension is built. */
export interface CudaFacts {
  /** Of onnxruntime-node. */
  readonly version: string;
  /** Name of the package that has the provider, and where to ask for which of its versions, in order. */
  readonly package: string;
  readonly feeds: readonly { readonly index: string; readonly version: string }[];
}

const cudaFacts: Reader<CudaFacts> = anObject({
  version: aString,
  package: aString,
  feeds: arrayOf(anObject({ index: aString, version: aString }), 8),
});

export async function readFacts({ facts }: CudaPlaces): Promise<CudaFacts> {
  return cudaFacts(JSON.parse(await readFile(facts, 'utf8')), 'cuda.json');
}

/** What the engine's process is started with for what is installed. */
export interface CudaSetup {
  readonly variables: Readonly<Record<string, string>>;
  /** Libraries that this machine lacks. */
  readonly missing: readonly string[];
}

/** Where nothing is installed. */
export const NO_CUDA: CudaSetup = { variables: {}, missing: [] };

/** What is damaged the engine itself refuses, and says so. */
export async function cudaSetup(places: CudaPlaces): Promise<CudaSetup> {
  const folder = join(places.root, (await readFacts(places)).version);
  if (!existsSync(recordPath(folder))) return NO_CUDA;
  const { folders, missing } = await searchForCuda(folder);
  return { variables: cudaEnvironment(folder, folders), missing };
}
