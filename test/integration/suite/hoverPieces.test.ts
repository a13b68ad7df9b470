import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Deferred } from '../../../src/common/async';
import type { TextResult } from '../../../src/protocol/engine';
import { AnswerCache, answerKey } from '../../../src/host/answers';
import type { HoverAnswers } from '../../../src/host/hover/answers';
import { HoverEntries } from '../../../src/host/hover/entries';
import type { Explainer } from '../../../src/host/hover/explain';
import { Prefetcher } from '../../../src/host/hover/prefetch';
import { TextHovers } from '../../../src/host/hover/provider';
import { explainRegex } from '../../../src/host/hover/regexWords';
import type { ServiceState, TranslationService } from '../../../src/host/translation';
import type { ResultWidget } from '../../../src/host/widget';
import { CommentIndex } from '../../../src/host/scopes/commentIndex';
import { closeEditors, openText, setSetting } from '../support';

const logger = { log: () => undefined };
const answer = (text: string): TextResult => ({
  text,
  source: 'en',
  target: 'ko',
  segments: [
    {
      sourceStart: 0,
      sourceEnd: 1,
      targetStart: 0,
      targetEnd: text.length,
      status: 'translated',
      logProbability: -1,
    },
  ],
});

/** Comments by the looks of the language: no grammar is loaded for it. */
function plainBlocks(): CommentIndex {
  return new CommentIndex({ tokenizer: () => Promise.resolve(undefined), failed: () => undefined });
}

/** Answers of a model that is asked for in the test's own time. */
class FakeAnswers {
  readonly asked: { text: string; signal: AbortSignal; priority: string }[] = [];
  readonly waiting: Deferred<TextResult>[] = [];
  readonly onAsk = new vscode.EventEmitter<void>();
  readonly cache = new Map<string, TextResult>();

  isForeign(_document: vscode.TextDocument, text: string): boolean {
    return !/[가-힣]/.test(text);
  }

  known(_document: vscode.TextDocument, text: string): TextResult | undefined {
    return this.cache.get(text);
  }

  translate(
    _document: vscode.TextDocument,
    text: string,
    signal: AbortSignal,
    priority = 'hover',
  ): Promise<TextResult> {
    const deferred = new Deferred<TextResult>();
    this.asked.push({ text, signal, priority });
    this.waiting.push(deferred);
    this.onAsk.fire();
    return deferred.promise;
  }

  /** Resolves when the model was asked so often. */
  async count(wanted: number): Promise<void> {
    while (this.asked.length < wanted) {
      await new Promise<void>((resolve) => {
        const subscription = this.onAsk.event(() => {
          subscription.dispose();
          resolve();
        });
      });
    }
  }

  get asAnswers(): HoverAnswers {
    return this as unknown as HoverAnswers;
  }
}

