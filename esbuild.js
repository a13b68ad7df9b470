// Bundles the programs into dist/. `node esbuild.js [--watch] [--production]`; with `--tests` the suites that run in an editor, into out/test/.
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
};

/** Programs on Node: the packages that must stay outside the bundle are native or given by the editor. */
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode', 'onnxruntime-node'],
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
  {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'chrome124',
    entryPoints: ['src/webview/main.ts'],
    outfile: 'dist/webview.js',
  },
];

/** Suites of the extension host, which has no tsx; it loads the entry as CommonJS and calls its `run()`. */
const suites = ['integration', 'package'].map((name) => ({
  ...node,
  sourcemap: 'inline',
  entryPoints: [`test/${name}/index.ts`],
  outfile: `out/test/${name}/index.js`,
}));

async function main() {
  const contexts = await Promise.all(
    (tests ? suites : programs).map((options) => esbuild.context(options)),
  );
  if (watch) {
    await Promise.all(contexts.map((context) => context.watch()));
    return;
  }
  await Promise.all(contexts.map((context) => context.rebuild()));
  await Promise.all(contexts.map((context) => context.dispose()));
}

main().catch(() => process.exit(1));
