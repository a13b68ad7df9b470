import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { throwIfAborted } from '../../../src/common/async';
import type { ResultDocuments } from '../../../src/host/documents';
import { Command, DOCUMENT_SCHEME } from '../../../src/host/ids';
import type { Notices } from '../../../src/host/notices';
import { CommentIndex } from '../../../src/host/scopes/commentIndex';
import type { TranslationService } from '../../../src/host/translation';
import { CommitMessage } from '../../../src/host/writing/commitMessage';
import { NameFromWords } from '../../../src/host/writing/nameFromWords';
import { Running } from '../../../src/host/writing/running';
import { Summaries } from '../../../src/host/writing/summaries';
import { Titles } from '../../../src/host/writing/titles';
import { hoverOver, said } from '../hovers';
import { Kinds, MEMORY } from '../kinds';
import { followLink, selectedText, summaryDocument, summaryLinks } from '../summaries';
import {
  accepted,
  askUntil,
  closeEditors,
  command,
  dismissed,
  during,
  ENGLISH_SENTENCE,
  expectOutcome,
  KOREAN,
  KOREAN_SENTENCE,
  manySentences,
  openText,
  putCursor,
  select,
  setSetting,
  shownEditor,
  textOnce,
  whileHeld,
} from '../support';

const PASSAGE = `${ENGLISH_SENTENCE} When the memory is full, the oldest results are removed.`;
const CODE_LINE = "let text = 'a value that is quite long'; let next = text + 1;\n";
/** Code of a megabyte. */
const MEGABYTE = CODE_LINE.repeat(Math.ceil(1_000_000 / CODE_LINE.length));

const insert = async (document: vscode.TextDocument, at: vscode.Position, text: string) => {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, at, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
};
const START = new vscode.Position(0, 0);

async function lensLines(document: vscode.TextDocument): Promise<number[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    100,
  );
  return lenses
    .filter((lens) => KOREAN.test(lens.command?.title ?? ''))
    .map(({ range }) => range.start.line);
}

/** A service whose work ends when the command that asked for it has been cancelled, at the stage that is given. */
class CancelledAt {
  readonly running = new Running();
  /** Stages that were reached. */
  readonly reached: string[] = [];

  constructor(private readonly stage: string) {}

  /** As the service does: a call whose signal has fired asks nothing. */
  private async answer<T>(stage: string, value: T, signal: AbortSignal): Promise<T> {
    await Promise.resolve();
    throwIfAborted(signal);
    this.reached.push(stage);
    if (stage === this.stage) this.running.cancelAll();
    return value;
  }

  get service(): TranslationService {
    const candidates = [{ text: 'The cache', logProbability: -0.1 }];
    const sentence = { text: ENGLISH_SENTENCE, start: 0, end: ENGLISH_SENTENCE.length, score: 1 };
    const answers: Record<string, object> = {
      generate: { candidates, cut: false },
      summarize: { language: 'en', sentences: [sentence], total: 2 },
    };
    return {
      terms: () => ({ find: () => [] }),
      ask: (method: string, _params: object, signal: AbortSignal) =>
        this.answer(method, answers[method], signal),
      translate: ({ texts }: { texts: readonly string[] }, signal: AbortSignal) =>
        this.answer('translate', { results: texts.map(() => ({ text: '캐시' })) }, signal),
    } as unknown as TranslationService;
  }
}

const silent = { error: () => undefined, info: () => undefined } as unknown as Notices;

