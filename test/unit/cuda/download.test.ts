import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppError } from '../../../src/common/errors';
import { download } from '../../../src/host/cuda/download';
import { type FileServer, serveFiles } from './fileServer';

const BODY = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251));

describe('download', function () {
  this.timeout(30_000);
  let folder: string;
  let path: string;
  let server: FileServer;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headlight-download-'));
    path = join(folder, 'file');
    server = await serveFiles();
    server.files.set('/file', BODY);
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** `onBytes` is called whenever some have come and are on the disk. */
  const fetchFile = async (
    onBytes: () => void = () => undefined,
    signal = new AbortController().signal,
  ): Promise<[number, number][]> => {
    const seen: [number, number][] = [];
    const onProgress = (done: number, total: number) => {
      if (done > (seen.at(-1)?.[0] ?? done)) onBytes();
      seen.push([done, total]);
    };
    await download(`${server.base}/file`, path, { signal, onProgress, pauseMs: 0 });
    return seen;
  };
  const failsWith =
    (code: string, data: Record<string, unknown> = {}) =>
    (error: AppError) => {
      equal(error.code, code, error.message);
      for (const [name, value] of Object.entries(data)) equal(error.data[name], value, name);
      return true;
    };

  it('writes the file, tells how far it is and leaves nothing else', async () => {
    const seen = await fetchFile();
    deepEqual(await readFile(path), BODY);
    deepEqual(seen[0], [0, BODY.length]);
    deepEqual(seen.at(-1), [BODY.length, BODY.length]);
    ok(seen.every(([done], index) => done >= (seen[index - 1]?.[0] ?? 0)));
    deepEqual(await readdir(folder), ['file']);
  });

  it('goes on where a connection broke', async () => {
    server.faults.set('/file', { hangAfter: 100_000, times: 1 });
    let broken = 0;
    const seen = await fetchFile(() => broken++ === 0 && server.cut());
    deepEqual(await readFile(path), BODY);
    const [first, again] = seen.filter(
      ([done], index) => done === seen[index - 1]?.[0] || index === 0,
    );
    deepEqual(first, [0, BODY.length]);
    deepEqual(server.requests, ['/file', `/file bytes=${again?.[0]}-`]);
    ok((again?.[0] ?? 0) > 0);
  });

  it('goes on where an earlier call was cancelled', async () => {
    server.faults.set('/file', { hangAfter: 120_000, times: 1 });
    const abort = new AbortController();
    await rejects(
      fetchFile(() => abort.abort(), abort.signal),
      failsWith('cancelled'),
    );
    const part = await readFile(path);
    ok(part.length > 0 && part.length <= 120_000);
    const seen = await fetchFile();
    deepEqual(server.requests, ['/file', `/file bytes=${part.length}-`]);
    deepEqual(seen[0], [part.length, BODY.length]);
    deepEqual(await readFile(path), BODY);
  });

  it('starts anew where the file on the server is another by now', async () => {
    server.faults.set('/file', { hangAfter: 100_000, times: 1 });
    const other = Buffer.from(BODY).reverse();
    await fetchFile(() => {
      if (server.files.get('/file') === other) return;
      server.files.set('/file', other);
      server.cut();
    });
    equal(server.requests.length, 2);
    deepEqual(await readFile(path), other);
  });

  it('starts anew where the server does not say which file it has', async () => {
    await server.close();
    server = await serveFiles(false);
    server.files.set('/file', BODY);
    server.faults.set('/file', { hangAfter: 100_000, times: 1 });
    let broken = 0;
    await fetchFile(() => broken++ === 0 && server.cut());
    deepEqual(server.requests, ['/file', '/file']);
    deepEqual(await readFile(path), BODY);
  });

  it('takes no part that belongs to another address', async () => {
    await writeFile(path, 'something else');
    await writeFile(
      `${path}.state`,
      JSON.stringify({ url: 'http://a.example/', validator: '"x"' }),
    );
    await fetchFile();
    deepEqual(server.requests, ['/file']);
    deepEqual(await readFile(path), BODY);
  });

  it('says at once that there is no such file', async () => {
    server.files.clear();
    await rejects(fetchFile(), failsWith('downloadFailed', { status: 404 }));
    equal(server.requests.length, 1);
  });

  it('gives up after three attempts without a byte, and keeps what came before', async () => {
    server.faults.set('/file', { hangAfter: 50_000, times: 1 });
    const call = fetchFile(() => {
      server.faults.set('/file', { status: 503, times: 3 });
      server.cut();
    });
    await rejects(call, failsWith('downloadFailed', { status: 503 }));
    ok((await readFile(path)).length > 0);
    equal(server.requests.length, 4);
    await fetchFile();
    deepEqual(await readFile(path), BODY);
  });

  it('says that nobody answers', async () => {
    await server.close();
    await rejects(fetchFile(), failsWith('downloadFailed', { detail: 'ECONNREFUSED' }));
    server = await serveFiles();
  });

  it('writes nothing where the disk has no room for it', async () => {
    server.faults.set('/file', { contentLength: 2 ** 52, hangAfter: 10, times: 1 });
    await rejects(fetchFile(), failsWith('noSpace', { needed: 2 ** 52, path: folder }));
    deepEqual(await readdir(folder), []);
  });
});
