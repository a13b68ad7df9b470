import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { BUNDLES, HOSTS, ROOT, SAMPLE_WORKSPACE } from './paths';
import { removeFolder, temporaryFolder } from './process';
import { REPORT_VARIABLE, consistentReport, failedReport, type SuiteReport } from './report';

/**
 * Runs the integration suite in a desktop VS Code: the one that VSCODE_EXECUTABLE names, otherwise the version that
 * VSCODE_VERSION names or the newest, downloaded.
 */
export async function runOnDesktop(): Promise<SuiteReport> {
  const folder = temporaryFolder('desktop');
  const path = join(folder, 'report.json');
  const workspace = join(folder, 'workspace');
  await cp(SAMPLE_WORKSPACE, workspace, { recursive: true });
  const executable = process.env['VSCODE_EXECUTABLE'];
  const version = process.env['VSCODE_VERSION'];
  // VS Code wants both as root, and neither matters otherwise: the user's own data must stay out in any case.
  const launchArgs = [
    workspace,
    '--disable-workspace-trust',
    '--user-data-dir',
    join(folder, 'data'),
  ];
  if (process.getuid?.() === 0) launchArgs.push('--no-sandbox');
  let ending = '';
  try {
    await runTests({
      ...(executable ? { vscodeExecutablePath: executable } : {}),
      ...(version ? { version } : {}),
      cachePath: HOSTS,
      extensionDevelopmentPath: ROOT,
      extensionTestsPath: join(BUNDLES, 'integration', 'index.js'),
      launchArgs,
      extensionTestsEnv: { [REPORT_VARIABLE]: path },
    });
  } catch (error) {
    ending = String(error);
  }
  const text = await readFile(path, 'utf8').catch(() => undefined);
  await removeFolder(folder);
  if (text !== undefined) {
    return consistentReport(JSON.parse(text) as SuiteReport, ending === '' ? 0 : 1);
  }
  return failedReport('the run in a desktop VS Code', `No report was written. ${ending}`);
}
