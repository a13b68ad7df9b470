import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser } from './browser';
import { removeFolder, temporaryFolder } from './process';
import { REPORT_VARIABLE, consistentReport, failedReport, type SuiteReport } from './report';
import { startServer, workbenchAddress, type ServerOptions } from './server';

export interface ExtensionHostOptions extends Omit<ServerOptions, 'testDriver'> {
  /** Folder of the extension under development. */
  readonly extension: string;
  /** CommonJS file that exports `run()`. */
  readonly tests: string;
  readonly timeoutMs: number;
}

/** Before the server could be told so, a built workbench took test runs from an address only with this setting of its page. */
const ENABLE_TEST_DRIVER = `{
  const original = Element.prototype.getAttribute;
  Element.prototype.getAttribute = function (name) {
    const value = original.call(this, name);
    if (name !== 'data-settings' || value === null) return value;
    const settings = JSON.parse(value);
    settings.developmentOptions = { ...settings.developmentOptions, enableSmokeTestDriver: true };
    return JSON.stringify(settings);
  };
}`;

/**
 * Runs a suite inside a real extension host: the workbench is opened at an address that names the extension and its tests.
 * Always returns a report; a run without one has failed and says what the editor logged.
 */
export async function runInExtensionHost(options: ExtensionHostOptions): Promise<SuiteReport> {
  const results = temporaryFolder('result');
  const path = join(results, 'report.json');
  const env = { ...options.env, [REPORT_VARIABLE]: path };
  try {
    const server = await startServer({ ...options, env, testDriver: true });
    try {
      const lines: string[] = [];
      const code = await openAndWait(options, workbenchAddress(server, options), lines);
      const report = await readReport(path);
      if (report !== undefined && code !== undefined) return consistentReport(report, code);
      const reason = code === undefined ? 'did not end in time' : `ended with code ${code}`;
      const log = [...lines.slice(-25), await server.log()].join('\n');
      return failedReport('the run in the extension host', `It ${reason}.\n${log}`);
    } finally {
      await server.stop();
    }
  } catch (error) {
    return failedReport('the editor starts', String(error));
  } finally {
    await removeFolder(results);
  }
}

/** @returns the run's exit code, or undefined when it took too long. */
async function openAndWait(
  options: ExtensionHostOptions,
  address: string,
  lines: string[],
): Promise<number | undefined> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    let exit: (code: number | undefined) => void = () => undefined;
    const exited = new Promise<number | undefined>((resolve) => (exit = resolve));
    // The workbench calls these two when a test run logs and when it ends.
    await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
      const text = args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg)));
      lines.push(`${type} ${text.join(' ')}`);
    });
    await page.exposeFunction('codeAutomationExit', (code: number) => exit(code));
    if (!options.editor.hasVscodeOption) await page.addInitScript(ENABLE_TEST_DRIVER);
    const timer = setTimeout(() => exit(undefined), options.timeoutMs);
    await page.goto(address);
    const code = await exited;
    clearTimeout(timer);
    return code;
  } finally {
    await browser.close();
  }
}

async function readReport(path: string): Promise<SuiteReport | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as SuiteReport);
}
