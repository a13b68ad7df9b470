/**
 * `npm start`: builds, translates a sample, then opens a real VS Code with the extension: the desktop one where there is a
 * display and a `code` command, else one in the browser, whose address it prints.
 * `-- --browser` takes the one in the browser, `-- --port N` its port; `-- --check` (and CI=true) opens it, looks whether the
 * extension is active, and ends.
 */
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from './browser';
import { findProgram } from './environment';
import { ensureCurrentEditor } from './install/current';
import { ensureSystemPackages } from './install/systemPackages';
import { ROOT, SAMPLE_WORKSPACE } from './paths';
import { run, tail } from './process';
import { translateSample } from './sample';
import { startServer, workbenchAddress, type Server } from './server';

/** A `code` that opens a window here. In a terminal of a remote window it would talk to the editor at the other end. */
function findDesktopEditor(): string | undefined {
  if (process.env['VSCODE_IPC_HOOK_CLI'] || process.env['SSH_CONNECTION']) return undefined;
  const display = process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  if (process.platform === 'linux' && !display) return undefined;
  if (process.platform === 'win32') return findProgram('code.cmd', 'code-insiders.cmd');
  return findProgram('code', 'code-insiders');
}

async function openDesktop(code: string): Promise<void> {
  // The window stays after this program has ended, so its folder must too.
  const workspace = join(ROOT, '.cache', 'sample');
  await rm(workspace, { recursive: true, force: true });
  await mkdir(join(ROOT, '.cache'), { recursive: true });
  await cp(SAMPLE_WORKSPACE, workspace, { recursive: true });
  const args = [`--extensionDevelopmentPath=${ROOT}`, '--new-window', workspace];
  if (process.getuid?.() === 0) {
    args.push('--no-sandbox', '--user-data-dir', join(ROOT, '.cache', 'vscode'));
  }
  // A .cmd file needs a shell on Windows, and the shell needs quotes.
  const windows = process.platform === 'win32';
  const result = windows
    ? await run('cmd.exe', ['/d', '/c', code, ...args], { timeoutMs: 120_000 })
    : await run(code, args, { timeoutMs: 120_000 });
  if (result.code !== 0) throw new Error(`${code} did not open:\n${tail(result.output)}`);
  console.log(`VS Code is open with Headlight. Open english.md, select a sentence and run
"Headlight: Translate Selection" from the command palette (F1).`);
}

/** Opens the address without a window and waits for the extension's item in the status bar. */
async function checkActive(server: Server): Promise<void> {
  await ensureSystemPackages(['chromium']);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const answer = await page.goto(workbenchAddress(server));
    if (answer?.status() !== 200) throw new Error(`The page answered ${answer?.status() ?? 0}.`);
    const item = page.locator('.statusbar-item[id^="headlight.headlight"]').first();
    await item.waitFor({ timeout: 120_000 });
    console.log(`The editor answers and the extension is active: ${await item.innerText()}`);
  } catch (error) {
    throw new Error(`The extension is not active.\n${await server.log()}`, { cause: error });
  } finally {
    await browser.close();
  }
}

async function openInBrowser(check: boolean, port: number): Promise<void> {
  const server = await startServer({
    editor: await ensureCurrentEditor(),
    workspace: SAMPLE_WORKSPACE,
    linked: ROOT,
    port,
    testDriver: false,
  });
  if (check) {
    try {
      await checkActive(server);
    } finally {
      await server.stop();
    }
    return;
  }
  console.log(`VS Code with Headlight is at

    ${workbenchAddress(server)}

Open english.md, select a sentence and run "Headlight: Translate Selection" from the command
palette (F1). The address works on this machine only and asks for no password. Ctrl+C ends it.`);
  // The server is killed and its folder removed as this process ends.
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.prependOnceListener(name, () => process.exit(0));
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: process.env['CI'] === 'true' },
      browser: { type: 'boolean', default: false },
      port: { type: 'string', default: '0' },
    },
  });
  console.log('Building ...');
  const options = { cwd: ROOT, timeoutMs: 120_000 };
  const built = await run(process.execPath, ['esbuild.js'], options);
  if (built.code !== 0) throw new Error(`The build failed:\n${tail(built.output)}`);
  console.log('Translating a sample ...\n');
  await translateSample();
  const code = values.check || values.browser ? undefined : findDesktopEditor();
  if (code !== undefined) await openDesktop(code);
  else await openInBrowser(values.check, Number(values.port));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
