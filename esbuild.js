// Bundles the programs into dist/. `node esbuild.js [--watch] [--production]`; with `--tests` the suites that run in an editor, into out/test/.
const { copyFileSync, readFileSync, readdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const esbuild = require('esbuild');

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const tests = process.argv.includes('--tests');

/** Options of every program; source maps are left out of what is published. */
const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'info',
  metafile: production,
};

/** Programs on Node: the packages that must stay outside the bundle are native or given by the editor. */
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode', 'onnxruntime-node'],
};

/**
 * Buttons of the elements' package load its icons, which no button of ours has and which bring the address of a manual along.
 */
const withoutIcons = {
  name: 'without-icons',
  setup(build) {
    build.onResolve({ filter: /\/vscode-icon\/index\.js$/ }, ({ path }) => ({
      path,
      namespace: 'left-out',
    }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: '' }));
  },
};

const webview = {
  ...common,
  platform: 'browser',
  format: 'iife',
  target: 'chrome124',
  entryPoints: ['src/webview/main.ts'],
  outfile: 'dist/webview.js',
  plugins: [withoutIcons],
};

const programs = [
  { ...node, entryPoints: ['src/host/main.ts'], outfile: 'dist/extension.js' },
  { ...node, entryPoints: ['src/engine/main.ts'], outfile: 'dist/engine.js' },
  {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
  },
  webview,
  // Beside its script: the panel may load from this one folder only.
  { ...common, entryPoints: ['media/panel.css'], outfile: 'dist/panel.css' },
];

/** Suites of the extension host, which has no tsx; it loads the entry as CommonJS and calls its `run()`. */
const suites = ['integration', 'package'].map((name) => ({
  ...node,
  sourcemap: 'inline',
  // Mocha resolves files of its parallel mode, which nothing here uses.
  logOverride: { 'require-resolve-not-external': 'silent' },
  entryPoints: [`test/${name}/index.ts`],
  outfile: `out/test/${name}/index.js`,
}));

/**
 * Where CUDA's provider of exactly this runtime comes from, as the runtime's own installer has it: the extension is published
 * without that installer, and no address of it stands in our sources.
 */
function writeCudaFacts() {
  const { manifests, packages, feeds } = require('onnxruntime-node/script/install-metadata.js');
  const { version } = require('onnxruntime-node/package.json');
  const files = Object.entries(manifests)
    .filter(([target]) => target.startsWith('linux/x64:'))
    .flatMap(([, manifest]) => Object.entries(manifest));
  const provider = files.find(([name]) => name.endsWith('libonnxruntime_providers_cuda.so'))[1];
  const { name, versions } = packages[provider.package];
  const facts = {
    version,
    package: name,
    feeds: versions.map(({ feed, version }) => ({ index: feeds[feed].index, version })),
  };
  writeFileSync('dist/cuda.json', `${JSON.stringify(facts, undefined, 1)}\n`);
}

/** Writes the licences of the packages that are inside the bundles, which ask for that in every copy. */
function writeLicenses(results) {
  const inputs = results.flatMap((result) => Object.keys(result.metafile.inputs));
  const names = inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  const texts = [...new Set(names.filter(Boolean)), 'onnxruntime-node'].sort().map((name) => {
    const folder = join('node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8');
    return `${name} ${version} (${license})\n\n${text}`.trimEnd();
  });
  writeFileSync('dist/licenses.txt', `${texts.join(`\n\n${'-'.repeat(72)}\n\n`)}\n`);
}

async function main() {
  const contexts = await Promise.all(
    (tests ? suites : programs).map((options) => esbuild.context(options)),
  );
  if (watch) {
    await Promise.all(contexts.map((context) => context.watch()));
    return;
  }
  const results = await Promise.all(contexts.map((context) => context.rebuild()));
  // The regular expressions of TextMate grammars run in it; loaded by path at the first use.
  if (!tests) copyFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'), 'dist/onig.wasm');
  // Types only: what other extensions compile against.
  if (!tests) copyFileSync('src/host/publicApi.ts', 'dist/api.d.ts');
  if (!tests) writeCudaFacts();
  if (production) writeLicenses(results);
  await Promise.all(contexts.map((context) => context.dispose()));
}

if (require.main === module) main().catch(() => process.exit(1));

module.exports = { webview };
