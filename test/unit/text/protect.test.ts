import assert from 'node:assert/strict';
import { AppError } from '../../../src/common/errors';
import { compilePatterns } from '../../../src/text/patterns';
import { MAX_PLACEHOLDERS, protect, restore } from '../../../src/text/protect';
import { findSpans } from '../../../src/text/spans';
import { PROTECTED } from './protect.golden';

describe('protected spans', () => {
  it('have at least 150 golden cases', () => {
    assert.ok(new Set(PROTECTED).size >= 150, `${new Set(PROTECTED).size} cases`);
  });

  for (const marked of PROTECTED) {
    it(`are found in ${JSON.stringify(marked)}`, () => {
      const text = marked.replaceAll(/[⟦⟧]/gu, '');
      const expected = [...marked.matchAll(/⟦([^⟧]*)⟧/gu)].map((match) => match[1]);
      assert.deepEqual(
        findSpans(text).map(({ start, end }) => text.slice(start, end)),
        expected,
      );
      const guarded = protect(text);
      const restored = restore(guarded.text, guarded.spans);
      assert.ok(restored.ok);
      assert.equal(restored.text, text);
    });
  }

  it('are numbered by first appearance, equal strings alike', () => {
    const { text, spans } = protect('`b` then `a` then `b` and `c`');
    assert.equal(text, '<c0> then <c1> then <c0> and <c2>');
    assert.deepEqual(
      spans.map((span) => [span.placeholder, span.text, span.count]),
      [
        ['<c0>', '`b`', 2],
        ['<c1>', '`a`', 1],
        ['<c2>', '`c`', 1],
      ],
    );
  });

  it('fit sixteen to a sentence', () => {
    const of = (count: number) =>
      Array.from({ length: count }, (_, index) => `\`x${index}\``).join(' ');
    assert.equal(protect(of(MAX_PLACEHOLDERS)).fits, true);
    assert.equal(protect(of(MAX_PLACEHOLDERS + 1)).fits, false);
  });

  it('touch what they mark, whatever blanks the model put between', () => {
    const { text, spans } = protect('**서버가 실행 중인가요?** 네, ~~아마도~~.');
    assert.equal(text, '<c0>서버가 실행 중인가요?<c1> 네, <c2>아마도<c3>.');
    const restored = restore('<c0> is the server running? <c1> Yes, <c2> maybe <c3>.', spans);
    assert.ok(restored.ok);
    assert.equal(restored.text, '**is the server running?** Yes, ~~maybe~~.');
    assert.deepEqual(
      restored.ranges.map(({ start, end }) => restored.text.slice(start, end)),
      ['**', '**', '~~', '~~'],
    );
  });

  it('count a link that lost a bracket as missing', () => {
    const { text, spans } = protect('Read [the guide](https://a.example) first.');
    assert.equal(text, 'Read [the guide](<c0>) first.');
    assert.ok(restore('먼저 [가이드](<c0>)를 읽습니다.', spans).ok);
    for (const broken of ['[Interactive] <c0> first read.', '가이드](<c0>) 먼저', '[가이드](<c0>'])
      assert.deepEqual(restore(broken, spans), {
        ok: false,
        missing: ['<c0>'],
        doubled: [],
        unknown: [],
      });
  });

  it('say which placeholder is missing, doubled or made up', () => {
    const { spans } = protect('`a` and `b` and `a`');
    assert.deepEqual(restore('<c0> <c0> <c0> <c7>', spans), {
      ok: false,
      missing: ['<c1>'],
      doubled: ['<c0>'],
      unknown: ['<c7>'],
    });
    const restored = restore('<c1>와 <c0>, <c0>', spans);
    assert.ok(restored.ok);
    assert.equal(restored.text, '`b`와 `a`, `a`');
    assert.deepEqual(
      restored.ranges.map(({ start, end }) => restored.text.slice(start, end)),
      ['`b`', '`a`', '`a`'],
    );
  });

  it('restore text that itself looks like a placeholder or a replacement pattern', () => {
    const { text, spans } = protect('`<c1>` and `$&` and `$1`');
    assert.equal(text, '<c0> and <c1> and <c2>');
    const restored = restore(text, spans);
    assert.ok(restored.ok);
    assert.equal(restored.text, '`<c1>` and `$&` and `$1`');
  });

  it('stand on one line whatever the model writes', () => {
    const { spans } = protect('`a` and <nl>');
    const restored = restore('<c0> 및 <nl> <c1>', spans);
    assert.ok(restored.ok);
    assert.equal(restored.text, '`a` 및 <nl>');
  });

  it('stay countable where a pattern cuts a literal placeholder in two', () => {
    const odd = protect('<c<b>0>', compilePatterns(['<b>']));
    assert.equal(odd.fits, true);
    const made = protect('<cX1>', [/X/gu]);
    assert.equal(made.text, '<c<c0>1>');
    assert.equal(made.fits, true);
  });
});

describe('patterns of the user', () => {
  it('take precedence and are protected', () => {
    const patterns = compilePatterns(['ACME Cloud', 'KB\\d+', '제품명']);
    const text = 'ACME Cloud and KB123, see 제품명을.';
    assert.equal(protect(text, patterns).text, '<c0> and <c1>, see <c2>을.');
    assert.equal(protect('`KB1 x`', compilePatterns(['KB\\d'])).text, '<c0>');
  });

  it('may be written without Unicode mode', () => {
    const [pattern] = compilePatterns(['a\\-b']);
    assert.equal(protect('x a-b y', [pattern!]).text, 'x <c0> y');
  });

  for (const bad of ['(', '[a', 'a**', '(a+)+', '(?:x*y?)*', 'a*', '', 'x'.repeat(1001)]) {
    it(`refuse ${JSON.stringify(bad.slice(0, 12))} by name`, () => {
      assert.throws(
        () => compilePatterns(['ok', bad]),
        (error: unknown) => {
          assert.ok(error instanceof AppError);
          assert.equal(error.code, 'invalidArgument');
          assert.equal(error.data['pattern'], bad);
          assert.equal(error.data['index'], 1);
          return true;
        },
      );
    });
  }

  it('refuse a list that is too long', () => {
    assert.throws(() => compilePatterns(new Array<string>(201).fill('a')), /More than 200/u);
  });
});
