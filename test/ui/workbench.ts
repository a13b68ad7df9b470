/** Drives VS Code's workbench in a browser as a person does: by mouse, keyboard and what is on the screen. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../host/browser';
import { ensureCurrentEditor } from '../host/install/current';
import { ARTIFACTS, ROOT, SAMPLE_WORKSPACE } from '../host/paths';
import { startServer, workbenchAddress, type Server } from '../host/server';

/** An editor on a loaded two-core machine: generous, because a passing step never waits this long. */
const STEP_TIMEOUT_MS = 40_000;
const PALETTE_TIMEOUT_MS = 5_000;

/** Built-in themes as the picker names them, and the class that the workbench then has. */
const THEMES = {
  light: { name: 'Light Modern', cssClass: 'vs' },
  dark: { name: 'Dark Modern', cssClass: 'vs-dark' },
  highContrast: { name: 'Dark High Contrast', cssClass: 'hc-black' },
  highContrastLight: { name: 'Light High Contrast', cssClass: 'hc-light' },
} as const;

/**
 * Gives the workbench a display language as an installed language pack does, of which there is none offline: extensions get
 * it from here, while the editor's own texts stay English. A string, for the loader would wrap a function's inner ones.
 */
function displayLanguageScript(language: string): string {
  return `Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', {
    get: () => ${JSON.stringify(language)},
    set: () => undefined,
  });`;
}

