/**
 * The runtime looks for CUDA's provider beside its own library, and the extension's folder stays as it was installed. So a
 * folder that HEADLIGHT_CUDA names has copies of the binding and of the library beside the provider, and this puts that
 * binding in the place of the package's own. Must be imported before onnxruntime-node.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { toAppError } from '../common/errors';
import {
  BINDING,
  BINDING_FILES,
  checkFilesNow,
  CUDA_VARIABLE,
  readInstallation,
} from '../cuda/installation';

const load = createRequire(__filename);
const packageFolder = join(
  dirname(load.resolve('onnxruntime-node/package.json')),
  'bin/napi-v6',
  process.platform,
  process.arch,
);

/** Folder that the binding in use was loaded from: where the runtime looks for its providers. */
export let bindingFolder = packageFolder;
/** Why the folder that HEADLIGHT_CUDA names is not used. */
export let refusal: string | undefined;

const wanted = process.env[CUDA_VARIABLE];
if (wanted) {
  try {
    useBindingOf(wanted);
    bindingFolder = wanted;
  } catch (error) {
    // Without CUDA, but with the CPU.
    refusal = toAppError(error).message;
  }
}

/** Throws AppError archiveInvalid where a file is not as installed, and the loader's own error. */
function useBindingOf(folder: string): void {
  const installed = readInstallation(folder);
  if (!installed) throw new Error(`Nothing is installed in ${folder}.`);
  const { version } = load('onnxruntime-node/package.json') as { version: string };
  if (installed.version !== version) {
    throw new Error(`CUDA support is of ONNX Runtime ${installed.version}, not of ${version}.`);
  }
  checkFilesNow(folder, installed, BINDING_FILES);
  const path = load.resolve(join(folder, BINDING));
  load(path);
  // The package asks for its own file by path; Node answers from this table.
  load.cache[join(packageFolder, BINDING)] = load.cache[path];
}
