import assert from 'node:assert/strict';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { recordPath } from '../../src/cuda/installation';
import type { EngineClient } from '../../src/host/engine/client';
import { type CudaPlaces, cudaSetup } from '../../src/host/cuda/places';
import { CudaSupport } from '../../src/host/cuda/support';
import type { DeviceReport } from '../../src/protocol/engine';
import { hashOf, nupkgEntries, zipOf } from '../unit/cuda/archives';
import { elfFile } from '../unit/cuda/elfFile';
import {
  buildEngine,
  type BuiltEngine,
  clientOf,
  loadParams,
  translateParams,
} from './support/engine';
import { requireCli, runCli } from './support/cli';
import { NO_GPU } from './support/softwareGpu';

const PACKAGE = dirname(require.resolve('onnxruntime-node/package.json'));
const CUDA = 'runtimes/linux-x64/native/libonnxruntime_providers_cuda.so';
const SHARED = 'runtimes/linux-x64/native/libonnxruntime_providers_shared.so';
/** Of a product that people know, and on no machine. */
const MISSING = 'libcudnn_headlight.so.9';

describe('CUDA support in the engine', function () {
  this.timeout(300_000);
  let folder: string;
  let engine: BuiltEngine;
  let places: CudaPlaces;
  let version: string;
  let client: EngineClient | undefined;

  before(requireCli);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headlight-cuda-'));
    engine = await buildEngine();
    ({ version } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8')) as {
      version: string;
    });
    places = {
      root: join(folder, 'cuda'),
      binding: join(PACKAGE, 'bin/napi-v6/linux/x64'),
      facts: join(folder, 'cuda.json'),
    };
    const feeds = [{ index: 'https://feed.example/v3/index.json', version }];
    await writeFile(places.facts, JSON.stringify({ version, package: 'Made.Up', feeds }));
    await install(elfFile([MISSING]));
  });
  after(async () => {
    await engine.remove();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(stop);

  async function stop(): Promise<void> {
    await client?.stop();
    client?.dispose();
    client = undefined;
  }

  const installed = (name: string) => join(places.root, version, name);

  async function install(cuda: Buffer, shared = elfFile([])): Promise<void> {
    const bytes = zipOf({ ...nupkgEntries(version), [CUDA]: cuda, [SHARED]: shared });
    const archive = join(folder, 'archive.nupkg');
    await writeFile(archive, bytes);
    await writeFile(`${archive}.sha256`, hashOf(bytes).toString('hex'));
    await new CudaSupport(places).takeArchive(archive, {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      confirm: () => assert.fail('asked'),
    });
  }

  /** Starts the engine as the editor does and translates, whatever became of CUDA. Gives what it says of CUDA. */
  async function reasonAgainstCuda(): Promise<string> {
    await stop();
    const { variables: environment } = await cudaSetup(places);
    client = clientOf(engine.path, { env: NO_GPU, environment: () => environment });
    const info = await client.request('load', loadParams({ device: 'cuda' }));
    assert.equal(info.device, 'cpu');
    const { results } = await client.request('translate', translateParams(['Open the file.']));
    assert.match(results[0]?.text ?? '', /[가-힣]/u);
    const report = info.devices.find(({ device }) => device === 'cuda');
    assert.deepEqual([report?.available, report?.chosen], [false, false]);
    return report?.reason ?? '';
  }

  /** Where the engine's process has the runtime's library from. */
  async function libraryInUse(): Promise<string[]> {
    const maps = await readFile(`/proc/${client?.pid}/maps`, 'utf8');
    const paths = maps
      .split('\n')
      .flatMap((line) => /\S*libonnxruntime\.so\S*$/.exec(line)?.[0] ?? []);
    return [...new Set(paths)];
  }

  it('runs the binding beside the provider, and says in plain words which library is missing', async () => {
    const reason = await reasonAgainstCuda();
    assert.equal(
      reason,
      `Libraries of CUDA are missing on this machine: ${MISSING} (NVIDIA cuDNN 9).`,
    );
    assert.deepEqual(await libraryInUse(), [installed('libonnxruntime.so.1')]);
  });

  it('is what the command line uses, with the folders of what it needs', async () => {
    const toolkit = join(folder, 'toolkit');
    const reason = async (): Promise<string> => {
      const env = {
        ...NO_GPU,
        HEADLIGHT_CUDA: installed(''),
        CUDA_HOME: toolkit,
        XDG_CACHE_HOME: join(folder, 'cache'),
      };
      const { code, stdout, stderr } = await runCli(['devices', '--json'], '', env);
      assert.equal(code, 0, stderr);
      const reports = JSON.parse(stdout) as DeviceReport[];
      assert.equal(reports.find(({ chosen }) => chosen)?.device, 'cpu');
      return reports.find(({ device }) => device === 'cuda')?.reason ?? '';
    };
    assert.match(await reason(), new RegExp(`missing on this machine: ${MISSING}`, 'u'));
    await mkdir(join(toolkit, 'lib64'), { recursive: true });
    await writeFile(join(toolkit, 'lib64', MISSING), elfFile([]));
    // Found now, so that it is tried; it only looks like a library.
    assert.match(await reason(), /^The trial process ended/u);
  });

  it('loads no binding that is not the one installed, and goes on with the extension’s own', async () => {
    for (const name of ['onnxruntime_binding.node', 'libonnxruntime.so.1']) {
      const { size } = await stat(installed(name));
      await appendFile(installed(name), ' ');
      const reason = await reasonAgainstCuda();
      assert.match(reason, /is not the file that was installed.* Run the command/u);
      assert.ok(reason.includes(name));
      assert.deepEqual(await libraryInUse(), [join(places.binding, 'libonnxruntime.so.1')]);
      await stop();
      await truncate(installed(name), size);
    }
  });

  it('takes nothing that belongs to another version of the runtime', async () => {
    const record = await readFile(recordPath(installed('')), 'utf8');
    await writeFile(recordPath(installed('')), record.replace(`"${version}"`, '"0.1.2"'));
    const reason = await reasonAgainstCuda();
    assert.ok(reason.includes(`CUDA support is of ONNX Runtime 0.1.2, not of ${version}.`), reason);
    assert.deepEqual(await libraryInUse(), [join(places.binding, 'libonnxruntime.so.1')]);
    await writeFile(recordPath(installed('')), '{');
    assert.match(await reasonAgainstCuda(), /installed\.json/u);
    await writeFile(recordPath(installed('')), record);
  });

  it('loads no provider that is not the one installed', async () => {
    await install(elfFile([]));
    await appendFile(installed('libonnxruntime_providers_cuda.so'), ' ');
    const reason = await reasonAgainstCuda();
    assert.match(
      reason,
      /libonnxruntime_providers_cuda\.so in .* is not the file that was installed/u,
    );
  });

  it('what the runtime says on stderr only stands in the report', async () => {
    // Nothing is missing, but these are no providers.
    const library = await readFile(join(places.binding, 'onnxruntime_binding.node'));
    await install(library, library);
    const [first = '', ...stderr] = (await reasonAgainstCuda()).split('\n');
    assert.match(first, /^No session on cuda/u);
    assert.match(stderr.join('\n'), /Provider_SetHost/u);
  });

  it('is not there until it is installed', async () => {
    await new CudaSupport(places).remove();
    assert.match(await reasonAgainstCuda(), /^CUDA support is not installed\. Run the command/u);
    assert.deepEqual(await libraryInUse(), [join(places.binding, 'libonnxruntime.so.1')]);
  });
});
