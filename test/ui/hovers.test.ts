import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, SAMPLE_WORKSPACE } from '../host/paths';
import { Workbench } from './workbench';

const HANGUL = /[가-힣]/;
const COMMENT = 'Waits until the server answers';
const SCRIPT = `#!/bin/sh
# Copies the build to the server.
tar -czf build.tar.gz dist | tee build.log
grep -rn --include="*.ts" 'TODO' src > todo.txt
`;
const EXPRESSIONS = String.raw`export const version = /^v?(\d+)\.(\d+)(?:-rc\d+)?$/i;
`;

/** What a hover says in the meantime, in either language. */
const PENDING = /Still translating|still reading|아직 번역|아직 읽/;

/** Rests the pointer on the text until Headlight's hover is there. */
async function point(workbench: Workbench, text: string): Promise<string> {
  const hover = workbench.widget().filter({ hasNotText: PENDING });
  const pending = workbench.widget().filter({ hasText: PENDING });
  for (let tries = 5; ;) {
    const box = await workbench.textBox(text);
    await workbench.page.mouse.move(box.x + 4, box.y + box.height / 2 + 60);
    await workbench.page.mouse.move(box.x + 12, box.y + box.height / 2, { steps: 3 });
    try {
      await hover.or(pending).waitFor({ timeout: 8000 });
    } catch (error) {
      // An editor that was opened just now may not have followed the pointer yet.
      if (--tries === 0) throw error;
      continue;
    }
    if (await hover.isVisible()) break;
    // On a busy machine the answer takes longer than a hover waits, which says to point there again.
    await leave(workbench);
  }
  // It fades in; a picture is to show it as it stays.
  await hover.evaluate((element) =>
    Promise.all(element.getAnimations({ subtree: true }).map(({ finished }) => finished)),
  );
  return hover.innerText();
}

async function leave(workbench: Workbench): Promise<void> {
  await workbench.page.keyboard.press('Escape');
  await workbench.page.mouse.move(640, 790);
  await workbench.widget().waitFor({ state: 'hidden' });
}

