import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Debian's chromium carries SwiftShader, a Vulkan that computes on the CPU, and a Vulkan loader. */
const CHROMIUM = '/usr/lib/chromium';
const DRIVER = join(CHROMIUM, 'vk_swiftshader_icd.json');

/** The environment in which WebGPU finds the software GPU and no other. Throws, with what to do, where it is missing. */
export async function softwareGpu(): Promise<Record<string, string>> {
  try {
    await access(DRIVER);
  } catch {
    throw new Error(`${DRIVER} is missing: install Debian's package chromium to test WebGPU.`);
  }
  return { LD_LIBRARY_PATH: CHROMIUM, VK_ICD_FILENAMES: DRIVER, NODEVICE_SELECT: '1' };
}

/** An environment without any GPU, whatever the machine has. */
export const NO_GPU = { VK_ICD_FILENAMES: '/dev/null', NODEVICE_SELECT: '1' };