suite('cancelling at every stage', () => {
  setup(() => setSetting('targetLanguage', 'ko'));
  teardown(async () => {
    await closeEditors();
    await setSetting('targetLanguage', undefined);
  });

  test('a document: before the model has answered, the translation is the text', async () => {
    const { document } = await openText(`${PASSAGE}\n`, 'markdown');
    const outcome = await during(
      () => command(Command.translateDocument),
      // None is under way until its document is shown.
      () =>
        askUntil(
          () => command(Command.cancel),
          (count) => count !== 0,
        ),
    );
    assert.equal(outcome, 'cancelled');
    const beside = await shownEditor(DOCUMENT_SCHEME);
    assert.equal(beside.document.getText(), document.getText());
  });

  test('an explanation: nothing is shown', async () => {
    const editor = await openText(`// ${manySentences(3, 'explained')}\n`, 'javascript');
    putCursor(editor, 'Open the explained');
    const outcome = await whileHeld(async () => {
      let explained: unknown;
      void command(Command.explainAtCursor).then((what) => (explained = what));
      // It is under way when the text at the cursor was found.
      await askUntil(
        () => command(Command.cancel),
        () => explained !== undefined,
      );
      return explained;
    });
    assert.equal(outcome, 'cancelled');
  });

  for (const stage of ['summarize', 'generate', 'translate']) {
    test(`a summary: during ${stage}, none is shown`, async () => {
      await openText(`${PASSAGE}\n`, 'markdown');
      const at = new CancelledAt(stage);
      const documents = new ResultDocumentsSpy();
      const index = new CommentIndex({
        tokenizer: () => Promise.resolve(undefined),
        failed: () => undefined,
      });
      const deps = { service: at.service, running: at.running, notices: silent, index };
      const summaries = new Summaries({ ...deps, documents: documents.asDocuments });
      try {
        assert.equal(await summaries.selection(), 'cancelled');
        assert.equal(at.reached.at(-1), stage);
        assert.equal(documents.shown, 0);
      } finally {
        summaries.dispose();
        index.dispose();
      }
    });
  }

  for (const stage of ['generate', 'translate']) {
    test(`a title: during ${stage}, the text stays`, async () => {
      const editor = await openText(`${PASSAGE}\n`, 'markdown');
      select(editor, PASSAGE);
      const at = new CancelledAt(stage);
      const titles = new Titles({ service: at.service, running: at.running, notices: silent });
      assert.equal(await titles.run('replace'), 'cancelled');
      assert.equal(at.reached.at(-1), stage);
      assert.equal(editor.document.getText(), `${PASSAGE}\n`);
    });
  }

  test('a title: at its list, and at the question what to do with it', async () => {
    const editor = await openText(`${PASSAGE}\n`, 'markdown');
    select(editor, PASSAGE);
    assert.equal(await dismissed(command(Command.titleForSelection, 'replace')), 'cancelled');
    const { service, running } = new CancelledAt('never');
    const titles = new Titles({ service, running, notices: silent });
    const outcome = titles.run();
    await command('workbench.action.acceptSelectedQuickOpenItem');
    assert.equal(await dismissed(outcome), 'cancelled');
    assert.equal(editor.document.getText(), `${PASSAGE}\n`);
  });

  test('a name: while it is translated, and at its list', async () => {
    const editor = await openText('사용자 이름', 'typescript');
    select(editor, '사용자 이름');
    const { service, running } = new CancelledAt('generate');
    const names = new NameFromWords({ service, running, notices: silent });
    assert.equal(await names.run(), 'cancelled');
    assert.equal(await dismissed(command(Command.nameFromWords)), 'cancelled');
    assert.equal(editor.document.getText(), '사용자 이름');
  });

  test('a commit message: while it is translated', async () => {
    const { document } = await openText(`${KOREAN_SENTENCE}\n`, 'git-commit');
    const { service, running } = new CancelledAt('translate');
    const commits = new CommitMessage({ service, running, notices: silent });
    assert.equal(await commits.translate(), 'cancelled');
    assert.equal(document.getText(), `${KOREAN_SENTENCE}\n`);
  });

  test('a term: at each question', async () => {
    const editor = await openText('cache', 'plaintext');
    select(editor, 'cache');
    assert.equal(await dismissed(command(Command.addToGlossary)), undefined);
    const outcome = command(Command.addToGlossary);
    await command('workbench.action.acceptSelectedQuickOpenItem');
    assert.equal(await dismissed(outcome), undefined);
  });

  test('bilingual reading: switched off in the middle, nothing is shown', async () => {
    const { document } = await openText(
      `// ${manySentences(1, 'bilingual')}\nf();\n`,
      'javascript',
    );
    const outcome = await during(
      () => command(Command.toggleBilingual),
      () => command(Command.toggleBilingual),
    );
    assert.equal(outcome, false);
    assert.deepEqual(await lensLines(document), []);
  });
});

/** Counts what would be shown. */
class ResultDocumentsSpy {
  shown = 0;

  get asDocuments(): ResultDocuments {
    const show = () => Promise.resolve(this.shown++);
    return { show } as unknown as ResultDocuments;
  }
}

suite('edits while a command runs', () => {
  setup(() => setSetting('targetLanguage', 'ko'));
  teardown(async () => {
    await closeEditors();
    await setSetting('targetLanguage', undefined);
  });

  test('the translation of a document follows them', async () => {
    const { document } = await openText(`${ENGLISH_SENTENCE}\n`, 'markdown');
    const outcome = await during(
      () => command(Command.translateDocument),
      () => insert(document, START, 'Close the window.\n\n'),
    );
    assert.equal(outcome, 'opened');
    const beside = await shownEditor(DOCUMENT_SCHEME);
    const text = await textOnce(beside.document, /^.*[가-힣].*\n\n.*[가-힣].*\n$/u);
    assert.equal(text.split('\n').length, document.lineCount);
  });

  test('the links of a summary find their sentences behind them', async () => {
    const { document } = await openText(`${PASSAGE}\n`, 'markdown');
    const outcome = await during(
      () => command(Command.summarizeSelection),
      () => insert(document, START, 'Something before.\n\n'),
    );
    assert.equal(outcome, 'opened');
    const summary = await summaryDocument();
    const [link] = await summaryLinks(summary);
    assert.ok(link);
    const sentence = summary.getText(link.range);
    assert.equal(await followLink(link), 'shown');
    assert.equal(await selectedText(document), sentence);
  });

  test('a title follows its selection, and is refused where that was changed', async () => {
    const editor = await openText(`${PASSAGE}\n`, 'markdown');
    const { document } = editor;
    const title = () => accepted(command(Command.titleForSelection, 'replace'));
    select(editor, PASSAGE);
    const before = await during(title, () => insert(document, START, 'Before.\n'));
    assert.equal(before, 'replaced');
    assert.match(document.getText(), /^Before\.\n.+\n$/u);
    assert.ok(!document.getText().includes(PASSAGE));
    const other = await openText(`${PASSAGE}\n`, 'markdown');
    select(other, PASSAGE);
    const inside = await during(title, () =>
      insert(other.document, new vscode.Position(0, 4), 'X'),
    );
    assert.equal(inside, 'refused');
    assert.equal(other.document.getText(), `The X${PASSAGE.slice(4)}\n`);
  });

  test('bilingual reading shows the lines where they are in the end', async () => {
    const { document } = await openText(`// ${manySentences(1, 'moved')}\nf();\n`, 'javascript');
    const outcome = await during(
      () => command(Command.toggleBilingual),
      () => insert(document, START, 'let before = 1;\n'),
    );
    try {
      assert.equal(outcome, true);
      await askUntil(
        () => lensLines(document),
        (lines) => lines.join() === '1',
      );
    } finally {
      assert.equal(await command(Command.toggleBilingual), false);
    }
  });
});

