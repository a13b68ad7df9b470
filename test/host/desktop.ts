import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { hostEnvironment } from './environment';
import { BUNDLES, HOSTS, ROOT, SAMPLE_WORKSPACE } from './paths';
import { removeFolder, run, tail, temporaryFolder } from './process';
import { REPORT_VARIABLE, consistentReport, failedReport, type SuiteReport } from './report';

const TIMEOUT_MS = 10 * 60_000;

/**
 * Runs the integration suite in a desktop VS Code: the one that VSCODE_EXECUTABLE names, otherwise the version that
 * VSCODE_VERSION names or the newest, downloaded.
 * @throws Error when it cannot be downloaded.
 */
export async function runOnDesktop(): Promise<SuiteReport> {
  const executable =
    process.env['VSCODE_EXECUTABLE'] ||
    (await downloadAndUnzipVSCode({
      version: process.env['VSCODE_VERSION'] || 'stable',
      cachePath: HOSTS,
    }));
  const folder = temporaryFolder('desktop');
  try {
    const path = join(folder, 'report.json');
    const workspace = join(folder, 'workspace');
    await cp(SAMPLE_WORKSPACE, workspace, { recursive: true });
    // Started here and not by the package's own `runTests`, which has no time limit and leaves its children behind.
    const result = await run(
      executable,
      [
        workspace,
        `--extensionDevelopmentPath=${ROOT}`,
        `--extensionTestsPath=${join(BUNDLES, 'integration', 'index.js')}`,
        `--user-data-dir=${join(folder, 'data')}`,
        `--extensions-dir=${join(folder, 'extensions')}`,
        ...['--no-sandbox', '--disable-gpu-sandbox', '--disable-updates', '--skip-welcome'],
        ...['--skip-release-notes', '--disable-workspace-trust'],
      ],
      { env: hostEnvironment(folder, { [REPORT_VARIABLE]: path }), timeoutMs: TIMEOUT_MS },
    );
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) {
      return consistentReport(JSON.parse(text) as SuiteReport, result.code ?? 1);
    }
    const how = result.timedOut ? 'It ran out of time.' : `It ended with code ${result.code ?? 0}.`;
    return failedReport('the run in a desktop VS Code', `${how}\n${tail(result.output)}`);
  } finally {
    await removeFolder(folder);
  }
}
