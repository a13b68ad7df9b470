import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Deferred } from '../../../src/common/async';
import { LinkCommand } from '../../../src/host/ids';
import { hoverOver, hoversOver, said } from '../hovers';
import { askUntil, closeEditors, ENGLISH_SENTENCE, KOREAN, openText, setSetting } from '../support';

/** In a language of which no other extension of the editor knows more than its colours. */
const CODE = 'local symbol = other\n-- The file is closed when the function returns.\n';

suite('hovers of other extensions', () => {
  const registrations: vscode.Disposable[] = [];
  const provide = (hover: () => vscode.ProviderResult<vscode.Hover>): void => {
    registrations.push(vscode.languages.registerHoverProvider('*', { provideHover: hover }));
  };
  const documentation = (value: string): vscode.Hover => {
    const markdown = new vscode.MarkdownString(value, true);
    markdown.isTrusted = true;
    markdown.supportHtml = true;
    return new vscode.Hover(markdown);
  };

  /** The hover with what they say, and how often it was asked for: it is left out as long as the translation takes longer. */
  const translated = async (document: vscode.TextDocument) => {
    let asked = 0;
    const ask = () => {
      asked++;
      return hoversOver(document, 'symbol');
    };
    const [hover] = await askUntil(ask, (hovers) => hovers.length > 0);
    return { hover: hover!, asked };
  };

  setup(() => setSetting('targetLanguage', 'ko'));
  teardown(async () => {
    for (const registration of registrations.splice(0)) registration.dispose();
    await closeEditors();
    await setSetting('targetLanguage', undefined);
    await setSetting('hover.documentation', undefined);
  });

  test('their documentation is translated', async () => {
    provide(() => documentation(`\`\`\`js\nlet symbol: any\n\`\`\`\n${ENGLISH_SENTENCE}`));
    const { document } = await openText(CODE, 'lua');
    const { hover } = await translated(document);
    assert.match(said(hover), KOREAN);
    assert.doesNotMatch(said(hover), /let symbol/);
  });

  test('their links, commands, icons and HTML are text at most', async () => {
    provide(() =>
      documentation(
        'Open [the file](command:workbench.action.quit?%5B%5D) before you write the next entry. ' +
          '<a href="command:workbench.action.closeWindow">Close the window.</a> $(warning)',
      ),
    );
    const { document } = await openText(CODE, 'lua');
    const { parts } = (await translated(document)).hover;
    const value = parts.map((part) => part.value).join('\n');
    assert.doesNotMatch(value, /command:workbench|href|\$\(warning\)/);
    for (const part of parts.slice(0, -1)) assert.ok(!part.isTrusted && !part.supportHtml);
    assert.deepEqual(parts.at(-1)?.isTrusted, { enabledCommands: Object.values(LinkCommand) });
  });

  test('they are asked once, and never because of our asking', async () => {
    let calls = 0;
    provide(() => {
      calls++;
      return documentation(ENGLISH_SENTENCE);
    });
    const { document } = await openText(CODE, 'lua');
    const { asked } = await translated(document);
    assert.equal(calls, asked + 1, 'each time by VS Code, once by us');
    await hoverOver(document, 'symbol');
    assert.equal(calls, asked + 2, 'afterwards we know what they say');
  });

  test('one that does not answer holds nothing of ours', async () => {
    const never = new Deferred<vscode.Hover>();
    let asked = 0;
    provide(() => {
      asked++;
      // VS Code's own call is answered, so that it ends; ours is not.
      return asked === 1 ? undefined : never.promise;
    });
    const { document } = await openText(CODE, 'lua');
    assert.deepEqual(await hoversOver(document, 'symbol'), []);
    asked = 0;
    assert.match(said(await hoverOver(document, 'The file is closed')), KOREAN);
    assert.equal(asked, 1, 'over a comment nobody is asked');
    never.resolve(documentation(ENGLISH_SENTENCE));
  });

  test('messages of errors at the place are translated', async () => {
    const collection = vscode.languages.createDiagnosticCollection('headlight-test');
    registrations.push(collection);
    const { document } = await openText(CODE, 'lua');
    collection.set(document.uri, [
      new vscode.Diagnostic(new vscode.Range(0, 6, 0, 12), 'The file could not be opened.'),
    ]);
    assert.match(said((await translated(document)).hover), KOREAN);
  });

  test('text in the reader’s language, code alone and the switch leave nothing to show', async () => {
    let text = '이 함수는 파일을 엽니다.';
    provide(() => documentation(text));
    const { document } = await openText(CODE, 'lua');
    assert.deepEqual(await hoversOver(document, 'symbol'), []);
    text = '```js\nlet x: number\n```';
    assert.deepEqual(await hoversOver(document, 'other'), []);
    text = ENGLISH_SENTENCE;
    await setSetting('hover.documentation', false);
    const next = await openText(CODE, 'lua');
    assert.deepEqual(await hoversOver(next.document, 'symbol'), []);
  });
});
