import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { silentLogger } from '../../../src/common/logger';
import { BilingualReading } from '../../../src/host/comments/bilingual';
import type { EngineClient } from '../../../src/host/engine/client';
import { HoverAnswers } from '../../../src/host/hover/answers';
import { HoverEntries } from '../../../src/host/hover/entries';
import type { Explainer } from '../../../src/host/hover/explain';
import { Prefetcher } from '../../../src/host/hover/prefetch';
import { TextHovers } from '../../../src/host/hover/provider';
import { Notices } from '../../../src/host/notices';
import { CommentIndex } from '../../../src/host/scopes/commentIndex';
import { readLoadParams } from '../../../src/host/settings';
import { TranslationService } from '../../../src/host/translation';
import type { ResultWidget } from '../../../src/host/widget';
import { WordLinks } from '../../../src/host/wordLinks';
import type { AlignResult, TextResult, TranslateResult } from '../../../src/protocol/engine';
import { closeEditors, openText, setSetting, until } from '../support';

const TEXT = 'The file is closed.';
const RESULT = '파일을 닫습니다.';
const answer: TextResult = {
  text: RESULT,
  source: 'en',
  target: 'ko',
  segments: [
    {
      sourceStart: 0,
      sourceEnd: TEXT.length,
      targetStart: 0,
      targetEnd: RESULT.length,
      status: 'translated',
      logProbability: -1,
    },
  ],
};

/** An engine that knows one sentence and how often it was asked. */
class Engine {
  readonly asked: string[] = [];

  readonly client = {
    request: (method: string, params: { texts?: readonly string[] }) => {
      this.asked.push(method);
      return Promise.resolve(this.answer(method, params.texts ?? []));
    },
    onNotification: () => new vscode.Disposable(() => undefined),
    onState: () => new vscode.Disposable(() => undefined),
    dispose: () => undefined,
  } as unknown as EngineClient;

  private answer(method: string, texts: readonly string[]): unknown {
    const align: AlignResult = {
      targetText: RESULT,
      links: [{ sourceStart: 4, sourceEnd: 8, targetStart: 0, targetEnd: 3 }],
    };
    const translate: TranslateResult = {
      results: texts.map(() => answer),
      sentences: texts.length,
      fromCache: 0,
      sourceTokens: 1,
      targetTokens: 1,
      milliseconds: 1,
    };
    return method === 'align' ? align : method === 'translate' ? translate : {};
  }
}

/** Notes whatever parts of this file's program send to the editor, from its making on. */
class Sent {
  readonly calls: string[] = [];
  private readonly restore: (() => void)[] = [];

  constructor() {
    this.note(vscode.commands, 'executeCommand');
    this.note(vscode.languages, 'registerCodeLensProvider', (_: unknown, provider: unknown) => {
      const { onDidChangeCodeLenses } = provider as vscode.CodeLensProvider;
      onDidChangeCodeLenses?.(() => this.calls.push('onDidChangeCodeLenses'));
    });
    this.watchEditors();
  }

  dispose(): void {
    for (const restore of this.restore.splice(0)) restore();
  }

  private note(namespace: object, name: string, more?: (...args: unknown[]) => void): void {
    const call = Reflect.get(namespace, name) as (...args: unknown[]) => unknown;
    this.replace(namespace, name, {
      value: (...args: unknown[]) => {
        this.calls.push(name);
        more?.(...args);
        return call(...args);
      },
    });
  }

  private watchEditors(): void {
    const { window } = vscode;
    const watched = (editor: vscode.TextEditor): vscode.TextEditor =>
      // Of a target of its own, since the editor's object may not be changed.
      new Proxy({} as vscode.TextEditor, {
        get: (_, key) => {
          if (key === 'setDecorations') this.calls.push(key);
          return Reflect.get(editor, key, editor) as unknown;
        },
      });
    const property = Object.getOwnPropertyDescriptor(window, 'visibleTextEditors');
    assert.ok(property, 'the editors that are shown are a property of the window');
    const before = Object.defineProperty({}, 'visibleTextEditors', property) as typeof window;
    this.replace(window, 'visibleTextEditors', {
      get: () => before.visibleTextEditors.map(watched),
    });
  }

  private replace(namespace: object, name: string, property: PropertyDescriptor): void {
    const before = Object.getOwnPropertyDescriptor(namespace, name);
    assert.ok(before?.configurable, `${name} can be replaced`);
    Object.defineProperty(namespace, name, { ...property, configurable: true });
    this.restore.push(() => Object.defineProperty(namespace, name, before));
  }
}