describe('hovers', function () {
  this.timeout(240_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open({ settings: { 'headlight.targetLanguage': 'ko' } });
    // The first hover of all loads the model, and says that it is not there yet.
    await workbench.openFile('english.md');
    await workbench.selectByMouse('Check that the `config.json` file exists.');
    await workbench.runCommand('Headlight: Translate Selection');
    await workbench.widgetAction('Replace').waitFor();
    await leave(workbench);
  });
  after(() => workbench?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await workbench.screenshot(`failed ${this.currentTest.title}`);
    }
    await leave(workbench);
  });

  it('translate the comment under the pointer, with small links below', async () => {
    await workbench.openFile('comments.ts');
    const text = await point(workbench, COMMENT);
    assert.match(text, HANGUL);
    for (const label of ['Replace', 'Insert Below', 'Copy', 'Show Attention', 'Turn Off Here']) {
      assert.ok(text.includes(label), `${label} in ${text}`);
    }
  });

  it('leave a comment in the reader’s own language alone', async () => {
    await workbench.openFile('comments.ts');
    await point(workbench, COMMENT);
    await leave(workbench);
    const box = await workbench.textBox('잠시 기다린 뒤');
    await workbench.page.mouse.move(box.x + 12, box.y + box.height / 2, { steps: 3 });
    // The editor's own hover comes for the next word; by then ours would have come too.
    const function_ = await workbench.textBox('readVersion');
    await workbench.page.mouse.move(function_.x + 8, function_.y + 8, { steps: 3 });
    await workbench.page.locator('.monaco-hover:not(.hidden)').first().waitFor();
    assert.doesNotMatch(
      await workbench.page.locator('.monaco-hover').first().innerText(),
      /Replace/,
    );
  });

  it('replace the comment with one click, and one undo brings it back', async () => {
    const original = await readFile(join(SAMPLE_WORKSPACE, 'comments.ts'), 'utf8');
    await workbench.openFile('comments.ts');
    await point(workbench, COMMENT);
    await workbench.widgetAction('Replace').click();
    const replaced = await workbench.savedText('comments.ts', (text) => text !== original);
    assert.match(replaced.split('\n')[1] ?? '', /^ \* .*[가-힣]/);
    await workbench.page.keyboard.press('Control+Z');
    const undone = await workbench.savedText('comments.ts', (text) => text === original);
    assert.equal(undone, original);
  });

  it('explain a shell command and a regular expression', async () => {
    await workbench.addFile('deploy.sh', SCRIPT);
    await workbench.openFile('deploy.sh');
    assert.match(await point(workbench, 'tar -czf'), /tar\s+packs files into an archive/);
    await workbench.screenshot('hover-command');
    await leave(workbench);
    await workbench.addFile('version.ts', EXPRESSIONS);
    await workbench.openFile('version.ts');
    assert.match(await point(workbench, '^v?'), /group 1 \(one or more times a digit\)/);
    await workbench.screenshot('hover-regex');
  });

  it('come by the keyboard: Explain at Cursor, then Tab to a link', async () => {
    await workbench.openFile('comments.ts');
    await workbench.placeCursor('The request is repeated');
    await workbench.runCommand('Headlight: Explain at Cursor');
    const copy = workbench.widgetAction('Copy');
    await copy.waitFor();
    for (let steps = 0; steps < 10; steps++) {
      if (await copy.evaluate((element) => element === document.activeElement)) break;
      await workbench.page.keyboard.press('Tab');
    }
    await workbench.page.keyboard.press('Enter');
    await workbench.page.locator('.statusbar-item', { hasText: 'Translation copied.' }).waitFor();
    const copied = await workbench.page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, HANGUL);
  });

  for (const theme of ['light', 'dark', 'highContrast'] as const) {
    it(`are readable in the ${theme} theme (screenshot)`, async () => {
      await workbench.openFile('comments.ts');
      await workbench.setTheme(theme);
      await point(workbench, COMMENT);
      const { text, background } = await workbench.widgetColours();
      assert.notEqual(text, background);
      await workbench.screenshot(`hover-${theme}`);
    });
  }
});

describe('hovers in a folder that is not trusted', function () {
  this.timeout(240_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open({
      restricted: true,
      settings: { 'headlight.targetLanguage': 'ko' },
      folderSettings: { 'headlight.model.path': '/headlight-no-such-model' },
    });
  });
  after(() => workbench?.close());

  it('come from the default model, and explain without running anything', async () => {
    await workbench.restrictedItem().waitFor();
    await workbench.openFile('comments.ts');
    await workbench.placeCursor(COMMENT);
    await workbench.runCommand('Headlight: Explain at Cursor');
    await workbench.widgetAction('Replace').waitFor();
    assert.match(await workbench.widget().innerText(), HANGUL);
    await leave(workbench);
    assert.match(await point(workbench, COMMENT), HANGUL);
  });
});

describe('hovers in Korean', function () {
  this.timeout(240_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open({ locale: 'ko' });
  });
  after(() => workbench?.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('failed korean hover');
  });

  it('need no setting: the editor’s language is the reader’s', async () => {
    const path = join(ROOT, 'l10n', 'bundle.l10n.ko.json');
    const sentences = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>;
    await workbench.addFile('deploy.sh', SCRIPT);
    await workbench.openFile('deploy.sh');
    const explained = await point(workbench, 'tar -czf');
    assert.ok(explained.includes(sentences['packs files into an archive or unpacks one']!));
    await workbench.screenshot('hover-korean-command');
    await leave(workbench);
    await workbench.openFile('comments.ts');
    let translated = '';
    // The model may still be loading: the hover then says so, and the next has the translation.
    while (!translated.includes(sentences['Replace']!)) {
      translated = await point(workbench, COMMENT);
      if (!translated.includes(sentences['Replace']!)) await leave(workbench);
    }
    assert.ok(translated.includes(sentences['Turn Off Here']!), translated);
    await workbench.screenshot('hover-korean');
  });
});
