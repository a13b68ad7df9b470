import { deepEqual, equal } from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { placesOf, searchLibraries, usualFolders } from '../../../src/cuda/libraries';
import { describeLibrary } from '../../../src/cuda/products';
import { elfFile } from './elfFile';

describe('libraries of CUDA', function () {
  this.timeout(30_000);
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'headlight-cuda-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const put = async (path: string, ...asked: Parameters<typeof elfFile>): Promise<string> => {
    const full = join(root, path);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, elfFile(...asked));
    return full;
  };

  it('are followed as the loader follows them', async () => {
    const provider = await put('provider.so', ['libcublas.so.12', 'libcudart.so.12', 'libx.so.1']);
    await put('path/libx.so.1', []);
    // Asks for one beside itself and for one that is nowhere.
    await put('toolkit/libcublas.so.12', ['libcublasLt.so.12', 'libgone.so.1'], '$ORIGIN');
    await put('toolkit/libcublasLt.so.12', []);
    await put('unused/libother.so', []);
    await writeFile(join(root, 'unused/libcudart.so.12'), 'no library');
    const cached = await put('driver/libcudart.so.12', []);
    const search = await searchLibraries([provider], {
      path: [join(root, 'path')],
      system: new Map([['libcudart.so.12', cached]]),
      usual: [join(root, 'unused'), join(root, 'toolkit')],
    });
    deepEqual(search, { missing: ['libgone.so.1'], folders: [join(root, 'toolkit')] });
  });

  it('that the loader finds by itself are not looked for elsewhere', async () => {
    const places = await placesOf({ LD_LIBRARY_PATH: `${root}/a:${root}/b` }, []);
    deepEqual(places.path, [`${root}/a`, `${root}/b`]);
    const binding =
      require.resolve('onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node');
    deepEqual(await searchLibraries([binding], places), { missing: [], folders: [] });
  });

  it('are looked for in packages of Python and in the toolkit, newest first', async () => {
    const nvidia = 'venv/lib/python3.12/site-packages/nvidia';
    for (const folder of [`${nvidia}/cublas/lib`, `${nvidia}/cudnn/lib`, 'toolkit/lib64'])
      await mkdir(join(root, folder), { recursive: true });
    const folders = await usualFolders({
      CUDA_HOME: join(root, 'toolkit'),
      VIRTUAL_ENV: join(root, 'venv'),
    });
    deepEqual(
      folders.filter((folder) => folder.startsWith(root)),
      ['toolkit/lib64', `${nvidia}/cudnn/lib`, `${nvidia}/cublas/lib`].map((path) =>
        join(root, path),
      ),
    );
  });

  it('are named in plain words', () => {
    equal(describeLibrary('libcublasLt.so.12'), 'libcublasLt.so.12 (CUDA Toolkit 12, cuBLAS)');
    equal(describeLibrary('libcufft.so.11'), 'libcufft.so.11 (CUDA Toolkit 12, cuFFT)');
    equal(describeLibrary('libcurand.so.10'), 'libcurand.so.10 (CUDA Toolkit, cuRAND)');
    equal(describeLibrary('libcudnn_ops.so.9'), 'libcudnn_ops.so.9 (NVIDIA cuDNN 9)');
    equal(describeLibrary('libcuda.so.1'), 'libcuda.so.1 (the NVIDIA driver)');
    equal(describeLibrary('libz.so.1'), 'libz.so.1');
  });
});
