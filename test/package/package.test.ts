import assert from 'node:assert/strict';
import { access, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { runInExtensionHost } from '../host/extensionHost';
import { ensureCurrentEditor } from '../host/install/current';
import { ARTIFACTS, BUNDLES, ROOT, SAMPLE_WORKSPACE } from '../host/paths';
import { removeFolder, run, tail, temporaryFolder } from '../host/process';
import { TARGETS, binariesOf, ignoreFileFor, vsce } from '../host/vsix';

const LARGEST_BYTES = 90_000_000;

/** A binary file by its name: native addons, libraries, and libraries with their version behind the ending. */
const BINARY = /\.(node|dll|dylib|exe|wasm|so(\.\d+)*)$/;

/** The regular expressions of grammars: the same on every platform. */
const PORTABLE = 'dist/onig.wasm';

/** What other extensions compile against. */
const TYPES = 'dist/api.d.ts';

/** What a user has no use for, or must not get. */
const UNWANTED = [
  /\.(ts|tsx|map|py|onnx)$/,
  /^(src|test|out|artifacts|models\/recipe|\.\w+)\//,
  /^(tsconfig|esbuild|eslint|package-lock|\.)/,
];

const WANTED = [
  'package.json',
  'package.nls.json',
  'package.nls.ko.json',
  'readme.md',
  'README.ko.md',
  'changelog.md',
  'LICENSE.txt',
  'l10n/bundle.l10n.ko.json',
  'dist/extension.js',
  'dist/engine.js',
  'dist/webview.js',
  PORTABLE,
  TYPES,
  'dist/cuda.json',
  'dist/panel.css',
  'dist/licenses.txt',
  'models/default/config.json',
  'models/default/tokenizer.json',
  'models/default/model.safetensors',
  'models/default/shortlist.bin',
  'models/default/MODEL_CARD.md',
  'models/default/LICENSE',
  'node_modules/onnxruntime-node/dist/index.js',
  'node_modules/onnxruntime-common/dist/cjs/index.js',
];

function packagesIn(paths: readonly string[]): string[] {
  const names = paths.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

describe('the package', function () {
  this.timeout(600_000);

  describe('for linux-x64', () => {
    const vsix = join(ARTIFACTS, 'headlight-linux-x64.vsix');
    let paths: string[];

    before(async () => {
      await mkdir(ARTIFACTS, { recursive: true });
      // As a person would call it, so that .vscodeignore itself is tested.
      const script = join(ROOT, 'node_modules', '@vscode', 'vsce', 'vsce');
      const args = [script, 'package', '--target', 'linux-x64', '--out', vsix];
      const result = await run(process.execPath, args, { cwd: ROOT, timeoutMs: 300_000 });
      assert.equal(result.code, 0, tail(result.output));
      const names: string[] = [];
      unzipSync(await readFile(vsix), {
        filter: ({ name }) => {
          names.push(name);
          return false;
        },
      });
      paths = names
        .filter((name) => name.startsWith('extension/'))
        .map((name) => name.slice('extension/'.length));
    });

    it(`is smaller than ${LARGEST_BYTES / 1e6} MB`, async () => {
      const { size } = await stat(vsix);
      assert.ok(size < LARGEST_BYTES, `${size} bytes`);
    });

    it('has everything that it needs', () => {
      assert.deepEqual(
        WANTED.filter((path) => !paths.includes(path)),
        [],
      );
    });

    it('has no sources, tests, maps or settings of ours', () => {
      assert.deepEqual(
        paths.filter((path) => path !== TYPES && UNWANTED.some((pattern) => pattern.test(path))),
        [],
      );
    });

    it('has no package but the one that cannot be bundled', () => {
      assert.deepEqual(packagesIn(paths), ['onnxruntime-common', 'onnxruntime-node']);
    });

    it("has its own platform's binaries and no other", () => {
      const binaries = paths.filter((path) => path !== PORTABLE && BINARY.test(path));
      assert.deepEqual(binaries.sort(), binariesOf('linux-x64').sort());
    });

    it('translates where it is installed', async () => {
      const folder = temporaryFolder('stub');
      // A test run needs an extension under development; this one is empty, so that what is installed is what runs.
      const stub = { name: 'stub', publisher: 'stub', version: '0.0.0', engines: { vscode: '*' } };
      await writeFile(join(folder, 'package.json'), JSON.stringify(stub));
      const report = await runInExtensionHost({
        editor: await ensureCurrentEditor(),
        vsix: [vsix],
        extension: folder,
        tests: join(BUNDLES, 'package', 'index.js'),
        workspace: SAMPLE_WORKSPACE,
        timeoutMs: 180_000,
      });
      await removeFolder(folder);
      assert.equal(report.tests.length, 2, JSON.stringify(report.tests));
      for (const test of report.tests) assert.equal(test.state, 'passed', test.error);
    });
  });

  for (const target of TARGETS) {
    it(`is told to take for ${target} its own binaries and no other, all of which exist`, async () => {
      const lines = (await ignoreFileFor(target)).split('\n');
      const binaries = lines.filter(
        (line) => line.startsWith('!') && line !== `!${PORTABLE}` && BINARY.test(line),
      );
      assert.deepEqual(
        binaries.sort(),
        binariesOf(target)
          .map((path) => `!${path}`)
          .sort(),
      );
      for (const path of binariesOf(target)) await access(join(ROOT, path));
    });
  }

  it('takes for another platform what it is told to', async () => {
    const paths = (await vsce('darwin-arm64', 'ls')).trim().split('\n');
    const binaries = paths.filter((path) => path !== PORTABLE && BINARY.test(path));
    assert.deepEqual(binaries.sort(), binariesOf('darwin-arm64').sort());
    assert.deepEqual(packagesIn(paths), ['onnxruntime-common', 'onnxruntime-node']);
  });
});
