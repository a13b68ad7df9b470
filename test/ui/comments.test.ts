import assert from 'node:assert/strict';
import { Workbench } from './workbench';

const HANGUL = /[가-힣]/;

const SOURCE = `/**
 * Reads a configuration file and returns its entries. Entries that
 * cannot be read are skipped, and a warning is written to the log.
 *
 * - Relative paths start at the folder of the file.
 * - Unknown keys are kept.
 *
 * @param path The path of the file.
 * @returns The entries in the order of the file.
 */
export function read(path: string): Entry[] {
  // The cache is asked first, because reading the file again takes
  // much longer than looking it up.
  const known = cache.get(path); // Nothing is read twice.
  if (known) return known;
  // 파일이 없으면 빈 목록을 돌려줍니다.
  return parse(load(path));
}
`;

describe('comments in the workbench', function () {
  this.timeout(240_000);
  let workbench: Workbench;

  before(async () => {
    // The folder is not trusted: comments are read and translated there all the same.
    workbench = await Workbench.open({
      restricted: true,
      settings: { 'headlight.targetLanguage': 'ko' },
    });
    await workbench.addFile('read.ts', SOURCE);
  });
  after(() => workbench?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await workbench.screenshot(`failed ${this.currentTest.title}`);
    }
    await workbench.page.keyboard.press('Escape');
  });

  const lenses = () =>
    workbench.editor().locator('.codelens-decoration').filter({ hasText: HANGUL });

  it('have their translation above them, in every theme, and nothing of it in the file', async () => {
    await workbench.openFile('read.ts');
    await workbench.runCommand('Headlight: Toggle Bilingual Reading of Comments');
    await lenses().nth(6).waitFor();
    for (const theme of ['light', 'highContrast', 'highContrastLight', 'dark'] as const) {
      await workbench.setTheme(theme);
      await lenses().first().waitFor();
      await workbench.screenshot(`bilingual ${theme}`);
    }
    assert.equal(await workbench.page.locator('.tab.active.dirty').count(), 0);
    await workbench.runCommand('Headlight: Toggle Bilingual Reading of Comments');
    await lenses().first().waitFor({ state: 'detached' });
  });

  it('are replaced as the list says, and one undo brings the file back', async () => {
    await workbench.runCommand('Headlight: Translate Comments in File', { opensPicker: true });
    await workbench.quickRows().filter({ hasText: 'Add below' }).first().waitFor();
    await workbench.screenshot('translate comments');
    await workbench.quickRows().filter({ hasText: 'Replace' }).first().click();
    await workbench.line(/\*\s@param\spath\s[^a-z]*[가-힣]/).waitFor();
    await workbench.screenshot('comments replaced');
    const replaced = await workbench.savedText('read.ts', (text) => text !== SOURCE);
    assert.match(replaced, /cache\.get\(path\); \/\/ .*[가-힣]/);
    await workbench.placeCursor('export function');
    await workbench.page.keyboard.press('Control+Z');
    assert.equal(await workbench.savedText('read.ts', (text) => text === SOURCE), SOURCE);
  });
});
