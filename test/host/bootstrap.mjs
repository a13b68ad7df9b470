// The one file that must run before anything is installed: `node test/host/bootstrap.mjs COMMAND [arguments]`.
// It installs the packages of package-lock.json where they are missing, then hands over to COMMAND.ts through tsx.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const [command, ...rest] = process.argv.slice(2);

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Headlight needs Node 20 or newer; this is ${process.version}.`);
}

/** npm as a script, so that it runs under a chosen Node and without a shell. */
const npm = [
  process.env.npm_execpath,
  join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
].find((path) => path?.endsWith('npm-cli.js') && existsSync(path));
if (!npm) fail('npm was not found beside this Node; run this through `npm start` or `npm test`.');

// The package's own script would download CUDA libraries; npm below 11 does not read `allowScripts`.
const env = { ...process.env, npm_execpath: npm, ONNXRUNTIME_NODE_INSTALL: 'skip' };

/** Whether every package that is wanted on this platform is there in the locked version. */
function installed() {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const have = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(want).every(
    ([path, entry]) => path === '' || entry.optional || have[path]?.version === entry.version,
  );
}

if (!installed()) {
  console.log('Installing packages ...');
  const verb = existsSync(join(root, 'node_modules')) ? 'install' : 'ci';
  const result = spawnSync(process.execPath, [npm, verb], { cwd: root, env, stdio: 'inherit' });
  if (result.status !== 0) fail(`npm ${verb} failed; the registry must be reachable once.`);
}

const script = join(root, 'test', 'host', `${command}.ts`);
if (!command || !existsSync(script)) fail('usage: node test/host/bootstrap.mjs COMMAND');
const child = spawn(process.execPath, ['--import', 'tsx', script, ...rest], {
  cwd: root,
  env,
  stdio: 'inherit',
});
// Ctrl+C reaches the child by itself; it ends when it has cleaned up, and so do we.
process.on('SIGINT', () => {});
for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
child.once('exit', (code) => process.exit(code ?? 1));
