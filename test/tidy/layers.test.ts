import { deepEqual } from 'node:assert/strict';
import { readFiles, select } from './files';
import { checkCycles, checkLayers, checkLengths, checkRuntimeDoor, checkUnused } from './layers';

const files = readFiles();
const sources = select(files, /^(src|test)\/.*\.ts$/);
const bad = (entries: Record<string, string>) => new Map(Object.entries(entries));

describe('layers', () => {
  it('has no import against the layers, and none of a package a layer may not have', () => {
    deepEqual(checkLayers(sources), []);
  });

  it('finds an import against the layers', () => {
    const problems = checkLayers(
      bad({
        'src/text/plan.ts': "import { x } from '../engine/x';\nexport * from '../tokenizer/t';",
        'src/engine/x.ts': "import type { y } from '../host/y';\nimport { z } from '../text/plan';",
        'src/host/y.ts': 'export type y = typeof import("../engine/x");',
        'src/tokenizer/t.ts': 'export const t = 1;',
      }),
    );
    deepEqual(problems, [
      'src/text/plan.ts: text may not import engine (../engine/x)',
      'src/text/plan.ts: text may not import tokenizer (../tokenizer/t)',
      'src/engine/x.ts: engine may not import host (../host/y)',
      'src/host/y.ts: host may not import engine (../engine/x)',
    ]);
  });

  it('finds an import of a program, which only the CLI might have seemed free to do', () => {
    const problems = checkLayers(
      bad({
        'src/cli/run.ts': "import '../engine/main';\nimport '../engine/model';",
        'src/engine/main.ts': '',
        'src/engine/model.ts': '',
      }),
    );
    deepEqual(problems, ['src/cli/run.ts: imports the program src/engine/main.ts']);
  });

  it('finds a package that a layer may not have, however it is imported', () => {
    const problems = checkLayers(
      bad({
        'src/common/a.ts': "import fs from 'node:fs';",
        'src/webview/b.ts': "void import('vscode');",
        'src/host/c.ts':
          "import { open } from 'vscode-jsonrpc/node';\nimport ort = require('onnxruntime-node');",
        'src/cli/d.ts': "const fs = require('fs');",
      }),
    );
    deepEqual(problems, [
      'src/common/a.ts: common may not import the package node:fs',
      'src/webview/b.ts: webview may not import the package vscode',
      'src/host/c.ts: host may not import the package onnxruntime-node',
      'src/cli/d.ts: cli may not import the package fs',
    ]);
  });

  it('finds a file outside the layers and an import of a file that is not there', () => {
    const problems = checkLayers(
      bad({
        'src/loose.ts': '',
        'src/helpers/a.ts': '',
        'src/text/b.ts': "import './gone';",
      }),
    );
    deepEqual(problems, [
      'src/loose.ts: belongs to no layer',
      'src/helpers/a.ts: belongs to no layer',
      'src/text/b.ts: ./gone is no source file',
    ]);
  });
});

describe('the runtime', () => {
  it('is loaded through its door only', () => {
    deepEqual(checkRuntimeDoor(sources), []);
  });

  it('is found where it is loaded past the door, but not where only its types are', () => {
    const problems = checkRuntimeDoor(
      bad({
        'src/engine/onnxruntime.ts': "export { Tensor } from 'onnxruntime-node';",
        'src/engine/a.ts': "import type { Tensor } from 'onnxruntime-node';",
        'src/engine/b.ts': "import {\n  Tensor,\n} from 'onnxruntime-node';",
        'src/engine/c.ts': "void import('onnxruntime-node');",
      }),
    );
    deepEqual(problems, [
      'src/engine/b.ts: imports onnxruntime-node past src/engine/onnxruntime.ts',
      'src/engine/c.ts: imports onnxruntime-node past src/engine/onnxruntime.ts',
    ]);
  });
});

describe('import cycles', () => {
  it('there are none', () => {
    deepEqual(checkCycles(sources), []);
  });

  it('finds one through three files and one of a file with itself', () => {
    const problems = checkCycles(
      bad({
        'src/text/a.ts': "import './b';",
        'src/text/b.ts': "export * from './c';",
        'src/text/c.ts': "import type { a } from './a';",
        'src/text/d.ts': "import './d';\nimport './a';",
      }),
    );
    deepEqual(problems, [
      'import cycle: src/text/a.ts -> src/text/b.ts -> src/text/c.ts -> src/text/a.ts',
      'import cycle: src/text/d.ts -> src/text/d.ts',
    ]);
  });
});

describe('source files', () => {
  it('are all reached from a program', () => {
    deepEqual(checkUnused(sources), []);
  });

  it('finds a file that only a test or another unused file imports', () => {
    const problems = checkUnused(
      bad({
        'src/cli/main.ts': "import './used';",
        'src/cli/used.ts': '',
        'src/text/unused.ts': "import './alsoUnused';",
        'src/text/alsoUnused.ts': '',
        'test/unit/text/unused.test.ts': "import '../../../src/text/unused';",
      }),
    );
    deepEqual(problems, [
      'src/text/unused.ts: no program uses it',
      'src/text/alsoUnused.ts: no program uses it',
    ]);
  });

  it('have at most 400 lines', () => {
    deepEqual(checkLengths(files), []);
  });

  it('finds the line that is too many', () => {
    const problems = checkLengths(
      bad({
        'src/a.ts': 'x\n'.repeat(400),
        'src/b.ts': 'x\n'.repeat(401),
        'c.md': 'x\n'.repeat(900),
      }),
    );
    deepEqual(problems, ['src/b.ts: 401 lines, 400 are the limit']);
  });
});
