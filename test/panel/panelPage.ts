/** The panel's own page in a browser, without an editor: the built bundle, its policy, and a host that makes things up. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Browser, Locator, Page } from 'playwright-core';
import { panelHtml } from '../../src/host/attention/html';
import { launchBrowser } from '../host/browser';
import type { PanelState, ViewId } from '../../src/protocol/panelState';
import { ARTIFACTS, ROOT } from '../host/paths';
import type { FakeHost } from './fakeHost';
import type { RunSpec } from './syntheticRun';
import { THEMES, type ThemeName } from './themes';

/** With it comes the type of `window.fakeHost`. */
export type { FakeHost } from './fakeHost';

const ORIGIN = 'https://panel.test';

export interface PanelPageOptions {
  /** Left out: the panel has nothing to show yet. */
  readonly spec?: RunSpec;
  readonly theme?: ThemeName;
  readonly locale?: 'en' | 'ko';
  readonly width?: number;
  readonly height?: number;
  /** More classes of the body: `vscode-using-screen-reader`, `vscode-reduce-motion`. */
  readonly classes?: readonly string[];
  /** More flags for the browser. */
  readonly flags?: readonly string[];
}

export class PanelPage {
  /** Addresses that the page asked for besides its own files. */
  readonly foreign: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly browser: Browser,
  ) {}

  static async open(options: PanelPageOptions): Promise<PanelPage> {
    const browser = await launchBrowser(undefined, options.flags);
    const viewport = { width: options.width ?? 1000, height: options.height ?? 900 };
    const page = await browser.newPage({ viewport });
    const panel = new PanelPage(page, browser);
    await panel.serve(options.locale ?? 'en');
    await page.addInitScript({ content: await hostScript(options.locale ?? 'en') });
    await page.addInitScript({
      content: `${options.spec ? `fakeHost.show(${JSON.stringify(options.spec)});` : ''}
        addEventListener('DOMContentLoaded', () => document.body.classList.add(...${JSON.stringify(options.classes ?? [])}));`,
    });
    await page.addInitScript({ content: themeScript(options.theme ?? 'dark') });
    await page.goto(`${ORIGIN}/`);
    return panel;
  }

  tab(view: ViewId): Locator {
    return this.page.locator(`#tab-${view}`);
  }

  /** Shows a view and waits until it has asked for all it needs and has got it. */
  async openView(view: ViewId): Promise<void> {
    await this.tab(view).click();
    await this.settled();
  }

  /** Until every question has its answer and two frames have been drawn since. */
  async settled(): Promise<void> {
    await this.page.waitForFunction(() => window.fakeHost.isQuiet());
    await this.page.evaluate(
      () =>
        new Promise((resolve) =>
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined))),
        ),
    );
  }

  async openFilters(): Promise<void> {
    const filters = this.page.locator('#filters');
    await this.page.locator('.toolbar').getByText('Filters').click();
    await filters.waitFor();
  }

  async screenshot(name: string): Promise<void> {
    const folder = join(ARTIFACTS, 'screenshots');
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }

  async setTheme(theme: ThemeName): Promise<void> {
    await this.page.evaluate(themeScript(theme));
  }

  /** What went wrong in the page: violations of its policy, errors nobody caught, requests to elsewhere. */
  async faults(): Promise<string[]> {
    const own = await this.page.evaluate(() => [
      ...window.fakeHost.violations,
      ...window.fakeHost.errors,
    ]);
    return [...own, ...this.foreign];
  }

  /** What the page has last asked its host to keep. */
  state(): Promise<PanelState> {
    return this.page.evaluate(() => window.fakeHost.state as PanelState);
  }

  /** What the first element stands there with. */
  text(selector: string): Promise<string> {
    return this.page.locator(selector).first().innerText();
  }

  classesOf(id: string): Promise<string | null> {
    return this.page.locator(`#${id}`).getAttribute('class');
  }

  /** Until screen readers have been told something with this in it. */
  async said(part: string): Promise<void> {
    await this.page
      .locator('[aria-live=polite].hidden', { hasText: part })
      .waitFor({ state: 'attached' });
  }

  /** Messages of a type that the page has sent. */
  sent(type: string): Promise<ReturnType<FakeHost['sent']>> {
    return this.page.evaluate((name) => window.fakeHost.sent(name), type);
  }

  /** Shows the run again in another state, as after a reload of the window. */
  async restore(change: Partial<PanelState>): Promise<void> {
    await this.page.evaluate((part) => {
      const { fakeHost } = window;
      const kept = fakeHost.state as object | undefined;
      const runId = fakeHost.run?.runId;
      fakeHost.send({ type: 'run', run: fakeHost.run, state: { ...kept, runId, ...part } });
    }, change);
    await this.settled();
  }

  /** Closes the page after mocha's test, with a picture if that failed, and fails where anything went wrong in the page. */
  async finish(
    test: { readonly state?: string | undefined; readonly title: string } | undefined,
  ): Promise<void> {
    const faults = await this.faults();
    if (test?.state === 'failed') await this.screenshot(test.title);
    await this.close();
    assert.deepEqual(faults, [], 'no violation of the policy, no error, no request');
  }

  async close(): Promise<void> {
    await this.browser.close();
  }

  private async serve(language: string): Promise<void> {
    const file = (name: string) => readFile(join(ROOT, 'dist', name));
    const [script, style] = [await file('webview.js'), await file('panel.css')];
    await this.page.route('**/*', (route) => {
      const url = route.request().url();
      switch (url) {
        case `${ORIGIN}/`:
          return route.fulfill({ contentType: 'text/html', body: pageHtml(language) });
        case `${ORIGIN}/webview.js`:
          return route.fulfill({ contentType: 'text/javascript', body: script });
        case `${ORIGIN}/panel.css`:
          return route.fulfill({ contentType: 'text/css', body: style });
      }
      if (!/^(blob|data):/.test(url) && !url.endsWith('.map')) this.foreign.push(url);
      return route.abort();
    });
  }
}

function pageHtml(language: string): string {
  return panelHtml({
    nonce: randomBytes(16).toString('base64'),
    source: ORIGIN,
    script: `${ORIGIN}/webview.js`,
    style: `${ORIGIN}/panel.css`,
    language,
    title: 'Attention',
  });
}

/** Built with the panel's texts, which come from the host's file by a stand-in for the editor's interface. */
async function hostScript(locale: string): Promise<string> {
  const path = join(ROOT, 'l10n', `bundle.l10n${locale === 'en' ? '' : `.${locale}`}.json`);
  const bundle = await readFile(path, 'utf8');
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, 'fakeHost.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    alias: { vscode: join(__dirname, 'vscodeStub.ts') },
    banner: {
      js: `var panelBundle = ${bundle}; var panelLocale = ${JSON.stringify(locale)};`,
    },
  });
  return outputFiles[0]?.text ?? '';
}

/** Sets the editor's variables and classes, as the editor does it in its webviews. */
function themeScript(theme: ThemeName): string {
  const { classes, variables } = THEMES[theme];
  return `(() => {
    const apply = () => {
      for (const [name, value] of Object.entries(${JSON.stringify(variables)}))
        document.documentElement.style.setProperty('--vscode-' + name, value);
      document.body.classList.remove('vscode-dark', 'vscode-light', 'vscode-high-contrast', 'vscode-high-contrast-light');
      document.body.classList.add(...${JSON.stringify(classes)});
    };
    if (document.body) apply(); else addEventListener('DOMContentLoaded', apply);
  })()`;
}
