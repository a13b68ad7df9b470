import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { run, tail } from '../process';

export interface NpmOptions {
  readonly cwd: string;
  /** The Node that npm runs under; install scripts look at its version. */
  readonly node: string;
  readonly timeoutMs: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** What the npm that started us says of itself and of our package; install scripts read the Node version from there. */
const OUTER_NPM =
  /^(npm_(package_|lifecycle_|node_|command$|execpath$)|npm_config_(user_agent|local_prefix|prefix|global_prefix|node_gyp)$|INIT_CWD$)/;

/**
 * Runs npm with native addons built against the headers that lie beside `node`, so that nothing but the registry is needed.
 * @throws Error with the end of its output.
 */
export async function npm(args: readonly string[], options: NpmOptions): Promise<void> {
  const script = process.env['npm_execpath'];
  if (script === undefined) throw new Error('npm_execpath is not set: use `npm test`.');
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !OUTER_NPM.test(name))),
    PATH: `${dirname(options.node)}${delimiter}${process.env['PATH'] ?? ''}`,
    npm_config_nodedir: dirname(dirname(options.node)),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    ...options.env,
  };
  const result = await run(options.node, [script, ...args], { ...options, env });
  if (result.code !== 0) {
    const how = result.timedOut ? 'ran out of time' : `ended with code ${result.code ?? 'none'}`;
    throw new Error(`npm ${args.join(' ')} ${how} in ${options.cwd}\n${tail(result.output, 40)}`);
  }
}

/** Makes a folder that npm installs one package into. */
export async function writePackageFolder(
  folder: string,
  dependencies: Readonly<Record<string, string>>,
  scriptsAllowedFor: readonly string[] = [],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const allowScripts = Object.fromEntries(scriptsAllowedFor.map((name) => [name, true]));
  const manifest = { private: true, dependencies, allowScripts };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
}
