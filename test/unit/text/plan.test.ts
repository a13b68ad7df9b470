import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { LINE_END } from '../../../src/text/characters';
import { planText, type Plan } from '../../../src/text/plan';
import { restore } from '../../../src/text/protect';
import { unwrapped, unwrappedLike } from '../../../src/text/wrapped';
import { FIXTURE, fixtureText } from './makeFixture';
import { mixedLine, mixedLines } from './mixedLines';
import { Random } from './random';

const plan = (text: string, target: 'auto' | 'en' | 'ko' = 'auto'): Plan =>
  planText(text, { protectPatterns: [], target });

/** The sentences that go to the model, as they stand in the text. */
const translated = (text: string, target: 'auto' | 'en' | 'ko' = 'auto'): string[] =>
  plan(text, target)
    .sentences.filter(({ keep }) => keep === undefined)
    .map(({ start, end }) => text.slice(start, end));

/** Everything a plan promises whatever the text. */
function checkPlan(text: string): void {
  const made = plan(text);
  let end = 0;
  for (const sentence of made.sentences) {
    assert.ok(sentence.start >= end && sentence.end > sentence.start, 'ordered');
    assert.ok(sentence.end <= text.length, 'in range');
    const original = text.slice(sentence.start, sentence.end);
    assert.equal(original, original.trim());
    const flat = unwrapped(original);
    assert.ok(!LINE_END.test(flat), 'on one line');
    assert.equal(made.unwrapped.slice(sentence.start, sentence.end), flat, 'a sentence by itself');
    const restored = restore(sentence.text, sentence.spans);
    assert.ok(restored.ok);
    assert.equal(restored.text, flat);
    end = sentence.end;
  }
  assert.equal(made.assemble([]).text, text, 'nothing translated');
  const originals = made.sentences.map(({ start, end }) => text.slice(start, end));
  const same = made.assemble(
    originals.map((original) => unwrapped(original)),
    true,
  );
  assert.equal(same.text, made.unwrapped, 'translated into itself');
  for (const [index, segment] of same.segments.entries()) {
    const sentence = made.sentences[index];
    assert.deepEqual(segment, {
      sourceStart: sentence?.start,
      sourceEnd: sentence?.end,
      targetStart: sentence?.start,
      targetEnd: sentence?.end,
    });
  }
  const other = made.assemble(originals.map((_, index) => `T${index}\nx\u2028y`));
  assert.equal(lines(other.text), lines(text), 'as many lines as before');
  for (const [index, { targetStart, targetEnd }] of other.segments.entries()) {
    const shown = other.text.slice(targetStart, targetEnd);
    const { text: written, toLines, toOneLine } = unwrappedLike(originals[index]!, shown);
    assert.ok(written.startsWith(`T${index} x y`), 'the line ends taken out again');
    const at = written.indexOf('x');
    assert.equal(shown[toLines(at)], 'x');
    assert.equal(toOneLine(toLines(at)), at);
  }
}

const lines = (text: string): number => text.split(new RegExp(LINE_END, 'u')).length;