export interface WorkbenchOptions {
  readonly extension?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Display language, "ko" for Korean. */
  readonly locale?: string;
  /** Whether the folder has to be trusted first: it opens in Restricted Mode then. */
  readonly restricted?: boolean;
  /** Settings of the folder, in its `.vscode/settings.json` before it is opened. */
  readonly folderSettings?: Readonly<Record<string, unknown>>;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export class Workbench {
  private constructor(
    readonly page: Page,
    readonly server: Server,
    private readonly browser: Browser,
  ) {}

  /** Starts an editor with the extension installed as it stands here and opens a copy of the sample workspace. */
  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const server = await startServer({
      editor: await ensureCurrentEditor(),
      workspace: SAMPLE_WORKSPACE,
      linked: options.extension ?? ROOT,
      // With the driver on, the workbench shows no notifications.
      testDriver: false,
      workspaceTrust: options.restricted === true,
      settings: {
        'editor.minimap.enabled': false,
        // Its question at the start would lie over the window; without it the folder is not trusted.
        'security.workspace.trust.startupPrompt': 'never',
        ...options.settings,
      },
    });
    try {
      if (options.folderSettings !== undefined) {
        await mkdir(join(server.workspace, '.vscode'));
        const text = JSON.stringify(options.folderSettings, undefined, 2);
        await writeFile(join(server.workspace, '.vscode', 'settings.json'), text);
      }
      const browser = await launchBrowser(options.locale);
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        permissions: ['clipboard-read', 'clipboard-write'],
        ...(options.locale === undefined ? {} : { locale: options.locale }),
      });
      context.setDefaultTimeout(STEP_TIMEOUT_MS);
      const page = await context.newPage();
      if (options.locale !== undefined)
        await page.addInitScript(displayLanguageScript(options.locale));
      await page.goto(workbenchAddress(server));
      const workbench = new Workbench(page, server, browser);
      await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
      await workbench.statusItem().waitFor();
      return workbench;
    } catch (error) {
      const log = await server.log();
      await server.stop();
      throw new Error(`The workbench did not open.\n${log}`, { cause: error });
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
  }

  /** The extension's item in the status bar; it is there once the extension is active. */
  statusItem(): Locator {
    return this.page.locator('.statusbar-item[id^="headlight.headlight"]').first();
  }

  /** The item of the status bar that says that the folder is not trusted. */
  restrictedItem(): Locator {
    return this.page.locator('.statusbar-item', { hasText: 'Restricted Mode' });
  }

  /** Opens a file of the workspace from the explorer, and waits until its text is shown. */
  async openFile(name: string): Promise<void> {
    await this.explorerRow(name).dblclick();
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.editor().locator('.view-line').first().waitFor();
  }

  /** A line of the open file as far as it is on the screen; the editor draws spaces as no-break spaces. */
  line(pattern: RegExp): Locator {
    return this.editor().locator('.view-line').filter({ hasText: pattern });
  }

  /** The text editor of the active group; where that group shows something else, the first one on the screen. */
  editor(): Locator {
    const active = '.editor-group-container.active .monaco-editor';
    const other = `.part.editor:not(:has(${active})) .editor-group-container .monaco-editor`;
    return this.page.locator(`${active}, ${other}`).first();
  }

  /** Selects text of the open file, which must stand in one line of it on the screen, by dragging the mouse over it. */
  async selectByMouse(text: string): Promise<void> {
    for (;;) {
      const box = await this.textBox(text);
      const middle = box.y + box.height / 2;
      await this.page.mouse.move(box.x + 1, middle);
      await this.page.mouse.down();
      await this.page.mouse.move(box.x + box.width / 2, middle, { steps: 4 });
      await this.page.mouse.move(box.x + box.width + 1, middle, { steps: 4 });
      await this.page.mouse.up();
      const { x, y } = await this.textBox(text);
      if (x === box.x && y === box.y) return;
      // A line above it, such as a lens, came or went meanwhile, and the mouse ended in another line. Nothing may be selected
      // for the next try: it would drag that text.
      await this.page.keyboard.press('ArrowLeft');
    }
  }

  /** Puts the cursor before `text` by a click. */
  async placeCursor(text: string): Promise<void> {
    const box = await this.textBox(text);
    await this.page.mouse.click(box.x + 1, box.y + box.height / 2);
  }

  /** Puts the cursor into the line of `text` and selects that line's whole text by the keyboard. */
  async selectLineByKeyboard(text: string): Promise<void> {
    await this.placeCursor(text);
    await this.page.keyboard.press('End');
    await this.page.keyboard.press('Shift+Home');
  }

  /** Rectangle of a text on the screen, in CSS pixels; the editor draws spaces as no-break spaces. */
  async textBox(text: string): Promise<Box> {
    const pattern = text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s');
    const line = this.editor()
      .locator('.view-line')
      .filter({ hasText: new RegExp(pattern) })
      .first();
    for (;;) {
      await line.waitFor();
      const box = await this.boxIn(line, text);
      // The editor draws its lines anew when it has read a file's grammar: this one was thrown away, or is another's by now.
      if (box.width > 0) return box;
    }
  }

  /** Without size where the line does not have the text, or is on the screen no more. */
  private boxIn(line: Locator, text: string): Promise<Box> {
    // No named function in here: the loader would wrap it in a helper that the page does not have.
    return line.evaluate((element, wanted) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const nodes: Text[] = [];
      while (walker.nextNode()) nodes.push(walker.currentNode as Text);
      const shown = nodes.map((node) => node.data).join('');
      const start = shown.replaceAll('\u00a0', ' ').indexOf(wanted);
      const range = document.createRange();
      let offset = 0;
      for (const node of start < 0 ? [] : nodes) {
        const from = start - offset;
        const to = start + wanted.length - offset;
        if (from >= 0 && from < node.length) range.setStart(node, from);
        if (to > 0 && to <= node.length) range.setEnd(node, to);
        offset += node.length;
      }
      const { x, y, width, height } = range.getBoundingClientRect();
      return { x, y, width, height };
    }, text);
  }

  quickInput(): Locator {
    return this.page.locator('.quick-input-widget input.input');
  }

  /** Waits until the picker has this title: the palette may be still open before. */
  async pickerTitled(title: string): Promise<void> {
    await this.page.locator('.quick-input-title', { hasText: title }).waitFor();
  }

  quickRows(): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row');
  }

  /** Runs a command by its full title from the command palette, which then closes or gives way to a picker. */
  async runCommand(title: string, { opensPicker = false } = {}): Promise<void> {
    const input = this.quickInput();
    for (;;) {
      await this.page.keyboard.press('F1');
      await input.waitFor();
      try {
        await input.fill(`>${title}`, { timeout: PALETTE_TIMEOUT_MS });
        break;
      } catch (error) {
        // A page that has just been shown takes the focus when it is ready, and the palette closes at that: once more, then.
        if (await input.isVisible()) throw error;
      }
    }
    // Other titles may begin alike, and the order of the list follows what was used last.
    await this.quickRows()
      .filter({ has: this.page.getByText(title, { exact: true }) })
      .first()
      .click();
    if (!opensPicker) await input.waitFor({ state: 'hidden' });
  }

  notifications(): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item-message');
  }

  /** The result at the selection. */
  widget(): Locator {
    return this.page.locator('.monaco-hover:not(.hidden)').filter({ hasText: 'Headlight' });
  }

  /** One of the widget's links, by its label. */
  widgetAction(label: string): Locator {
    return this.widget().locator('a').filter({ hasText: label });
  }

  /** Colours that the result is drawn in. */
  widgetColours(): Promise<{ text: string; background: string }> {
    return this.widget().evaluate((element) => {
      const style = getComputedStyle(element);
      return { text: style.color, background: style.backgroundColor };
    });
  }

  /** The attention panel's own document, once it has something to show; after a reload the new one. */
  async panelFrame(): Promise<Frame> {
    const outer = this.page.locator('iframe.webview.ready');
    await outer.waitFor();
    const frame = await (await outer.elementHandle())?.contentFrame();
    const inner = await (await frame?.waitForSelector('#active-frame'))?.contentFrame();
    if (!inner) throw new Error('The panel has no document.');
    await inner.locator('#panel').waitFor();
    return inner;
  }

  /** Writes a file into the workspace and waits until the explorer shows it. */
  async addFile(name: string, text: string): Promise<void> {
    await writeFile(join(this.server.workspace, name), text);
    await this.explorerRow(name).waitFor();
  }

  private explorerRow(name: string): Locator {
    return this.page
      .locator('.explorer-folders-view .monaco-list-row')
      .filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** Saves the open file until its text on disk is as expected; gives back what stands there at the latest after 20 s. */
  async savedText(name: string, isExpected: (text: string) => boolean): Promise<string> {
    const path = join(this.server.workspace, name);
    return readUntil(async () => {
      await this.page.keyboard.press('Control+S');
      return readFile(path, 'utf8');
    }, isExpected);
  }

  /** The whole text of the active editor, by way of the clipboard; waits until it is as expected, and returns what there was last. */
  async copiedText(isExpected: (text: string) => boolean): Promise<string> {
    return readUntil(async () => {
      await this.page.keyboard.press('Control+A');
      await this.page.keyboard.press('Control+C');
      return this.page.evaluate(() => navigator.clipboard.readText());
    }, isExpected);
  }

  /** Changes the colour theme in the theme picker and waits until the window is drawn in it. */
  async setTheme(theme: keyof typeof THEMES): Promise<void> {
    const { name, cssClass } = THEMES[theme];
    await this.runCommand('Preferences: Color Theme', { opensPicker: true });
    await this.quickInput().fill(name);
    await this.quickRows()
      .filter({ has: this.page.getByText(name, { exact: true }) })
      .first()
      .click();
    await this.page.locator(`.monaco-workbench.${cssClass}`).waitFor();
    await this.quickInput().waitFor({ state: 'hidden' });
  }

  /** Keeps a picture of the window among the artefacts of the run. */
  async screenshot(name: string): Promise<void> {
    const folder = join(ARTIFACTS, 'screenshots');
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }
}

/** Reads again and again until the text is as expected, and gives what was read last. */
async function readUntil(
  read: () => Promise<string>,
  isExpected: (text: string) => boolean,
): Promise<string> {
  const end = Date.now() + 20_000;
  for (;;) {
    const text = await read();
    if (isExpected(text) || Date.now() > end) return text;
    await delay(100);
  }
}