suite('what a keystroke and a hover from the cache cost', () => {
  const owned: { dispose(): unknown }[] = [];
  const own = <T extends { dispose(): unknown }>(part: T): T => {
    owned.push(part);
    return part;
  };
  const type = vscode.commands.executeCommand.bind(undefined, 'type', { text: 'a' });
  let engine: Engine;
  let service: TranslationService;
  let notices: Notices;
  let index: CommentIndex;

  setup(async () => {
    await setSetting('targetLanguage', 'ko');
    // The extension's own hovers rest meanwhile.
    await setSetting('hover.trigger', 'command');
    engine = new Engine();
    const makeClient = () => Promise.resolve(engine.client);
    service = own(new TranslationService(makeClient, () => readLoadParams('none'), silentLogger));
    notices = new Notices({
      keys: () => [],
      get: () => undefined,
      update: () => Promise.resolve(),
    } as vscode.Memento);
    index = own(
      new CommentIndex({ tokenizer: () => Promise.resolve(undefined), failed: () => undefined }),
    );
  });
  teardown(async () => {
    for (const part of owned.splice(0).reverse()) part.dispose();
    await closeEditors();
    await setSetting('hover.trigger', undefined);
    await setSetting('targetLanguage', undefined);
  });

  /** Strikes a key; the event of its edit has reached every listener that was there before. */
  async function strike({ document }: vscode.TextEditor): Promise<void> {
    const { version } = document;
    const edited = until(vscode.workspace.onDidChangeTextDocument, () =>
      document.version > version ? true : undefined,
    );
    await type();
    await edited;
  }

  test('a keystroke sends nothing to the editor, whatever is on', async () => {
    const editor = await openText(`// ${TEXT}\nlet a;\n`, 'javascript');
    const sent = own(new Sent());
    own(new WordLinks(service, notices));
    own(new Prefetcher(service, new HoverAnswers(service, notices), index, silentLogger));
    const bilingual = own(new BilingualReading({ index, service, notices, logger: silentLogger }));
    editor.selection = new vscode.Selection(1, 4, 1, 4);
    await strike(editor);
    assert.equal(sent.calls.join(), '', 'nobody is asked for lenses before the first line');
    await bilingual.toggle();
    const shown = sent.calls.splice(0);
    assert.ok(shown.includes('registerCodeLensProvider') && shown.includes('setDecorations'));
    await strike(editor);
    await strike(editor);
    assert.deepEqual(sent.calls, []);
  });

  test('marks of a word’s source go with the first keystroke', async () => {
    const editor = await openText(`// ${TEXT}\n`, 'javascript');
    const { document } = await vscode.workspace
      .openTextDocument({ content: RESULT })
      .then((shown) => ({ document: shown }));
    const sent = own(new Sent());
    const words = own(new WordLinks(service, notices));
    const offsets = { start: 3, end: 3 + TEXT.length };
    words.follow(document.uri, {
      id: 1,
      document: editor.document,
      cursor: new vscode.Position(0, 0),
      parts: [{ source: TEXT, result: answer, offsets }],
    });
    const { token } = own(new vscode.CancellationTokenSource());
    const hover = await words.provideHover(document, new vscode.Position(0, 1), token);
    assert.ok(hover);
    assert.deepEqual(sent.calls, ['setDecorations']);
    await strike(editor);
    assert.deepEqual(sent.calls, ['setDecorations', 'setDecorations']);
    await strike(editor);
    assert.equal(sent.calls.length, 2);
  });

  test('a hover from the cache asks nothing of the engine and waits for nothing', async () => {
    await setSetting('hover.trigger', undefined);
    const { document } = await openText(`// ${TEXT}\nlet a;\n`, 'javascript');
    const hovers = own(
      new TextHovers({
        answers: new HoverAnswers(service, notices),
        blocks: index,
        entries: own(new HoverEntries()),
        explainer: {} as Explainer,
        logger: silentLogger,
        widget: { entryAt: () => undefined } as unknown as ResultWidget,
      }),
    );
    const { token } = own(new vscode.CancellationTokenSource());
    const position = new vscode.Position(0, 5);
    assert.ok(await hovers.provideHover(document, position, token));
    assert.deepEqual(engine.asked, ['load', 'translate']);
    const sent = own(new Sent());
    let turns = 0;
    const next = setImmediate(() => turns++);
    const hover = await hovers.provideHover(document, position, token);
    clearImmediate(next);
    assert.equal(turns, 0, 'the answer is there in the turn in which it was asked for');
    assert.match((hover?.contents[1] as vscode.MarkdownString).value, /파일을 닫습니다/);
    assert.deepEqual(engine.asked, ['load', 'translate']);
    assert.deepEqual(sent.calls, []);
  });
});
