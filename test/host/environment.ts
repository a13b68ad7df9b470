/** Environments of the programs under test: as on a user's machine, with nothing of the terminal that started us. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Names that an editor, an Electron program or npm leaves behind and that change how a VS Code behaves. */
const INHERITED = /^(VSCODE_|ELECTRON_|npm_|MOCHA_|NODE_OPTIONS$|INIT_CWD$)/;

/** This process's environment without such names, with a home folder of its own and no extension gallery. */
export function hostEnvironment(home: string, extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !INHERITED.test(name)),
  );
  return {
    ...env,
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
    EXTENSIONS_GALLERY: '{}',
    ...extra,
  };
}

/** The full path of a program on PATH, or undefined. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
    if (found !== undefined) return found;
  }
  return undefined;
}
