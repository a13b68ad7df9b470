import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Command, RESULT_SCHEME, Setting } from '../../../src/host/ids';
import { hashOf, nupkgEntries, zipOf } from '../../unit/cuda/archives';
import { elfFile } from '../../unit/cuda/elfFile';
import { type FileServer, serveFiles } from '../../unit/cuda/fileServer';
import {
  activeDocument,
  closeEditors,
  command,
  ENGLISH_SENTENCE,
  enginePids,
  expectOutcome,
  KOREAN,
  openText,
  select,
  setSetting,
  shownText,
  textOnce,
} from '../support';

const LIBRARIES = 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64';
const CUDA = 'runtimes/linux-x64/native/libonnxruntime_providers_cuda.so';
/** Of a product that people know, and on no machine. */
const MISSING = 'libcudnn_headlight.so.9';

suite('CUDA support', () => {
  let server: FileServer;
  let folder: string;
  /** Address of the package below a mirror. */
  let path: string;
  let archive: Buffer;
  const extension = () => vscode.extensions.getExtension('headlight.headlight')!.extensionPath;

  suiteSetup(async () => {
    server = await serveFiles();
    folder = await mkdtemp(join(tmpdir(), 'headlight-cuda-'));
    const facts = JSON.parse(await readFile(join(extension(), 'dist/cuda.json'), 'utf8')) as {
      package: string;
      version: string;
      feeds: { version: string }[];
    };
    const version = facts.feeds[0]!.version;
    path = `/mirror/${facts.package}.${version}.nupkg`.toLowerCase();
    archive = zipOf({ ...nupkgEntries(version), [CUDA]: elfFile([MISSING]) });
    await setSetting(Setting.cudaMirror, `${server.base}/mirror`);
  });
  suiteTeardown(async () => {
    await command(Command.removeCuda);
    await setSetting(Setting.cudaMirror, undefined);
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  teardown(closeEditors);

  const translate = async (): Promise<void> => {
    const editor = await openText(ENGLISH_SENTENCE);
    select(editor, ENGLISH_SENTENCE);
    await expectOutcome(Command.translateSelection, 'shown');
    assert.match(await shownText(editor), KOREAN);
  };
  /** Where the engine has the runtime's library from. */
  const libraryInUse = async (): Promise<string | undefined> => {
    const [pid] = enginePids();
    const maps = await readFile(`/proc/${pid}/maps`, 'utf8');
    return /\S*libonnxruntime\.so\S*$/m.exec(maps)?.[0];
  };
  const own = () => join(extension(), LIBRARIES, 'libonnxruntime.so.1');

  test('goes on with the CPU where nothing can be fetched', async () => {
    assert.equal(await command(Command.installCuda, 'download'), 'failed');
    server.files.set(path, archive);
    server.files.set(`${path}.sha256`, Buffer.from(hashOf(Buffer.from('x')).toString('hex')));
    assert.equal(await command(Command.installCuda, 'download'), 'failed');
    assert.ok(server.requests.includes(path));
    await translate();
    assert.equal(await libraryInUse(), own());
  });

  test('is fetched from the mirror and used by a new engine, with the extension’s folder as it was', async () => {
    const before = await readdir(join(extension(), LIBRARIES));
    await translate();
    const [pid] = enginePids();
    server.files.set(path, archive);
    server.files.set(`${path}.sha256`, Buffer.from(`${hashOf(archive).toString('hex')}  x`));
    assert.equal(await command(Command.installCuda, 'download'), 'installed');
    await translate();
    assert.notEqual(enginePids()[0], pid);
    assert.match((await libraryInUse()) ?? '', /globalStorage\/headlight\.headlight\/cuda\/\d/u);
    assert.deepEqual(await readdir(join(extension(), LIBRARIES)), before);
  });

  test('that lacks a library of CUDA is told by the diagnostics in plain words', async () => {
    await command(Command.runDiagnostics);
    const report = await activeDocument(({ uri }) => uri.scheme === RESULT_SCHEME);
    // An older report may stand there until the editor asks for the new one.
    const sentence = `missing on this machine: ${MISSING} (NVIDIA cuDNN 9)`;
    await textOnce(report, new RegExp(sentence.replaceAll(/[().]/gu, '\\$&'), 'u'));
  });

  test('is removed, and comes from an archive on this machine', async () => {
    assert.equal(await command(Command.removeCuda), true);
    assert.equal(await command(Command.removeCuda), false);
    await translate();
    assert.equal(await libraryInUse(), own());
    const file = join(folder, 'provider.nupkg');
    await writeFile(file, archive);
    await writeFile(`${file}.sha256`, hashOf(archive).toString('hex'));
    assert.equal(await command(Command.installCuda, file), 'installed');
    await translate();
    assert.notEqual(await libraryInUse(), own());
  });
});
