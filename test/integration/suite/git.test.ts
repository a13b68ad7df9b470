import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Command } from '../../../src/host/ids';
import {
  closeEditors,
  command,
  ENGLISH_SENTENCE,
  expectOutcome,
  KOREAN,
  resultHover,
  select,
  show,
  shownText,
  until,
} from '../support';

/** What is used here of the API that VS Code's own git extension gives. */
interface GitApi {
  readonly state: 'uninitialized' | 'initialized';
  readonly onDidChangeState: vscode.Event<unknown>;
  openRepository(
    root: vscode.Uri,
  ): Promise<{ readonly rootUri: vscode.Uri; readonly inputBox: { value: string } } | null>;
  toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
}

interface GitExtension {
  readonly enabled: boolean;
  readonly onDidChangeEnablement: vscode.Event<unknown>;
  getAPI(version: 1): GitApi;
}

const FIRST = `${ENGLISH_SENTENCE}\nOpen the file.\n`;
const SECOND = 'Close the window.\nThe oldest entries are removed.\n';

suite('revisions of git', () => {
  let folder: string;
  let file: string;
  let api: GitApi;

  const git = (...args: readonly string[]): void => {
    const identity = ['-c', 'user.name=Headlight', '-c', 'user.email=test@headlight.invalid'];
    execFileSync('git', [...identity, '-c', 'commit.gpgSign=false', ...args], { cwd: folder });
  };
  const setGit = (name: string, value: unknown) =>
    vscode.workspace.getConfiguration('git').update(name, value, vscode.ConfigurationTarget.Global);

  suiteSetup(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'headlight-git-')));
    file = join(folder, 'notes.txt');
    git('init', '-q');
    writeFileSync(file, FIRST);
    git('add', 'notes.txt');
    git('commit', '-q', '-m', 'first');
    writeFileSync(file, SECOND);
    git('commit', '-q', '-a', '-m', 'second');
    writeFileSync(file, 'Not committed.\n');

    const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
    assert.ok(extension, 'the editor has its git extension');
    const model = await extension.activate();
    // The folder is outside the workspace, about which older versions ask.
    await setGit('openRepositoryInParentFolders', 'always');
    await setGit('enabled', true);
    await until(model.onDidChangeEnablement, () => (model.enabled ? true : undefined));
    api = model.getAPI(1);
    await until(api.onDidChangeState, () => (api.state === 'initialized' ? true : undefined));
    const repository = await api.openRepository(vscode.Uri.file(folder));
    assert.equal(repository?.rootUri.fsPath, folder);
  });
  suiteTeardown(async () => {
    await setGit('enabled', false);
    await setGit('openRepositoryInParentFolders', undefined);
    rmSync(folder, { recursive: true, force: true });
  });
  teardown(closeEditors);

  const openRevision = async (ref: string): Promise<vscode.TextEditor> => {
    const uri = api.toGitUri(vscode.Uri.file(file), ref);
    assert.equal(uri.scheme, 'git');
    return show(uri);
  };

  for (const { ref, text, sentence } of [
    { ref: 'HEAD', text: SECOND, sentence: 'The oldest entries are removed.' },
    { ref: 'HEAD~1', text: FIRST, sentence: ENGLISH_SENTENCE },
  ]) {
    test(`${ref} is translated, an edit is refused with a note, and the result stays`, async () => {
      const editor = await openRevision(ref);
      assert.equal(editor.document.getText(), text);
      select(editor, sentence);
      await expectOutcome(Command.translateSelection, 'shown');
      const shown = await shownText(editor);
      assert.match(shown, KOREAN);
      await expectOutcome(Command.translateAndReplace, 'refused');
      await expectOutcome(Command.insertTranslationBelow, 'refused');
      assert.equal(editor.document.getText(), text);
      const parts = await resultHover(editor.document, editor.selection.active);
      assert.match(parts.at(-1)?.value ?? '', /\$\(warning\)/);
      await expectOutcome(Command.copyTranslation, 'copied');
      assert.equal(await vscode.env.clipboard.readText(), shown);
    });
  }

  test('the message in the input box is translated in place', async () => {
    const repository = await api.openRepository(vscode.Uri.file(folder));
    assert.ok(repository);
    repository.inputBox.value = '파일이 없으면 오류가 발생합니다.';
    const outcome = await command(Command.translateCommitMessage, vscode.Uri.file(folder));
    assert.equal(outcome, 'replaced');
    assert.match(repository.inputBox.value, /^[A-Z][a-z]/u);
    assert.doesNotMatch(repository.inputBox.value, KOREAN);
    repository.inputBox.value = '';
    assert.equal(
      await command(Command.translateCommitMessage, vscode.Uri.file(folder)),
      'nothingToDo',
    );
  });
});
