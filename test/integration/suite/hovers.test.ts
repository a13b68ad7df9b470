import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Command, LinkCommand } from '../../../src/host/ids';
import { follow, hoverOver, hoversOver, links, said } from '../hovers';
import {
  closeEditors,
  command,
  ENGLISH_SENTENCE,
  KOREAN,
  KOREAN_SENTENCE,
  manySentences,
  onTabs,
  openCell,
  openText,
  select,
  setSetting,
  show,
  undo,
  until,
  whileHeld,
} from '../support';

const SCRIPT = `/**
 * Opens the file and reads the first line of it.
 * The file is closed when the function returns.
 *
 * @param path The path of the file.
 */
function open(path) {
  // The cache keeps the last
  // results in memory.
  return read(path, 'The file could not be opened.', 'utf8');
}
`;

suite('hovers over text', () => {
  setup(() => setSetting('targetLanguage', 'ko'));
  teardown(async () => {
    await closeEditors();
    await setSetting('targetLanguage', undefined);
  });

  test('a documentation comment is translated as a whole, without its marks', async () => {
    const { document } = await openText(SCRIPT, 'javascript');
    const hover = await hoverOver(document, 'reads the first');
    assert.match(said(hover), KOREAN);
    assert.doesNotMatch(said(hover), /\*|\/\//);
    assert.equal(hover.range?.start.line, 0);
    assert.equal(hover.range?.end.line, 5);
  });

  test('adjacent comment lines are one text', async () => {
    const { document } = await openText(SCRIPT, 'javascript');
    const hover = await hoverOver(document, 'The cache keeps');
    assert.match(said(hover), KOREAN);
    const lower = await hoverOver(document, 'results in memory');
    assert.equal(said(lower), said(hover));
    assert.deepEqual(lower.range, hover.range);
  });

  test('a string of several words is translated, a name in a string is not', async () => {
    const { document } = await openText(SCRIPT, 'javascript');
    const hover = await hoverOver(document, 'The file could');
    assert.match(said(hover), KOREAN);
    assert.ok(!links(hover).includes(LinkCommand.insertResultBelow), 'a string has no line below');
    assert.deepEqual(await hoversOver(document, 'utf8'), []);
  });

  test('code is left alone', async () => {
    const { document } = await openText(SCRIPT, 'javascript');
    assert.deepEqual(await hoversOver(document, 'return read'), []);
  });

  test('paragraphs of Markdown and plain text are translated, fenced code is not', async () => {
    const markdown = `# Notes\n\n${ENGLISH_SENTENCE}\nOpen the file first.\n\n\`\`\`js\nlet notes = read();\n\`\`\`\n`;
    const { document } = await openText(markdown, 'markdown');
    assert.match(said(await hoverOver(document, ENGLISH_SENTENCE)), KOREAN);
    assert.deepEqual(await hoversOver(document, 'let notes'), []);
    const plain = await openText(`${ENGLISH_SENTENCE}\n`);
    assert.match(said(await hoverOver(plain.document, ENGLISH_SENTENCE)), KOREAN);
  });

  test('a selection has the translation of what is selected', async () => {
    const editor = await openText(`Close the window. ${ENGLISH_SENTENCE}\n`);
    select(editor, ENGLISH_SENTENCE);
    const hover = await hoverOver(editor.document, ENGLISH_SENTENCE);
    assert.match(said(hover), KOREAN);
    assert.ok(hover.range?.isEqual(editor.selection));
    const whole = await hoverOver(editor.document, 'Close the window');
    assert.notEqual(said(whole), said(hover));
  });

  test('text that is already in the reader’s language has no hover', async () => {
    const text = `// ${KOREAN_SENTENCE}\n// ${ENGLISH_SENTENCE}\n`;
    const korean = await openText(`// ${KOREAN_SENTENCE}\nlet x;\n`, 'javascript');
    assert.deepEqual(await hoversOver(korean.document, KOREAN_SENTENCE), []);
    await setSetting('targetLanguage', 'en');
    assert.match(said(await hoverOver(korean.document, KOREAN_SENTENCE)), /[a-z]{3}/);
    const english = await openText(`// ${ENGLISH_SENTENCE}\n`, 'javascript');
    assert.deepEqual(await hoversOver(english.document, ENGLISH_SENTENCE), []);
    const both = await openText(text, 'javascript');
    assert.equal((await hoversOver(both.document, KOREAN_SENTENCE)).length, 1);
  });

  test('only Headlight’s own commands can be clicked, and the text is untrusted', async () => {
    const { document } = await openText(
      '// Open [the file](command:workbench.action.quit) before you write the entry.\n',
      'javascript',
    );
    const { parts } = await hoverOver(document, 'before you');
    assert.deepEqual(parts.at(-1)?.isTrusted, { enabledCommands: Object.values(LinkCommand) });
    for (const part of parts.slice(0, -1)) assert.ok(!part.isTrusted && !part.supportHtml);
    assert.doesNotMatch(parts.map(({ value }) => value).join('\n'), /\(command:workbench/);
  });

  test('the links replace the comment with its marks, and one undo brings it back', async () => {
    const editor = await openText(SCRIPT, 'javascript');
    const hover = await hoverOver(editor.document, 'The cache keeps');
    assert.equal(await follow(hover, LinkCommand.replaceResult), 'replaced');
    const lines = editor.document.getText().split('\n');
    const replaced = lines.filter((line) => KOREAN.test(line));
    assert.ok(replaced.length > 0);
    for (const line of replaced) assert.match(line, /^ {2}\/\/ /);
    await undo();
    assert.equal(editor.document.getText(), SCRIPT);
  });

  test('the links insert below and copy', async () => {
    const editor = await openText(`  # ${ENGLISH_SENTENCE}\n  x = 1\n`, 'python');
    const hover = await hoverOver(editor.document, ENGLISH_SENTENCE);
    assert.equal(await follow(hover, LinkCommand.copyResult), 'copied');
    assert.equal(await vscode.env.clipboard.readText(), said(hover));
    assert.equal(await follow(hover, LinkCommand.insertResultBelow), 'inserted');
    const lines = editor.document.getText().split('\n');
    assert.equal(lines[0], `  # ${ENGLISH_SENTENCE}`);
    assert.match(lines[1] ?? '', /^ {2}# .*[가-힣]/);
    assert.equal(lines.at(-2), '  x = 1');
  });

  test('a link of a text that was edited since changes nothing', async () => {
    const editor = await openText(`// ${ENGLISH_SENTENCE}\nlet x;\n`, 'javascript');
    const hover = await hoverOver(editor.document, ENGLISH_SENTENCE);
    await editor.edit((builder) => builder.insert(new vscode.Position(0, 10), 'new '));
    const edited = editor.document.getText();
    assert.equal(await follow(hover, LinkCommand.replaceResult), 'refused');
    assert.equal(editor.document.getText(), edited);
    assert.equal(await command(LinkCommand.replaceResult, -1_000_000), 'nothingToDo');
  });

  test('the second time the cache answers, without an engine', async () => {
    const { document } = await openText(`// ${ENGLISH_SENTENCE}\n`, 'javascript');
    const first = said(await hoverOver(document, ENGLISH_SENTENCE));
    await whileHeld(async () =>
      assert.equal(said(await hoverOver(document, ENGLISH_SENTENCE)), first),
    );
  });

  test('cancelling ends a hover without an answer, and the next one has it', async () => {
    const { document } = await openText(manySentences(40, 'hovered'));
    const call = hoversOver(document, 'Open the hovered file number 3 ');
    await command(Command.cancel);
    const given = await call;
    assert.ok(given.length <= 1);
    assert.equal((await hoversOver(document, 'Open the hovered file number 3 ')).length, 1);
  });

  test('where a result is shown already there is no second hover', async () => {
    const editor = await openText(ENGLISH_SENTENCE);
    select(editor, ENGLISH_SENTENCE);
    assert.equal(await command(Command.translateSelection), 'shown');
    assert.equal((await hoversOver(editor.document, ENGLISH_SENTENCE)).length, 1);
  });

  test('Show Attention selects the text and opens the panel', async () => {
    const editor = await openText(`// ${ENGLISH_SENTENCE}\n`, 'javascript');
    const hover = await hoverOver(editor.document, ENGLISH_SENTENCE);
    assert.equal(await follow(hover, LinkCommand.showHoverAttention), 'shown');
    assert.equal(editor.document.getText(editor.selection), `// ${ENGLISH_SENTENCE}`);
    await until(onTabs, () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .find(({ input }) => input instanceof vscode.TabInputWebview),
    );
  });

  test('cells of a notebook have hovers', async () => {
    const { document } = await openCell(`# ${ENGLISH_SENTENCE}\nx = 1`);
    assert.match(said(await hoverOver(document, ENGLISH_SENTENCE)), KOREAN);
  });

  test('a virtual document has hovers, with nothing to edit if it is read-only', async () => {
    const scheme = 'headlight-test-hover';
    const registration = vscode.workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: () => `# ${ENGLISH_SENTENCE}\n`,
    });
    try {
      const uri = vscode.Uri.from({ scheme, path: '/remote.py' });
      const { document } = await show(uri);
      assert.match(said(await hoverOver(document, ENGLISH_SENTENCE)), KOREAN);
    } finally {
      registration.dispose();
    }
  });
});
