import assert from 'node:assert/strict';
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
    const link = beside.locator('.detected-link', { hasText: 'The' }).first();
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
    await workbench.page
      .locator('.quick-input-title', { hasText: 'Title for Selection' })
      .waitFor();
    assert.ok((await workbench.quickRows().count()) >= 2);
  });
});
