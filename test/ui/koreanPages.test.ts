import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { ROOT } from '../host/paths';
import { HANGUL, KoreanTexts } from './koreanTexts';
import { Workbench } from './workbench';

const MARKDOWN = `# The cache

The cache keeps the last results in memory. When it grows too large, the oldest entries are removed.
You can change the size of the cache in the settings.
`;
const CODE = `/** The cache keeps the last results in memory. */
let cacheSize = readNextLine(path);
// Close the window before you restart the computer.
`;

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: readonly {
      readonly properties: Readonly<Record<string, { readonly scope?: string }>>;
    }[];
    readonly walkthroughs: readonly { readonly steps: readonly { readonly id: string }[] }[];
  };
}

/** Commands that the palette offers only while something is under way. */
const SOMETIMES = ['headlight.cancel'];

/** Turns of the mouse wheel after which a list has been seen. */
const MOST_STEPS = 200;

/** All that a person sees of Headlight in an editor whose language is Korean; the pictures are to be looked at. */
describe('every page in Korean', function () {
  this.timeout(300_000);
  let workbench: Workbench;
  let korean: KoreanTexts;
  let manifest: Manifest;

  before(async () => {
    korean = await KoreanTexts.read();
    manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Manifest;
    workbench = await Workbench.open({ locale: 'ko' });
    await workbench.addFile('cache.md', MARKDOWN);
    await workbench.addFile('cache.ts', CODE);
  });
  after(() => workbench?.close());
  afterEach(async function () {
    const name = this.currentTest?.title ?? '';
    const failed = this.currentTest?.state === 'failed' ? 'failed ' : '';
    await workbench.screenshot(`${failed}korean ${name}`);
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.press('Escape');
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand('View: Revert and Close Editor');
    await workbench.runCommand('View: Close All Editors');
  });

  const run = (id: string, options?: { opensPicker: boolean }): Promise<void> =>
    workbench.runCommand(korean.command(id), options);
  const row = (text: string): Locator => workbench.quickRows().filter({ hasText: text }).first();
  const beside = (): Locator => workbench.page.locator('.editor-group-container').nth(1);
  const status = (text: string): Promise<void> =>
    workbench.page.locator('.statusbar-item', { hasText: text }).first().waitFor();
  const notice = (text: string): Promise<void> =>
    workbench.notifications().filter({ hasText: text }).first().waitFor();

  it('the translation', async () => {
    await workbench.openFile('english.md');
    await workbench.selectByMouse('Check that the `config.json` file exists.');
    await run('translateSelection');
    await workbench.widgetAction(korean.sentence('Insert Below')).waitFor();
    await status(`Headlight: CPU`);
  });

  it('the palette', async () => {
    await workbench.openFile('english.md');
    await workbench.selectByMouse('Open the file before you write to it.');
    await workbench.page.keyboard.press('F1');
    await workbench.quickInput().waitFor();
    for (const { command } of manifest.contributes.commands) {
      if (SOMETIMES.includes(command)) continue;
      const title = korean.command(command.replace('headlight.', ''));
      await workbench.quickInput().fill(`>${title}`);
      const exact = workbench.page.getByText(title, { exact: true });
      await workbench.quickRows().filter({ has: exact }).first().waitFor();
    }
    await workbench.quickInput().fill('>Headlight: ');
    await row(korean.command('translateSelection')).waitFor();
  });

  it('the menu of the status bar', async () => {
    await workbench.statusItem().click();
    await row(korean.sentence('Open Settings')).waitFor();
    for (const english of ['Translate Selection', 'Switch Direction', 'Select Device', 'Show Log'])
      await row(korean.sentence(english)).waitFor();
    for (const text of await workbench.quickRows().allInnerTexts()) assert.match(text, HANGUL);
  });

  it('the settings', async () => {
    await workbench.statusItem().click();
    await row(korean.sentence('Open Settings')).click();
    const own = manifest.contributes.configuration
      .flatMap((group) => Object.entries(group.properties))
      // Those of the machine have a page of their own.
      .filter(([, { scope }]) => scope !== 'machine')
      .map(([key]) => key);
    const items = workbench.page.locator('.settings-editor .setting-item-contents[data-key]');
    await items.first().hover();
    const found = new Map<string, string>();
    const missing = (): string[] => own.filter((key) => !HANGUL.test(found.get(key) ?? ''));
    // The list draws only what is on the screen.
    for (let steps = 0; steps < MOST_STEPS && missing().length > 0; steps++) {
      const shown = await items.evaluateAll((elements) =>
        elements.map((element) => ({
          key: element.getAttribute('data-key') ?? '',
          text: element.querySelector('.setting-item-description')?.textContent ?? '',
        })),
      );
      for (const { key, text } of shown) found.set(key, text);
      await workbench.page.mouse.wheel(0, 200);
      await workbench.page.evaluate(() => new Promise(requestAnimationFrame));
      if (steps % 8 === 0) await workbench.screenshot(`korean settings ${steps}`);
    }
    assert.deepEqual(missing(), []);
    const text = await workbench.page.locator('.settings-editor').innerText();
    for (const group of ['translation', 'hover', 'comments', 'summary', 'attention'])
      assert.ok(text.includes(korean.manifestText(`configuration.${group}`)), group);
  });

  it('the walkthrough', async () => {
    await workbench.runCommand('Welcome: Open Walkthrough...', { opensPicker: true });
    await row(korean.manifestText('walkthrough.title')).click();
    const page = workbench.page.locator('.gettingStartedContainer');
    for (const { id } of manifest.contributes.walkthroughs[0]?.steps ?? []) {
      const title = korean.manifestText(`walkthrough.${id}.title`);
      const step = page.locator('.getting-started-step').filter({ hasText: title });
      await step.locator('.step-title').first().click();
      await step.locator('.step-description-container').getByText(HANGUL).first().waitFor();
      await workbench.screenshot(`korean walkthrough ${id}`);
    }
    assert.ok((await page.innerText()).includes(korean.manifestText('walkthrough.description')));
  });

  it('a document beside', async () => {
    await workbench.openFile('cache.md');
    await run('translateDocument');
    await beside().locator('.view-line', { hasText: HANGUL }).first().waitFor();
    const title = korean.sentence('Translation of {0}', 'cache.md');
    await workbench.page.locator('.tab', { hasText: title }).waitFor();
  });

  it('a summary', async () => {
    await workbench.openFile('cache.md');
    await run('summarizeFile');
    const title = korean.sentence('Summary of {0}', 'cache.md').replaceAll(' ', '\\s');
    await beside()
      .locator('.view-line', { hasText: new RegExp(title) })
      .waitFor();
    await beside()
      .locator('.view-line', { hasText: korean.sentence('Contents') })
      .waitFor();
  });

  it('titles', async () => {
    await workbench.openFile('cache.md');
    await workbench.placeCursor('The cache keeps');
    await workbench.page.keyboard.press('Control+A');
    await run('titleForSelection', { opensPicker: true });
    await workbench.pickerTitled(korean.sentence('Title for Selection'));
    await workbench.quickRows().nth(1).waitFor();
  });

  it('an explanation', async () => {
    await workbench.openFile('cache.ts');
    await workbench.placeCursor('readNextLine');
    await run('explainAtCursor');
    await workbench.widget().filter({ hasText: HANGUL }).first().waitFor();
  });

  it('comments in both languages', async () => {
    await workbench.openFile('cache.ts');
    await run('toggleBilingual');
    const lens = workbench.editor().locator('.codelens-decoration').filter({ hasText: HANGUL });
    await lens.nth(1).waitFor();
    const english = 'Bilingual reading: comments are also shown in {0}.';
    await status(korean.sentence(english, korean.sentence('Korean')));
    await workbench.screenshot('korean bilingual');
    await run('toggleBilingual');
    await status(korean.sentence('Bilingual reading is off.'));
  });

  it('the question about comments, and their number', async () => {
    await workbench.openFile('cache.ts');
    await run('translateComments', { opensPicker: true });
    await row(korean.sentence('Add below')).waitFor();
    await row(korean.sentence('Show beside')).waitFor();
    await workbench.screenshot('korean question about comments');
    await row(korean.sentence('Replace')).click();
    await workbench.line(/\/\/\s.*[가-힣]/).waitFor();
    await status(korean.sentence('Comments translated: {0}', '2'));
  });

  it('names', async () => {
    await workbench.openFile('korean.md');
    await workbench.selectLineByKeyboard('회의에서');
    await run('nameFromWords', { opensPicker: true });
    await workbench.pickerTitled(korean.sentence('Name from Words'));
    await workbench.quickRows().nth(1).waitFor();
  });

  it('the questions of the glossary', async () => {
    await workbench.openFile('cache.ts');
    await workbench.selectByMouse('cacheSize');
    await run('addToGlossary', { opensPicker: true });
    await workbench.pickerTitled(korean.sentence('Headlight: Add to Glossary'));
    await workbench.page.getByText(korean.sentence('The term')).first().waitFor();
    assert.equal(await workbench.quickInput().inputValue(), 'cacheSize');
    await workbench.screenshot('korean glossary term');
    await workbench.page.keyboard.press('Enter');
    await row(korean.sentence('Do not translate “{0}”', 'cacheSize')).waitFor();
    await workbench.screenshot('korean glossary choice');
    await row(korean.sentence('Give its translation…')).click();
    const prompt = korean.sentence('What “{0}” is in the other language', 'cacheSize');
    await workbench.page.getByText(prompt).first().waitFor();
    await workbench.quickInput().fill('보관함 크기');
    await workbench.page.keyboard.press('Enter');
    await notice(korean.sentence('“{0}” is “{1}” from now on.', 'cacheSize', '보관함 크기'));
  });

  it('a notice', async () => {
    await workbench.addFile('empty.txt', '\n\n');
    await workbench.openFile('empty.txt');
    await run('translateDocument');
    await notice(korean.sentence('Open the document that is to be translated.'));
  });

  it('the devices', async () => {
    await run('selectDevice', { opensPicker: true });
    await row(korean.sentence('Automatic')).waitFor();
    // Before anything was translated nothing is known of them; it is asked for here, and stands below their names.
    await row(korean.sentence('Test all devices now')).click();
    const [probe = ''] = korean.sentence('probe {0} ms', '{').split('{');
    await row(korean.sentence('Processor (CPU)')).filter({ hasText: probe }).waitFor();
    for (const text of await workbench.quickRows().allInnerTexts()) assert.match(text, HANGUL);
  });

  it('an error', async () => {
    // A setting of the machine, which is the server's.
    const settings = join(workbench.server.folder, 'data', 'Machine', 'settings.json');
    const missing = '/headlight-no-such-model';
    await writeFile(settings, JSON.stringify({ 'headlight.model.path': missing }));
    await workbench.openFile('english.md');
    await workbench.selectByMouse('Open the file before you write to it.');
    const [start] = korean
      .sentence(
        'A file of the model is missing: {0}. Check the setting headlight.model.path; if it is empty, reinstall Headlight.',
        missing,
      )
      .split('.');
    const error = workbench.notifications().filter({ hasText: start ?? '' });
    // The editor reads the file again by and by.
    for (;;) {
      await run('translateSelection');
      await error.or(workbench.widget()).first().waitFor();
      if (await error.first().isVisible()) break;
      await workbench.page.keyboard.press('Escape');
    }
  });
});
