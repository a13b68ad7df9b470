/** The program of an extension that stands in for ours: it runs the built one behind a `Connection`, which it exports. */
import Module from 'node:module';
import * as vscode from 'vscode';
import { Connection } from './connection';
import { EXTENSION_VARIABLE } from './samples';

interface Extension {
  activate(context: vscode.ExtensionContext): unknown;
}

export function activate(context: vscode.ExtensionContext): Connection {
  const file = process.env[EXTENSION_VARIABLE];
  if (file === undefined) throw new Error(`${EXTENSION_VARIABLE} is not set.`);
  const connection = new Connection(vscode);
  const loader = Module as unknown as {
    _load: (request: string, parent?: { filename?: string }, ...rest: unknown[]) => unknown;
  };
  const load = loader._load;
  loader._load = (request, parent, ...rest) => {
    const isOurs = request === 'vscode' && parent?.filename === file;
    return isOurs ? connection.api : load.call(Module, request, parent, ...rest);
  };
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- The file is named at run time; it is CommonJS.
  (require(file) as Extension).activate(context);
  return connection;
}