describe('a plan', () => {
  it('cuts lines into structure and sentences', () => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['# Getting started', ['Getting started']],
      ['## Getting started ##', ['Getting started']],
      ['- First. Second.', ['First.', 'Second.']],
      ['  1. First item', ['First item']],
      ['- [ ] Open task', ['Open task']],
      ['> > Quoted text', ['Quoted text']],
      ['// A comment', ['A comment']],
      ['/// A comment', ['A comment']],
      ['/** Does it. */', ['Does it.']],
      [' * Does it.', ['Does it.']],
      [' */', []],
      ['# A comment', ['A comment']],
      ['-- A comment', ['A comment']],
      [';; A comment', ['A comment']],
      ['"""Does it."""', ['Does it.']],
      ['<!-- A comment -->', ['A comment']],
      ['    :param name: The name.', ['The name.']],
      [' * @param {string} name - The name.', ['The name.']],
      [' * @returns The name', ['The name']],
      ['| Name | The first value |', ['Name', 'The first value']],
      ['| `a|b` is it | x |', ['`a|b` is it', 'x']],
      ['|---|:-:|', []],
      ['Trailing blanks  ', ['Trailing blanks']],
      ['Goes on \\', ['Goes on']],
      ['- item\r\n- other\r\n', ['item', 'other']],
      ['*Important* text', ['*Important* text']],
      ['3.14 is a number', ['3.14 is a number']],
      ['// TODO(me): Fix this later.', ['Fix this later.']],
      ['# FIXME it is slow', ['it is slow']],
      ['- - nested', ['- nested']],
    ];
    for (const [text, expected] of cases) assert.deepEqual(translated(text), expected, text);
  });

  it('keeps code', () => {
    for (const text of [
      'const x = 1;',
      'if (x) {',
      '}',
      '});',
      'return foo(bar);',
      'import { a } from "b";',
      'from a.b import c',
      'def foo(a, b):',
      'x = compute(y)',
      'foo.bar(baz);',
      '#include <stdio.h>',
      '#!/bin/sh',
      '$ npm install foo',
      'for (let i = 0; i < n; i++) {',
      'public static void main(String[] args) {',
      '"name": "value",',
      '// const commented = out();',
      'let total: number = 0',
      '>>> print(x)',
      'if x in self.items:',
      'console.log("the value is not in the list");',
      '[docs]: https://example.com/docs',
      '```ts\nThis is a line of the code.\n```',
      '~~~\nThis too.\n~~~',
      '---\ntitle: The title\ntags: [a, b]\n---\n',
    ]) {
      assert.deepEqual(translated(text), [], text);
    }
  });

  it('takes prose for prose, whatever words it begins with', () => {
    for (const text of [
      'If the file does not exist, it is made.',
      'Return the value of the field.',
      'For example, this one',
      'Import the module first.',
      'Use the default (recommended)',
      'The value is set; then it is used.',
      'Class of the object',
      'x = the number of items in the list',
      'Note: this is new',
      'Install the package:',
      'Function application (see below)',
      'Let it be',
      'New in this version',
      'Type of the value',
      'While you wait:',
      'Save as...',
      'Delete file(s)',
      'Try again',
    ]) {
      assert.deepEqual(translated(text), [text]);
    }
  });

  it('translates the comment behind code', () => {
    assert.deepEqual(translated('  return x; // the value'), ['the value']);
    assert.deepEqual(translated('x = 1  # the first value'), ['the first value']);
    assert.deepEqual(translated('} // end of the loop'), ['end of the loop']);
    assert.deepEqual(translated('f("a // b"); // see there'), ['see there']);
  });

  it('ends a block of code that began before the text', () => {
    assert.deepEqual(translated('const x = 1;\n```\nText after it.'), ['Text after it.']);
    assert.deepEqual(translated('Text.\n```js\nnot closed here'), ['Text.']);
  });

  it('keeps what is in the target language and what has no text', () => {
    const text = 'This is English.\n이것은 한국어입니다.\n`code`\n123\nThis is English, too.';
    const made = plan(text);
    assert.equal(made.target, 'ko');
    assert.deepEqual(
      made.sentences.map(({ keep }) => keep ?? 'translate'),
      ['translate', 'alreadyTarget', 'noText', 'noText', 'translate'],
    );
    assert.deepEqual(translated(text, 'en'), ['이것은 한국어입니다.']);
  });

  it('puts translations in their places', () => {
    const text = '  - 첫째입니다.둘째입니다.\r\n\r\n> 셋째 `x`입니다.\t\r\n';
    const made = plan(text);
    const { text: result, segments } = made.assemble(['First.', 'Second.', undefined]);
    assert.equal(result, '  - First. Second.\r\n\r\n> 셋째 `x`입니다.\t\r\n');
    assert.deepEqual(
      segments.map(({ targetStart, targetEnd }) => result.slice(targetStart, targetEnd)),
      ['First.', 'Second.', '셋째 `x`입니다.'],
    );
    assert.deepEqual(
      segments.map(({ sourceStart, sourceEnd }) => text.slice(sourceStart, sourceEnd)),
      ['첫째입니다.', '둘째입니다.', '셋째 `x`입니다.'],
    );
  });

  it('cuts a sentence with too many spans, and keeps one that cannot be cut', () => {
    const names = Array.from({ length: 40 }, (_, index) => `\`x${index}\``);
    const text = `The names are ${names.join(', ')} and no more.`;
    const made = plan(text);
    assert.ok(made.sentences.length >= 3);
    for (const sentence of made.sentences) {
      assert.ok(sentence.spans.length <= 16);
      assert.equal(sentence.keep === 'tooLong', false);
    }
    checkPlan(text);
    const tight = `The names are:${names.join('+')}.`;
    assert.equal(plan(tight).sentences.at(-1)?.keep, 'tooLong');
    checkPlan(tight);
  });

  it('keeps its promises for 5,000 generated texts', () => {
    const random = new Random(1);
    const ends = ['\n', '\r\n', '\n\n', '\r', '\u2028', '\n```\n', '\n'];
    for (let round = 0; round < 5000; round++) {
      let text = '';
      const count = 1 + random.below(8);
      for (let i = 0; i < count; i++) text += mixedLine(random) + random.pick(ends);
      checkPlan(random.chance(0.5) ? text : text.trimEnd());
    }
  }).timeout(120_000);

  it('keeps its promises for 5,000 texts of random signs', () => {
    const random = new Random(2);
    const signs = [
      ...'abXY01가나다요.!?,;:()[]{}<>`"\'*_~#-+=/\\|@$%&^ \n\t\r',
      '다. ',
      '\r\n',
      '```',
      '**',
      '<c0>',
      '<nl>',
      '](',
      'http://',
      '%s',
      '{0}',
      '😀',
      '\ud800',
      '\u0301',
      '。',
      '...',
      '//',
    ];
    for (let round = 0; round < 5000; round++) {
      let text = '';
      const count = random.below(60);
      for (let i = 0; i < count; i++) text += random.pick(signs);
      checkPlan(text);
    }
  }).timeout(120_000);

  it('has a fixture of 1,000 mixed lines, as its script writes it', () => {
    const text = readFileSync(FIXTURE, 'utf8');
    assert.equal(text, fixtureText());
    assert.equal(text.split('\n').length, 1001);
    checkPlan(text);
    assert.ok(translated(text, 'ko').length > 400);
    assert.ok(translated(text, 'en').length > 250);
  });

  it('is linear in hostile texts', () => {
    // Each would take minutes to hours if any step were quadratic with a large factor; the suite's own limit is the guard.
    const size = 100_000;
    const seeds = [
      'a',
      '.',
      '. ',
      'a.',
      'a. ',
      '가',
      '다.',
      '다. ',
      '`',
      '`a',
      '(',
      ')',
      '((',
      '[',
      '](',
      '{',
      '{a',
      '}',
      '<',
      '<a',
      '<a ',
      '<!--',
      '</',
      '&',
      '&a',
      '%',
      '$',
      '$(',
      '@',
      'a@',
      'a@a.',
      '#',
      '-',
      '--',
      '--a',
      '/',
      'a/',
      '/a',
      '\\',
      'a\\',
      'C:\\a ',
      '_',
      'a_',
      'a1',
      '1',
      '1.',
      '1,',
      ':',
      '::',
      'a:',
      'a::',
      'f(',
      'f(a,',
      '"',
      '“',
      '*',
      '**',
      '**a',
      '~~a',
      ' ',
      '\t',
      '|',
      '| a ',
      '>',
      '> ',
      '- ',
      '# ',
      'http://',
      'https://a.b/',
      'www.',
      'v1.',
      '0x',
      'ab12',
      'A',
      'aA',
      'A.',
      'e.g. ',
      '!',
      '! ',
      '\u00a0',
      '\n',
      '\r\n',
      '```\n',
      '\u0301',
      '😀',
      '\ud800',
    ];
    for (const seed of seeds) {
      const text = seed.repeat(Math.ceil(size / seed.length));
      const made = plan(text);
      assert.equal(made.assemble([]).text, text, JSON.stringify(seed));
    }
  }).timeout(120_000);

  it('makes mixed lines of one line each', () => {
    for (const line of mixedLines(2000, 3)) assert.ok(!LINE_END.test(line));
  });
});
