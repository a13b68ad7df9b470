import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Workbench } from './workbench';

const HANGUL = /[가-힣]/;
const MARKDOWN = `# The cache

The cache keeps the last results in memory. When it grows too large, the **oldest entries** are removed.
Use \`--no-cache\` to switch it off.

- Open the settings.
- Choose the size of the cache.

| Name | Meaning |
| ---- | ------- |
| \`size\` | The number of results that are kept. |

\`\`\`sh
rm -r .cache # not translated
\`\`\`

See [the guide](https://example.com/guide) for more information.
`;

/** In Restricted Mode, where the least is allowed: what works here works everywhere. */
describe('documents and summaries in the workbench', function () {
  this.timeout(240_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open({ restricted: true });
    await workbench.addFile('cache.md', MARKDOWN);
  });
  after(() => workbench?.close());
  afterEach(async function () {
    const name = this.currentTest?.title ?? 'unknown';
    await workbench.screenshot(this.currentTest?.state === 'failed' ? `failed ${name}` : name);
    await workbench.page.keyboard.press('Escape');
    await workbench.runCommand('View: Close All Editors');
  });

  it('translates a Markdown file to the side', async () => {
    await workbench.openFile('cache.md');
    await workbench.runCommand('Headlight: Translate Document to Side');
    const beside = workbench.page.locator('.editor-group-container').nth(1);
    await beside.locator('.view-line', { hasText: HANGUL }).first().waitFor();
    const code = beside.locator('.view-line', { hasText: 'rm -r' });
    assert.match(await code.innerText(), /rm.-r.\.cache.#.not.translated/u);
  });

  it('summarizes a file with links to its sentences', async () => {
    await workbench.openFile('cache.md');
    await workbench.runCommand("Headlight: Summarize File's Documentation");
    const beside = workbench.page.locator('.editor-group-container').nth(1);
    await beside.locator('.view-line', { hasText: /#\sSummary/u }).waitFor();
    // Under the pointer and with the key held, a link has another class.
    const link = beside.locator('[class*=detected-link]', { hasText: 'keeps' }).first();
    await link.waitFor();
    await link.click({ modifiers: ['Control'] });
    // The sentence is selected in its file.
    await workbench.page.locator('.statusbar-item', { hasText: /Ln 3, .*selected/u }).waitFor();
  });

  it('offers titles for the selection', async () => {
    await workbench.openFile('cache.md');
    await workbench.placeCursor('The cache keeps');
    await workbench.page.keyboard.press('Control+A');
    await workbench.runCommand('Headlight: Title for Selection', { opensPicker: true });
    await workbench.pickerTitled('Title for Selection');
    await workbench.quickRows().nth(1).waitFor();
    await workbench.page.locator('.quick-input-list', { hasText: 'In one sentence' }).waitFor();
  });

  it('saves the translation of a document as a file', async () => {
    await workbench.openFile('cache.md');
    await workbench.runCommand('Headlight: Translate Document to Side');
    const beside = workbench.page.locator('.editor-group-container').nth(1);
    await beside.locator('.view-line', { hasText: HANGUL }).first().waitFor();
    await workbench.runCommand('Headlight: Save Translation As File', { opensPicker: true });
    await workbench.pickerTitled('Save Translation As');
    // The dialog opens before it has its suggestion, which is beside the source.
    await workbench.page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLInputElement>('.quick-input-widget input.input')].some(
        ({ value }) => value.endsWith('/cache.ko.md'),
      ),
    );
    const input = workbench.quickInput();
    const tab = workbench.page.locator('.tab.active[data-resource-name="cache.ko.md"]');
    // The first Enter may only take the dialog to the folder.
    while (!(await tab.isVisible())) {
      if (await input.isVisible())
        await input.press('Enter', { timeout: 1000 }).catch(() => undefined);
      await tab.waitFor({ timeout: 1000 }).catch(() => undefined);
    }
    const saved = await readFile(join(workbench.server.workspace, 'cache.ko.md'), 'utf8');
    assert.match(saved, HANGUL);
    assert.equal(saved.split('\n').length, MARKDOWN.split('\n').length);
  });

  it('makes a name of selected words', async () => {
    await workbench.addFile('name.ts', 'let read the file = 1;\n');
    await workbench.openFile('name.ts');
    await workbench.selectByMouse('read the file');
    await workbench.runCommand('Headlight: Name from Words', { opensPicker: true });
    await workbench.quickRows().filter({ hasText: 'readFile' }).first().click();
    await workbench.line(/^let\sreadFile\s=\s1;$/).waitFor();
    await workbench.savedText('name.ts', (text) => text.includes('readFile'));
  });

  it('translates the comments of a selection', async () => {
    await workbench.addFile('selection.ts', '// Open the file.\n\n// Close the window.\n');
    await workbench.openFile('selection.ts');
    await workbench.selectByMouse('Close the window.');
    await workbench.runCommand('Headlight: Translate Comments in Selection', { opensPicker: true });
    await workbench.quickRows().filter({ hasText: 'Replace' }).first().click();
    const text = await workbench.savedText('selection.ts', (saved) => HANGUL.test(saved));
    assert.match(text, /^\/\/ Open the file\.\n\n\/\/ .*[가-힣].*\n$/);
  });

  it('shows what only looks like an icon as it stands', async () => {
    await workbench.openFile('cache.md');
    await workbench.runCommand('Headlight: Add to Glossary', { opensPicker: true });
    await workbench.pickerTitled('Headlight: Add to Glossary');
    await workbench.quickInput().fill('$(pwd)');
    await workbench.page.keyboard.press('Enter');
    await workbench.quickRows().filter({ hasText: 'Do not translate “$(pwd)”' }).waitFor();
  });

  it('adds the selected term to the glossary, which the next translation follows', async () => {
    await workbench.openFile('cache.md');
    await workbench.selectByMouse('cache keeps');
    await workbench.runCommand('Headlight: Add to Glossary', { opensPicker: true });
    await workbench.pickerTitled('Headlight: Add to Glossary');
    await workbench.quickInput().fill('cache');
    await workbench.page.keyboard.press('Enter');
    await workbench.quickRows().filter({ hasText: 'Give its translation' }).first().click();
    await workbench.page.getByText('What “cache” is in the other language').first().waitFor();
    await workbench.quickInput().fill('보관함');
    await workbench.page.keyboard.press('Enter');
    await workbench
      .notifications()
      .filter({ hasText: '“cache” is “보관함” from now on.' })
      .waitFor();
    const glossary = join(workbench.server.workspace, '.headlight', 'glossary.csv');
    assert.match(await readFile(glossary, 'utf8'), /^cache,보관함,$/m);
    await workbench.selectByMouse('The cache keeps the last results in memory.');
    await workbench.runCommand('Headlight: Translate Selection');
    await workbench.widget().filter({ hasText: '보관함' }).waitFor();
  });
});