suite('files of a megabyte', function () {
  // Inserting and reading so much takes its time on a busy machine.
  this.timeout(300_000);

  setup(() => setSetting('targetLanguage', 'ko'));
  teardown(async () => {
    await closeEditors();
    await setSetting('targetLanguage', undefined);
  });

  const openCode = (): Promise<vscode.TextEditor> =>
    openText(`/** ${ENGLISH_SENTENCE} */\n// Close the window.\n${MEGABYTE}`, 'javascript');

  test('have their text and their documentation summarized', async () => {
    const fenced = `${PASSAGE}\n\n\`\`\`js\n${MEGABYTE}\`\`\`\n`;
    assert.ok(fenced.length > 1_000_000);
    await openText(fenced, 'markdown');
    await expectOutcome(Command.summarizeSelection, 'opened');
    assert.ok((await summaryDocument()).getText().includes(ENGLISH_SENTENCE));
    await closeEditors();
    await openCode();
    await expectOutcome(Command.summarizeFile, 'opened');
    assert.ok((await summaryDocument()).getText().includes(ENGLISH_SENTENCE));
  });

  test('have comments of a selection translated, shown in both languages, and explained', async () => {
    const editor = await openCode();
    const { document } = editor;
    putCursor(editor, ENGLISH_SENTENCE);
    await expectOutcome(Command.explainAtCursor, 'shown');
    assert.match(said(await hoverOver(document, ENGLISH_SENTENCE)), KOREAN);
    assert.equal(await command(Command.toggleBilingual), true);
    assert.deepEqual(await lensLines(document), [0, 1]);
    assert.equal(await command(Command.toggleBilingual), false);
    select(editor, 'Close the window.');
    assert.equal(await command(Command.translateCommentsInSelection, 'replace'), 'replaced');
    assert.equal(document.lineAt(0).text, `/** ${ENGLISH_SENTENCE} */`);
    assert.match(document.lineAt(1).text, /^\/\/ .*[가-힣]/u);
    assert.ok(document.getText().endsWith(`\n${MEGABYTE}`));
  });

  test('have a title, made of what the model reads of them, and a name of a line', async () => {
    const editor = await openText(`${PASSAGE}\n${MEGABYTE}`, 'javascript');
    const { document } = editor;
    editor.selection = new vscode.Selection(
      START,
      document.lineAt(document.lineCount - 1).range.end,
    );
    assert.equal(await accepted(command(Command.titleForSelection, 'copy')), 'copied');
    assert.match(await vscode.env.clipboard.readText(), /\S/u);
    editor.selection = new vscode.Selection(START, new vscode.Position(0, 9));
    assert.equal(await accepted(command(Command.nameFromWords)), 'replaced');
    assert.equal(document.lineAt(0).text, `cache${PASSAGE.slice(9)}`);
  });

  test('are translated to the side and saved whole', async () => {
    const kinds = new Kinds();
    kinds.register();
    try {
      const { document } = await openText(
        `${PASSAGE}\n\n\`\`\`js\n${MEGABYTE}\`\`\`\n`,
        'markdown',
      );
      await expectOutcome(Command.translateDocument, 'opened');
      const beside = await shownEditor(DOCUMENT_SCHEME);
      const text = await textOnce(beside.document, KOREAN);
      assert.equal(text.slice(text.indexOf('\n')), document.getText().slice(PASSAGE.length));
      const file = vscode.Uri.from({ scheme: MEMORY, path: '/megabyte.md' });
      assert.equal(await command(Command.saveTranslation, file), 'opened');
      assert.equal(kinds.memory.text(file), text);
    } finally {
      await closeEditors();
      kinds.dispose();
    }
  });
});
