import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { create } from 'tar';
import { elfFile } from './elfFile';

/** Versions that the made-up extension and its feed have; they differ so that no test takes one for the other. */
export const VERSION = '9.8.7';
export const PACKAGE_VERSION = '9.8.7-dev.1';

export type Entries = Readonly<Record<string, Uint8Array>>;

export const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** What a provider that needs a library nobody has looks like. */
export const PROVIDER = elfFile(['libnobodyhas.so.12']);
const SHARED = elfFile([]);

/** As NuGet packs it. */
export function nupkgEntries(version = PACKAGE_VERSION): Entries {
  const native = 'runtimes/linux-x64/native';
  return {
    'Made.Up.Gpu.Linux.nuspec': text(
      `<package><metadata><version>${version}</version></metadata></package>`,
    ),
    [`${native}/libonnxruntime.so`]: text('not wanted'),
    [`${native}/libonnxruntime_providers_cuda.so`]: PROVIDER,
    [`${native}/libonnxruntime_providers_shared.so`]: SHARED,
    'runtimes/linux-arm64/native/libonnxruntime_providers_shared.so': text('of another machine'),
  };
}

/** As Python packs it. */
export function wheelEntries(version = PACKAGE_VERSION): Entries {
  return {
    [`onnxruntime_gpu-${version}.dist-info/METADATA`]: text(
      `Metadata-Version: 2.4\nName: onnxruntime-gpu\nVersion: ${version}\n`,
    ),
    'onnxruntime/capi/libonnxruntime_providers_cuda.so': PROVIDER,
    'onnxruntime/capi/libonnxruntime_providers_shared.so': SHARED,
  };
}

/** As the runtime's own releases are packed. */
export function releaseEntries(version = PACKAGE_VERSION): Entries {
  return {
    'onnxruntime-linux-x64-gpu/VERSION_NUMBER': text(`${version}\n`),
    'onnxruntime-linux-x64-gpu/lib/libonnxruntime_providers_cuda.so': PROVIDER,
    'onnxruntime-linux-x64-gpu/lib/libonnxruntime_providers_shared.so': SHARED,
  };
}

export function zipOf(entries: Entries): Buffer {
  return Buffer.from(zipSync(entries));
}

/** @returns the bytes of a tar.gz, made in a folder below `scratch`. */
export async function tarOf(entries: Entries, scratch: string): Promise<Buffer> {
  const folder = await mkdtemp(join(scratch, 'tar-'));
  for (const [name, bytes] of Object.entries(entries)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  const file = `${folder}.tgz`;
  await create({ gzip: true, file, cwd: folder }, ['.']);
  const bytes = await readFile(file);
  await rm(folder, { recursive: true });
  await rm(file);
  return bytes;
}

export function hashOf(bytes: Uint8Array, algorithm = 'sha256'): Buffer {
  return createHash(algorithm).update(bytes).digest();
}