suite('pieces of hovers', () => {
  const owned: vscode.Disposable[] = [];
  const own = <T extends vscode.Disposable>(part: T): T => {
    owned.push(part);
    return part;
  };
  teardown(async () => {
    for (const part of owned.splice(0)) part.dispose();
    await closeEditors();
    await setSetting('hover.trigger', undefined);
  });

  /** The extension's own hovers are for the command only meanwhile; these stand-ins answer what is asked of them. */
  function textHovers(answers: FakeAnswers): TextHovers {
    return own(
      new TextHovers({
        answers: answers.asAnswers,
        blocks: own(plainBlocks()),
        entries: own(new HoverEntries()),
        explainer: {} as Explainer,
        logger,
        widget: { entryAt: () => undefined } as unknown as ResultWidget,
      }),
    );
  }

  test('a hover that is no longer wanted stops its translation', async () => {
    const answers = new FakeAnswers();
    const hovers = textHovers(answers);
    const { document } = await openText('// Open the file.\n', 'javascript');
    const cancellation = new vscode.CancellationTokenSource();
    const position = new vscode.Position(0, 5);
    const call = hovers.provideHover(document, position, cancellation.token);
    await answers.count(1);
    assert.equal(answers.asked[0]?.text, 'Open the file.');
    cancellation.cancel();
    assert.equal(answers.asked[0]?.signal.aborted, true);
    answers.waiting[0]?.reject(new Error('aborted'));
    assert.equal(await call, undefined);
  });

  test('a token that has fired before asks nothing', async () => {
    const answers = new FakeAnswers();
    const hovers = textHovers(answers);
    const { document } = await openText('// Open the file.\n', 'javascript');
    const cancellation = new vscode.CancellationTokenSource();
    cancellation.cancel();
    const position = new vscode.Position(0, 5);
    assert.equal(await hovers.provideHover(document, position, cancellation.token), undefined);
    assert.deepEqual(answers.asked, []);
  });

  test('a hover whose text changed while it was translated is not shown', async () => {
    const answers = new FakeAnswers();
    const hovers = textHovers(answers);
    const editor = await openText('// Open the file.\n', 'javascript');
    const { token } = new vscode.CancellationTokenSource();
    const call = hovers.provideHover(editor.document, new vscode.Position(0, 5), token);
    await answers.count(1);
    await editor.edit((builder) => builder.insert(new vscode.Position(0, 0), '\n'));
    answers.waiting[0]?.resolve(answer('파일을 엽니다.'));
    assert.equal(await call, undefined);
  });

  test('an answer that takes too long says so, goes on, and is there the next time', async () => {
    const answers = new FakeAnswers();
    const hovers = textHovers(answers);
    const { document } = await openText('// Open the file.\n', 'javascript');
    const cancellation = new vscode.CancellationTokenSource();
    const position = new vscode.Position(0, 5);
    const late = await hovers.provideHover(document, position, cancellation.token);
    assert.match((late?.contents[1] as vscode.MarkdownString).value, /Still translating/);
    cancellation.cancel();
    assert.equal(answers.asked[0]?.signal.aborted, false);
  });

  test('visible comments near the cursor are translated one by one, the nearest first', async () => {
    const answers = new FakeAnswers();
    const text = '// Open the file.\nlet a;\n// Close the file.\nlet b;\n// 파일을 엽니다.\n';
    const editor = await openText(text, 'javascript');
    editor.selection = new vscode.Selection(3, 0, 3, 0);
    own(prefetcher(answers, 'ready'));
    editor.selection = new vscode.Selection(2, 4, 2, 4);
    await answers.count(1);
    assert.deepEqual(
      answers.asked.map(({ text: asked, priority }) => [asked, priority]),
      [['Close the file.', 'background']],
    );
    answers.waiting[0]?.resolve(answer('파일을 닫습니다.'));
    await answers.count(2);
    assert.equal(answers.asked[1]?.text, 'Open the file.');
    // Typing stops what is under way, whatever it is.
    await editor.edit((builder) => builder.insert(new vscode.Position(1, 0), ' '));
    assert.equal(answers.asked[1]?.signal.aborted, true);
    answers.waiting[1]?.reject(new Error('aborted'));
  });

  test('nothing is prefetched before a model is in memory', async () => {
    const answers = new FakeAnswers();
    const editor = await openText('// Open the file.\n', 'javascript');
    let state: ServiceState = { phase: 'off' };
    const listeners: (() => void)[] = [];
    const service = {
      get state() {
        return state;
      },
      onState: (listener: () => void) => {
        listeners.push(listener);
        return new vscode.Disposable(() => undefined);
      },
    } as unknown as TranslationService;
    own(new Prefetcher(service, answers.asAnswers, own(plainBlocks()), logger));
    editor.selection = new vscode.Selection(0, 4, 0, 4);
    state = { phase: 'ready' };
    for (const listener of listeners) listener();
    await answers.count(1);
    assert.equal(answers.asked.length, 1, 'the model’s coming begins it, not the cursor before');
  });

  function prefetcher(answers: FakeAnswers, phase: ServiceState['phase']): Prefetcher {
    const service = {
      state: { phase },
      onState: () => new vscode.Disposable(() => undefined),
    } as unknown as TranslationService;
    return new Prefetcher(service, answers.asAnswers, own(plainBlocks()), logger);
  }

  test('the cache of answers is bounded by bytes and told apart by everything that counts', () => {
    const cache = new AnswerCache();
    cache.set('a', answer('가'));
    assert.equal(cache.get('a'), undefined, 'without a bound there is none');
    cache.bound(2000);
    for (let index = 0; index < 20; index++) cache.set(`key ${index}`, answer('번역'.repeat(20)));
    assert.ok(cache.get('key 19'));
    assert.equal(cache.get('key 0'), undefined);
    cache.bound(2000);
    assert.ok(cache.get('key 19'), 'the same bound keeps what is there');
    cache.bound(0);
    assert.equal(cache.get('key 19'), undefined);
    const request = { target: 'ko', beam: 1, protectPatterns: ['a\nb'] };
    const keys = new Set([
      answerKey('m', request, 'text'),
      answerKey('n', request, 'text'),
      answerKey('m', { ...request, target: 'en' }, 'text'),
      answerKey('m', { ...request, beam: 4 }, 'text'),
      answerKey('m', { ...request, protectPatterns: ['a', 'b'] }, 'text'),
      answerKey('m', request, 'other'),
    ]);
    assert.equal(keys.size, 6);
  });

  test('expressions are read by the grammar, piece by piece', () => {
    const cases: readonly (readonly [string, string, string | undefined])[] = [
      ['ab|c?', '', 'Matches ‘ab’ or optionally ‘c’.'],
      [
        '(?<year>\\d{4,})\\k<year>',
        '',
        'Matches group year (at least 4 times a digit), then the same as group year.',
      ],
      [
        '[^\\s"]*?',
        '',
        'Matches any number of times any character but a blank, ‘"’ (as few as possible).',
      ],
      ['(?<!a)b(?=c)', '', 'Matches not preceded by ‘a’, then ‘b’, then followed by ‘c’.'],
      ['^x$', 'm', 'Matches the start of a line, then ‘x’, then the end of a line.'],
      ['\\bfoo\\.', '', 'Matches an edge of a word, then ‘foo.’.'],
      [
        '(a)(?:b|(c))\\2',
        '',
        'Matches group 1 (‘a’), then (‘b’ or group 2 (‘c’)), then the same as group 2.',
      ],
      ['(?P<n>\\w)', '', 'Matches group n (a letter, digit or _).'],
      ['\\p{Lu}', 'u', 'Matches a character that is General_Category=Lu.'],
      ['(', '', undefined],
      ['a{2,1}', '', undefined],
    ];
    for (const [pattern, flags, sentence] of cases) {
      assert.equal(explainRegex(pattern, flags)?.sentence, sentence, pattern);
    }
    const long = explainRegex('a\\db\\sc\\wd.', '');
    assert.equal(long?.sentence, undefined, 'too many pieces for a sentence');
    assert.equal(long?.pieces.length, 8);
    assert.deepEqual(long?.pieces[1], { code: '\\d', words: 'a digit' });
  });
});
