import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppError } from '../../../src/common/errors';
import { checkFiles, checkFilesNow, readInstallation } from '../../../src/cuda/installation';
import { type CudaPlaces, cudaSetup } from '../../../src/host/cuda/places';
import { CudaSupport, type InstallHooks } from '../../../src/host/cuda/support';
import {
  hashOf,
  nupkgEntries,
  PACKAGE_VERSION,
  PROVIDER,
  releaseEntries,
  tarOf,
  VERSION,
  wheelEntries,
  zipOf,
} from './archives';
import { elfFile } from './elfFile';
import { type FileServer, serveFiles } from './fileServer';

const FILES = [
  'libonnxruntime.so.1',
  'libonnxruntime_providers_cuda.so',
  'libonnxruntime_providers_shared.so',
  'onnxruntime_binding.node',
];

describe('CUDA support', function () {
  this.timeout(30_000);
  let folder: string;
  let places: CudaPlaces;
  let support: CudaSupport;
  let server: FileServer;
  let asked: string[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headlight-install-'));
    server = await serveFiles();
    places = {
      root: join(folder, 'storage', 'cuda'),
      binding: join(folder, 'extension'),
      facts: join(folder, 'cuda.json'),
    };
    await mkdir(places.binding);
    for (const name of ['onnxruntime_binding.node', 'libonnxruntime.so.1'])
      await writeFile(join(places.binding, name), `the extension's ${name}`);
    const feeds = [{ index: `${server.base}/v3/index.json`, version: PACKAGE_VERSION }];
    await writeFile(
      places.facts,
      JSON.stringify({ version: VERSION, package: 'Made.Up.Gpu.Linux', feeds }),
    );
    support = new CudaSupport(places);
    asked = [];
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const hooks = (changes: Partial<InstallHooks> = {}): InstallHooks => ({
    signal: new AbortController().signal,
    onProgress: () => undefined,
    confirm: (_source, sha256) => {
      asked.push(sha256);
      return Promise.resolve(true);
    },
    pauseMs: 0,
    ...changes,
  });
  const installed = () => join(places.root, VERSION);
  const failsWith = (code: string, problem?: string) => (error: AppError) => {
    equal(error.code, code, error.message);
    equal(error.data['problem'], problem);
    return true;
  };
  /** Nothing is left, whole or half. */
  const nothing = async () =>
    deepEqual(
      (await readdir(places.root).catch(() => [])).filter((name) => !name.startsWith('download')),
      [],
    );
  const archive = async (bytes: Uint8Array, hash = hashOf(bytes)): Promise<string> => {
    const path = join(folder, 'archive');
    await writeFile(path, bytes);
    await writeFile(`${path}.sha256`, `${hash.toString('hex')}  archive\n`);
    return path;
  };

  describe('from an archive', () => {
    it('is the same, whoever packed it', async () => {
      for (const [source, bytes] of [
        ['NuGet', zipOf(nupkgEntries())],
        ['Python', zipOf(wheelEntries())],
        ['the runtime', await tarOf(releaseEntries(), folder)],
      ] as const) {
        const path = await archive(bytes);
        const { files, archiveSha256 } = await support.takeArchive(path, hooks());
        equal(archiveSha256, hashOf(bytes).toString('hex'), source);
        deepEqual((await readdir(installed())).sort(), [...FILES, 'installed.json'].sort(), source);
        for (const { name, bytes: size, sha256 } of files) {
          const content = await readFile(join(installed(), name));
          deepEqual([size, sha256], [content.length, hashOf(content).toString('hex')], name);
        }
        const provider = await readFile(join(installed(), 'libonnxruntime_providers_cuda.so'));
        ok(provider.equals(PROVIDER), source);
        equal(readInstallation(installed())?.version, VERSION);
        equal(await support.remove(), true);
        equal(await support.remove(), false);
      }
      deepEqual(asked, [], 'a hash beside the archive answers for a person');
      equal(
        await readFile(join(places.binding, 'libonnxruntime.so.1'), 'utf8'),
        "the extension's libonnxruntime.so.1",
      );
    });

    it('is trusted by a person where nobody says what it must be', async () => {
      const bytes = zipOf(nupkgEntries());
      const path = await archive(bytes);
      await rm(`${path}.sha256`);
      await rejects(
        support.takeArchive(path, hooks({ confirm: () => Promise.resolve(false) })),
        failsWith('cancelled'),
      );
      await nothing();
      await support.takeArchive(path, hooks());
      deepEqual(asked, [hashOf(bytes).toString('hex')]);
    });

    it('is refused with another hash than its own, another version, or without what is needed', async () => {
      const entries = nupkgEntries();
      const cuda = 'runtimes/linux-x64/native/libonnxruntime_providers_cuda.so';
      const without = Object.fromEntries(Object.entries(entries).filter(([name]) => name !== cuda));
      const unstated = Object.fromEntries(
        Object.entries(entries).filter(([name]) => !name.endsWith('.nuspec')),
      );
      const cases: [string, Uint8Array, Buffer?][] = [
        ['hash', zipOf(entries), hashOf(Buffer.from('another'))],
        ['version', zipOf(nupkgEntries('9.8.6'))],
        ['version', zipOf(unstated)],
        ['incomplete', zipOf(without)],
        ['incomplete', zipOf({ ...entries, [cuda]: Buffer.from('no library') })],
        ['incomplete', zipOf({ ...entries, [`lib/${cuda.split('/').at(-1)}`]: PROVIDER })],
        ['damaged', zipOf(entries).subarray(0, 600)],
        ['damaged', (await tarOf(releaseEntries(), folder)).subarray(0, 300)],
        ['damaged', Buffer.from('neither of them')],
      ];
      for (const [problem, bytes, hash] of cases) {
        const path = await archive(bytes, hash);
        await rejects(support.takeArchive(path, hooks()), failsWith('archiveInvalid', problem));
        await nothing();
      }
      await rejects(
        support.takeArchive(join(folder, 'none'), hooks()),
        failsWith('archiveInvalid', 'damaged'),
      );
      await nothing();
    });

    it('leaves nothing when it is cancelled', async () => {
      const path = await archive(zipOf(nupkgEntries()));
      await rejects(
        support.takeArchive(path, hooks({ signal: AbortSignal.abort() })),
        failsWith('cancelled'),
      );
      await nothing();
      await rm(`${path}.sha256`);
      const abort = new AbortController();
      const confirm = () => {
        abort.abort();
        return Promise.resolve(true);
      };
      await rejects(
        support.takeArchive(path, hooks({ signal: abort.signal, confirm })),
        failsWith('cancelled'),
      );
      await nothing();
    });

    it('takes the place of what was there for another version, and of what was left half', async () => {
      for (const name of ['1.0.0', '.new-left', VERSION]) {
        await mkdir(join(places.root, name), { recursive: true });
        await writeFile(join(places.root, name, 'old'), '');
      }
      await support.takeArchive(await archive(zipOf(nupkgEntries())), hooks());
      deepEqual(await readdir(places.root), [VERSION]);
      ok(!(await readdir(installed())).includes('old'));
    });
  });

  describe('once installed', () => {
    it('is noticed when a file is not what was installed', async () => {
      await support.takeArchive(await archive(zipOf(nupkgEntries())), hooks());
      const record = readInstallation(installed());
      ok(record);
      await checkFiles(installed(), record, FILES);
      checkFilesNow(installed(), record, FILES);
      for (const name of FILES) {
        const path = join(installed(), name);
        const before = await readFile(path);
        const changed = Buffer.from(before);
        changed[changed.length - 1]! ^= 1;
        await writeFile(path, changed);
        await rejects(
          checkFiles(installed(), record, [name]),
          failsWith('archiveInvalid', 'damaged'),
        );
        await truncate(path, before.length - 1);
        let thrown: unknown;
        try {
          checkFilesNow(installed(), record, [name]);
        } catch (error) {
          thrown = error;
        }
        ok(failsWith('archiveInvalid', 'damaged')(thrown as AppError));
        await rm(path);
        await rejects(
          checkFiles(installed(), record, [name]),
          failsWith('archiveInvalid', 'damaged'),
        );
        await writeFile(path, before);
      }
      await checkFiles(installed(), record, FILES);
    });

    it('gives the engine its folder and the folders of what it needs', async () => {
      deepEqual(await cudaSetup(places), { variables: {}, missing: [] });
      await support.takeArchive(await archive(zipOf(nupkgEntries())), hooks());
      deepEqual((await cudaSetup(places)).missing, ['libnobodyhas.so.12']);
      const home = process.env['CUDA_HOME'];
      process.env['CUDA_HOME'] = join(folder, 'toolkit');
      try {
        const libraries = join(folder, 'toolkit', 'lib64');
        await mkdir(libraries, { recursive: true });
        await writeFile(join(libraries, 'libnobodyhas.so.12'), elfFile([]));
        const { missing, variables: environment } = await cudaSetup(places);
        deepEqual(missing, []);
        equal(environment['HEADLIGHT_CUDA'], installed());
        equal(environment['LD_LIBRARY_PATH']?.split(':').at(-1), libraries);
      } finally {
        if (home === undefined) delete process.env['CUDA_HOME'];
        else process.env['CUDA_HOME'] = home;
      }
    });
  });

  describe('from the network', () => {
    const file = `made.up.gpu.linux.${PACKAGE_VERSION}.nupkg`;
    const content = `/content/made.up.gpu.linux/${PACKAGE_VERSION}/${file}`;

    /** A feed of NuGet's third version with one package. */
    const publish = (bytes: Buffer, hash = hashOf(bytes, 'sha512')): void => {
      const { base, files } = server;
      const json = (value: unknown) => Buffer.from(JSON.stringify(value));
      files.set(
        '/v3/index.json',
        json({
          version: '3.0.0',
          resources: [
            { '@id': `${base}/content/`, '@type': 'PackageBaseAddress/3.0.0' },
            { '@id': `${base}/registration/`, '@type': 'RegistrationsBaseUrl/3.6.0' },
          ],
        }),
      );
      files.set(
        `/registration/made.up.gpu.linux/${PACKAGE_VERSION}.json`,
        json({ catalogEntry: `${base}/catalog/entry.json`, listed: true }),
      );
      files.set(
        '/catalog/entry.json',
        json({
          packageHash: hash.toString('base64'),
          packageHashAlgorithm: 'SHA512',
          packageSize: bytes.length,
        }),
      );
      files.set(content, bytes);
    };

    it('comes from the feed, which says what it must be', async () => {
      const bytes = zipOf(nupkgEntries());
      publish(bytes);
      const seen: [number, number][] = [];
      const record = await support.fetch('', hooks({ onProgress: (...of) => seen.push(of) }));
      deepEqual(seen.at(-1), [bytes.length, bytes.length]);
      deepEqual(
        [record.source, record.archiveSha256],
        [server.base + content, hashOf(bytes).toString('hex')],
      );
      deepEqual(asked, []);
      deepEqual(await readdir(places.root), [VERSION], 'the download is gone');
    });

    it('is refused, and fetched anew the next time, where it is not what the feed says', async () => {
      const bytes = zipOf(nupkgEntries());
      publish(bytes, hashOf(Buffer.from('another'), 'sha512'));
      await rejects(support.fetch('', hooks()), failsWith('archiveInvalid', 'hash'));
      deepEqual(await readdir(places.root), []);
      publish(bytes);
      await support.fetch('', hooks());
      equal(server.requests.filter((path) => path === content).length, 2);
    });

    it('is trusted by a person where a feed does not say what it must be', async () => {
      const bytes = zipOf(nupkgEntries());
      publish(bytes);
      const leaf = `/registration/made.up.gpu.linux/${PACKAGE_VERSION}.json`;
      server.files.set(leaf, Buffer.from('{"listed": true}'));
      await support.fetch('', hooks());
      deepEqual(asked, [hashOf(bytes).toString('hex')]);
      server.files.set('/v3/index.json', Buffer.from('{"resources": 3}'));
      await rejects(support.fetch('', hooks()), failsWith('downloadFailed'));
    });

    it('comes from a mirror: a folder, an archive, a feed', async () => {
      const bytes = zipOf(nupkgEntries());
      const { base, files } = server;
      files.set(`/mirror/${file}`, bytes);
      files.set(`/mirror/${file}.sha256`, Buffer.from(hashOf(bytes).toString('hex')));
      for (const mirror of [`${base}/mirror`, `${base}/mirror/`, `${base}/mirror/${file}`])
        equal((await support.fetch(mirror, hooks())).source, `${base}/mirror/${file}`);
      deepEqual(asked, []);
      files.delete(`/mirror/${file}.sha256`);
      await support.fetch(`${base}/mirror`, hooks());
      deepEqual(asked, [hashOf(bytes).toString('hex')]);
      publish(bytes);
      equal((await support.fetch(`${base}/v3/index.json`, hooks())).source, base + content);
    });

    it('says what went wrong, and leaves what is installed as it is', async () => {
      await support.takeArchive(await archive(zipOf(nupkgEntries())), hooks());
      await rejects(support.fetch('', hooks()), (error: AppError) => {
        equal(error.code, 'downloadFailed');
        equal(error.data['status'], 404);
        match(error.message, /v3\/index\.json/u);
        return true;
      });
      server.files.set('/v3/index.json', Buffer.from('no JSON'));
      await rejects(support.fetch('', hooks()), failsWith('downloadFailed'));
      await rejects(support.fetch(`${server.base}/mirror`, hooks()), failsWith('downloadFailed'));
      await rejects(support.fetch('ftp://a.example/', hooks()), failsWith('invalidArgument'));
      await rejects(support.fetch('mirror', hooks()), failsWith('invalidArgument'));
      await rejects(
        support.fetch('', hooks({ signal: AbortSignal.abort() })),
        failsWith('cancelled'),
      );
      equal(readInstallation(installed())?.version, VERSION);
    });
  });
});
