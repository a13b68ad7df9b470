import type { Files } from './files';
import { readImports, type Import } from './imports';

interface Layer {
  /** Other layers it may import. */
  readonly below: readonly string[];
  /** Packages and built-in modules it may import; `node:*` stands for all of Node. */
  readonly packages: readonly string[];
}

const PURE = ['common', 'text', 'tokenizer', 'transformer', 'attention'] as const;

/** The map that ARCHITECTURE.md draws. A package not listed here needs a reason before it is. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  common: { below: [], packages: [] },
  text: {
    below: ['common'],
    packages: [
      'es-hangul',
      'mdast',
      'mdast-util-from-markdown',
      'mdast-util-frontmatter',
      'mdast-util-gfm',
      'micromark-extension-frontmatter',
      'micromark-extension-gfm',
    ],
  },
  tokenizer: { below: ['common'], packages: [] },
  transformer: { below: ['common'], packages: ['protobufjs'] },
  attention: { below: ['common'], packages: [] },
  protocol: { below: [...PURE], packages: [] },
  cuda: { below: ['common', 'protocol'], packages: ['node:*'] },
  engine: {
    below: [...PURE, 'protocol', 'cuda'],
    packages: ['node:*', 'onnxruntime-node', 'vscode-jsonrpc', 'lru-cache'],
  },
  host: {
    below: ['common', 'text', 'protocol', 'cuda'],
    packages: [
      'node:*',
      'vscode',
      'vscode-jsonrpc',
      'vscode-oniguruma',
      'vscode-textmate',
      'lru-cache',
      '@eslint-community/regexpp',
      'tar',
      'yauzl',
    ],
  },
  webview: {
    below: ['common', 'transformer', 'attention', 'protocol'],
    packages: ['@vscode-elements/elements'],
  },
  cli: { below: [...PURE, 'protocol', 'cuda', 'engine'], packages: ['node:*', 'fflate'] },
};

/** A program's entry is not a library: not even the CLI, which uses the engine's other files, may import it. */
const ENTRY = /^src\/[^/]+\/main\.ts$/;

const sourcesOnly = (files: Files): Files =>
  new Map([...files].filter(([path]) => /^src\/.*\.ts$/.test(path)));

export function checkLayers(files: Files): string[] {
  const problems: string[] = [];
  for (const [path, imports] of readImports(sourcesOnly(files))) {
    const name = layerOf(path);
    const layer = LAYERS[name];
    if (!layer) {
      problems.push(`${path}: belongs to no layer`);
      continue;
    }
    for (const entry of imports) {
      const problem = checkImport(name, layer, entry);
      if (problem !== undefined) problems.push(`${path}: ${problem}`);
    }
  }
  return problems;
}

function checkImport(name: string, layer: Layer, entry: Import): string | undefined {
  const { specifier, target } = entry;
  if (!specifier.startsWith('.'))
    return isAllowedPackage(layer.packages, specifier)
      ? undefined
      : `${name} may not import the package ${specifier}`;
  if (target === undefined) return `${specifier} is no source file`;
  if (ENTRY.test(target)) return `imports the program ${target}`;
  const other = layerOf(target);
  if (other === name || layer.below.includes(other)) return undefined;
  return `${name} may not import ${other} (${specifier})`;
}

/** `src/text/plan.ts` is in `text`; a file directly under `src` is in a layer of its own name, that is, in none. */
function layerOf(path: string): string {
  return path.split('/')[1] ?? path;
}

function isAllowedPackage(allowed: readonly string[], specifier: string): boolean {
  if (specifier.startsWith('node:')) return allowed.includes('node:*');
  // A path inside a package (`vscode-jsonrpc/node`) is still that package.
  return allowed.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}

/** Each cycle once, as the files on it. */
export function checkCycles(files: Files): string[] {
  const imports = readImports(files);
  const state = new Map<string, 'open' | 'done'>();
  const stack: string[] = [];
  const problems: string[] = [];
  const visit = (path: string): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      const cycle = stack.slice(stack.indexOf(path));
      problems.push(`import cycle: ${[...cycle, path].join(' -> ')}`);
      return;
    }
    state.set(path, 'open');
    stack.push(path);
    for (const { target } of imports.get(path) ?? []) if (target !== undefined) visit(target);
    stack.pop();
    state.set(path, 'done');
  };
  for (const path of imports.keys()) visit(path);
  return problems;
}

/** Source files that no program reaches from its main.ts. Declarations of globals are never imported. */
export function checkUnused(files: Files): string[] {
  const sources = sourcesOnly(files);
  const imports = readImports(sources);
  const reached = new Set<string>();
  const pending = [...sources.keys()].filter((path) => ENTRY.test(path));
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    for (const { target } of imports.get(path) ?? [])
      if (target !== undefined) pending.push(target);
  }
  return [...sources.keys()]
    .filter((path) => !reached.has(path) && !path.endsWith('.d.ts'))
    .map((path) => `${path}: no program uses it`);
}

const RUNTIME_DOOR = 'src/engine/onnxruntime.ts';

/** Who loads the runtime past its door loads it with its vendor's telemetry on. Types load nothing. */
export function checkRuntimeDoor(files: Files): string[] {
  return [...sourcesOnly(files)]
    .filter(([path, text]) => path !== RUNTIME_DOOR && loadsRuntime(text))
    .map(([path]) => `${path}: imports onnxruntime-node past ${RUNTIME_DOOR}`);
}

function loadsRuntime(text: string): boolean {
  return (
    /^(import|export)(?! type)[^;]*'onnxruntime-node'/m.test(text) ||
    /(import|require)\('onnxruntime-node'\)/.test(text)
  );
}

const MOST_LINES = 400;

export function checkLengths(files: Files): string[] {
  const problems: string[] = [];
  for (const [path, text] of files) {
    if (!/\.(ts|js|mjs|py|css)$/.test(path)) continue;
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    if (lines > MOST_LINES) problems.push(`${path}: ${lines} lines, ${MOST_LINES} are the limit`);
  }
  return problems;
}
