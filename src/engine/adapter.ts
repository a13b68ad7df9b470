import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DeviceName } from '../protocol/engine';

/** What a process that has a session on a device says of itself. */
export interface Adapter {
  /** File names of the libraries that do the work. */
  readonly libraries: readonly string[];
  /** Whether a graphics card's device file is open; unknown where the system does not say. */
  readonly holdsCard?: boolean;
}

const LIBRARIES: Readonly<Record<DeviceName, RegExp>> = {
  cpu: /^libonnxruntime\.so/u,
  cuda: /^libonnxruntime_providers_cuda\.so/u,
  // Vulkan's drivers: Mesa's and SwiftShader's, NVIDIA's, AMD's.
  webgpu: /^(?:libvulkan_|libvk_|libGLX_nvidia|libnvidia-(?:gl|vulkan)|amdvlk)/u,
  dml: /^DirectML/iu,
  coreml: /^CoreML/u,
};
/** Device files of graphics cards: DRM's, NVIDIA's, WSL's, Adreno's, Mali's, Tegra's. */
const CARDS = /^\/dev\/(?:dri\/|nvidia|dxg|kgsl|mali|nvhost|nvmap|nvgpu)/u;

/** Linux tells a process which files it has mapped and open; elsewhere the result is empty. */
export async function describeAdapter(device: DeviceName): Promise<Adapter> {
  if (process.platform !== 'linux') return { libraries: [] };
  const maps = await readFile('/proc/self/maps', 'utf8');
  const mapped = new Set([...maps.matchAll(/\/.*$/gmu)].map(([path]) => basename(path)));
  const open = await readdir('/proc/self/fd');
  const files = await Promise.all(
    // The descriptor by which the folder was read is closed by now.
    open.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')),
  );
  return {
    libraries: [...mapped].filter((name) => LIBRARIES[device].test(name)).sort(),
    holdsCard: files.some((path) => CARDS.test(path)),
  };
}
