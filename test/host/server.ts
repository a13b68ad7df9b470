import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hostEnvironment } from './environment';
import type { Editor } from './install/editor';
import { removeFolder, run, start, stop, tail, temporaryFolder } from './process';

/** A quiet editor: no welcome page, no assistants, no background requests. */
const SETTINGS: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'workbench.enableExperiments': false,
  'git.enabled': false,
  // It changes the language of an untitled document by itself, at a time of its own.
  'workbench.editor.languageDetection': false,
  'window.restoreWindows': 'none',
};

export interface ServerOptions {
  readonly editor: Editor;
  /** Folder whose copy is opened. */
  readonly workspace: string;
  /** Packages to install first. */
  readonly vsix?: readonly string[];
  /** Folder of an extension to install as a link, as it stands. */
  readonly linked?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: NodeJS.ProcessEnv;
  readonly port?: number;
  /** Whether the editor asks before it trusts a folder, as on a user's machine; else it trusts every one. */
  readonly workspaceTrust?: boolean;
  /** Whether an address may name an extension under development and its tests. */
  readonly testDriver: boolean;
}

export interface Server {
  readonly origin: string;
  /** Copy of the workspace that the editor shows. */
  readonly workspace: string;
  /** Home folder, user data and extensions: all temporary. */
  readonly folder: string;
  /** The end of what the server and its extension hosts logged. */
  log(): Promise<string>;
  /** Ends the server with everything it started and removes its folder. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const INSTALL_TIMEOUT_MS = 180_000;

/**
 * Starts an editor's server on a free port of this machine, with a home folder of its own.
 * @throws Error with the end of its log when it does not listen in time.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { editor } = options;
  const folder = temporaryFolder('host');
  const workspace = join(folder, 'workspace');
  await cp(options.workspace, workspace, { recursive: true });
  await mkdir(join(folder, 'data', 'User'), { recursive: true });
  // The settings of the machine are followed only if they are there.
  await mkdir(join(folder, 'data', 'Machine'));
  await writeFile(join(folder, 'data', 'Machine', 'settings.json'), '{}\n');
  await mkdir(join(folder, 'extensions'));
  await writeFile(join(folder, 'config.yaml'), '{}\n');
  await writeFile(
    join(folder, 'data', 'User', 'settings.json'),
    JSON.stringify({ ...SETTINGS, ...options.settings }, undefined, 1),
  );
  if (options.linked !== undefined) {
    const name = basename(options.linked);
    await symlink(options.linked, join(folder, 'extensions', name), 'dir');
  }
  const env = hostEnvironment(folder, options.env);
  const common = [
    editor.entry,
    ...['--config', join(folder, 'config.yaml'), '--user-data-dir', join(folder, 'data')],
    ...['--extensions-dir', join(folder, 'extensions')],
  ];
  try {
    for (const vsix of options.vsix ?? []) {
      const args = [...common, '--install-extension', vsix];
      const result = await run(editor.node, args, { env, timeoutMs: INSTALL_TIMEOUT_MS });
      if (result.code !== 0) {
        throw new Error(`${vsix} could not be installed:\n${tail(result.output)}`);
      }
    }
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }

  const child = start(
    editor.node,
    [
      ...common,
      ...['--auth', 'none', '--bind-addr', `127.0.0.1:${options.port ?? 0}`],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      ...(options.workspaceTrust === true ? [] : ['--disable-workspace-trust']),
      ...(options.testDriver && editor.hasVscodeOption
        ? ['--vscode-option', 'enable-smoke-test-driver']
        : []),
    ],
    { env, cwd: folder },
  );
  let output = '';
  const log = async (): Promise<string> => {
    const logs = await run('sh', ['-c', `tail -n 40 $(find data/logs -name '*.log')`], {
      cwd: folder,
      timeoutMs: 10_000,
    });
    return `${tail(output)}\n${tail(logs.output, 80)}`;
  };
  const end = async (): Promise<void> => {
    await stop(child);
    await removeFolder(folder);
  };
  try {
    const origin = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`code-server was not ready in time:\n${tail(output)}`)),
        START_TIMEOUT_MS,
      );
      const read = (chunk: Buffer): void => {
        output = (output + chunk.toString()).slice(-200_000);
        const address = /HTTP server listening on (http:\/\/[\d.:]+)/.exec(output)?.[1];
        if (address === undefined) return;
        clearTimeout(timer);
        resolve(address);
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`code-server ended with code ${code ?? 'none'}:\n${tail(output)}`));
      });
    });
    return { origin, workspace, folder, log, stop: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Address that opens a folder, with an extension under development and, where given, its tests. */
export function workbenchAddress(
  server: Server,
  development?: { readonly extension: string; readonly tests?: string },
): string {
  const address = new URL(server.origin);
  address.searchParams.set('folder', server.workspace);
  if (development !== undefined) {
    const remote = (path: string): string => `vscode-remote://${address.host}${path}`;
    const payload = [
      ['extensionDevelopmentPath', remote(development.extension)],
      ...(development.tests === undefined
        ? []
        : [['extensionTestsPath', remote(development.tests)]]),
      ['skipWelcome', 'true'],
    ];
    address.searchParams.set('payload', JSON.stringify(payload));
  }
  return address.href;
}
