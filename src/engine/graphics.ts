import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { join } from 'node:path';

/** Variables that decide which driver or library is loaded. */
const VARIABLES = [
  'CUDA_VISIBLE_DEVICES',
  'HEADLIGHT_CUDA',
  'LD_LIBRARY_PATH',
  'VK_DRIVER_FILES',
  'VK_ICD_FILENAMES',
];
/** Installed drivers of graphics cards, by Windows' number of their class. */
const WINDOWS_DRIVERS =
  'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}';
const PCI = '/sys/bus/pci/devices';
/** PCI base class of display controllers. */
const DISPLAY = '0x03';

/**
 * The machine's processors, graphics cards and their drivers, as far as the system says without a driver being loaded: where this
 * stays the same, so does what a device can do. macOS has its drivers from the system, whose version stands here, too.
 */
export async function graphicsIdentity(): Promise<string> {
  const processor = cpus()[0]?.model ?? '';
  const variables = VARIABLES.map((name) => `${name}=${process.env[name] ?? ''}`);
  const parts = [release(), process.arch, processor, ...variables, ...(await drivers())];
  return parts.join('\n');
}

function drivers(): Promise<string[]> {
  if (process.platform === 'linux') return linuxDrivers();
  if (process.platform === 'win32') return windowsDrivers();
  return Promise.resolve([]);
}

async function linuxDrivers(): Promise<string[]> {
  const folders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];
  const manifests = await Promise.all(folders.map(filesOf));
  const { VK_DRIVER_FILES = '', VK_ICD_FILENAMES = '', HEADLIGHT_CUDA = '' } = process.env;
  const named = [...VK_DRIVER_FILES.split(':'), ...VK_ICD_FILENAMES.split(':'), HEADLIGHT_CUDA];
  // The cache of the loader is written whenever a package brings a library.
  const files = ['/etc/ld.so.cache', ...manifests.flat(), ...named.filter((path) => path !== '')];
  const nvidia = await textOf('/proc/driver/nvidia/version');
  return [...(await cards()), nvidia, ...(await Promise.all(files.map(stamp)))];
}

async function cards(): Promise<string[]> {
  const found = await Promise.all(
    (await filesOf(PCI)).map(async (folder) => {
      const kind = await textOf(join(folder, 'class'));
      if (!kind.startsWith(DISPLAY)) return [];
      const [vendor, device] = await Promise.all([
        textOf(join(folder, 'vendor')),
        textOf(join(folder, 'device')),
      ]);
      return [`${vendor.trim()}:${device.trim()}`];
    }),
  );
  return found.flat();
}

/** Name and version of each. Nothing where the registry cannot be asked. */
function windowsDrivers(): Promise<string[]> {
  return new Promise((resolve) => {
    const query = ['query', WINDOWS_DRIVERS, '/s', '/f', 'Driver', '/t', 'REG_SZ'];
    execFile('reg', query, { windowsHide: true, timeout: 5000 }, (_error, stdout) =>
      resolve(stdout.split(/\r?\n/u).filter((line) => /DriverDesc|DriverVersion/u.test(line))),
    );
  });
}

async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.sort().map((name) => join(folder, name));
}

async function stamp(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return `${path} ${found ? `${found.size} ${found.mtimeMs}` : 'missing'}`;
}

function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
