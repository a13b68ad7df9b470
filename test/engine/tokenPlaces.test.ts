/** Where tokens stand: in the selection, and in the translation after protected spans came back into it. */
import assert from 'node:assert/strict';
import { readTokenizer } from '../../src/engine/folder';
import {
  chooseSentence,
  fitTogether,
  inspectedSentences,
  jointPlaceholders,
  sentenceAt,
  toSentence,
} from '../../src/engine/inspectSource';
import { translationText, writtenPiece } from '../../src/engine/inspectTarget';
import { thumbnailSide, MOST_MANIFEST } from '../../src/engine/manifest';
import { targetSpans, type TokenSpan } from '../../src/engine/tokenSpans';
import { AppError } from '../../src/common/errors';
import { THUMBNAIL_SIZE } from '../../src/attention/thumbnail';
import { planText } from '../../src/text/plan';
import { protect } from '../../src/text/protect';
import type { Tokenizer } from '../../src/tokenizer/tokenizer';
import { DEFAULT_MODEL } from './support/engine';

const CORPUS = [
  'A family 👨‍👩‍👧‍👦 and a flag 🏳️‍🌈 here.',
  'Cafe\u0301 and re\u0301sume\u0301 with combining marks.',
  'First line.\r\n\tSecond line, after a tab.\r\nThird line.',
  'An eﬃcient ﬁle and a ﬂow of ligatures.',
  'Ｆｕｌｌ－ｗｉｄｔｈ ｌｅｔｔｅｒｓ １２３.',
  'Arabic العربية inside a sentence.',
  'Chinese 我喜欢苹果 inside a sentence.',
  'Rare signs: ꙮ 𝔘 ⸮ ☃ in a row.',
  'Korean 먹었더니 쀍 with rare syllables.',
  'No\u00a0break and  double   blanks\u3000everywhere.',
];

const BYTE = /^<0x([0-9A-F]{2})>$/;

describe('places of tokens', () => {
  let tokenizer: Tokenizer;
  before(async () => (tokenizer = await readTokenizer(DEFAULT_MODEL)));

  /** Runs of byte tokens, and every other token by itself. */
  function groups(tokens: readonly TokenSpan[]): TokenSpan[][] {
    const found: TokenSpan[][] = [];
    for (const token of tokens) {
      const last = found.at(-1);
      const joins = BYTE.test(token.token) && BYTE.test(last?.[0]?.token ?? '');
      if (joins && last) last.push(token);
      else found.push([token]);
    }
    return found;
  }

  const plain = (text: string): string => text.normalize('NFKC').replace(/\s+/gu, '');

  for (const text of CORPUS)
    it(`give back the surface: ${JSON.stringify(text)}`, () => {
      const plan = planText(text, { protectPatterns: [], target: 'ko' });
      const sentences = inspectedSentences(plan, tokenizer);
      for (const { planned, tokens } of sentences) {
        let surface = '';
        // The blank that the tag is followed by stands for nothing of the text.
        const own = tokens.slice(1, -1).filter(({ token, start }) => token !== '▁' || start >= 0);
        for (const group of groups(own)) {
          const bytes = group.flatMap(({ token }) => parseInt(BYTE.exec(token)?.[1] ?? '', 16));
          const spelled = Number.isNaN(bytes[0])
            ? group.map(({ token }) => token.replaceAll('▁', ' ')).join('')
            : new TextDecoder().decode(Uint8Array.from(bytes));
          // Bytes of a character share its place: each place counts once.
          const places = new Map(
            group.map(({ start, end }) => [`${start}-${end}`, { start, end }]),
          );
          const shown = [...places.values()]
            .map(({ start, end }) => text.slice(start, end))
            .join('');
          if (planned.spans.length === 0) assert.equal(plain(shown), plain(spelled));
          surface += shown;
          for (const { start, end } of places.values()) {
            assert.ok(start >= planned.start && end <= planned.end && start <= end);
            assert.doesNotMatch(text.slice(start, end), /^[\udc00-\udfff]|[\ud800-\udbff]$/);
          }
        }
        assert.equal(plain(surface), plain(text.slice(planned.start, planned.end)));
      }
      assert.ok(sentences.length > 0);
    });

  it('in the translation: every character belongs to tokens, bytes share theirs', () => {
    for (const text of ['훌륭한 👍🏽 결과.', 'Plain words.', '쀍', '「문서」를 여세요']) {
      const { ids } = tokenizer.encode(text, { addSpecialTokens: false });
      const decoded = tokenizer.decode(ids);
      const tokens = targetSpans(tokenizer, ids);
      let end = 0;
      for (const token of tokens) {
        if (token.start < 0) continue;
        assert.ok(token.start === end || token.end === end, JSON.stringify(tokens));
        end = Math.max(end, token.end);
        if (!BYTE.test(token.token))
          assert.equal(decoded.slice(token.start, token.end).trim(), token.token.replace('▁', ''));
      }
      assert.equal(end, decoded.length);
    }
  });

  it('in the translation, of bytes that are no text: a replacement character each', () => {
    const ids = ['<0xEB>', '<0xA8>', '▁a'].map((token) => tokenizer.tokenToId(token) ?? -1);
    const decoded = tokenizer.decode(ids);
    const [first, second, third] = targetSpans(tokenizer, ids);
    assert.equal(decoded.slice(first?.start, first?.end), '\ufffd');
    assert.equal(decoded.slice(second?.start, second?.end), '\ufffd');
    assert.equal(decoded.slice(third?.start, third?.end).trim(), 'a');
  });

  it('of placeholders are those of the code, particles corrected behind them', () => {
    const { text, spans } = protect('Call `free()` and `malloc()` now.');
    assert.equal(text, 'Call <c0> and <c1> now.');
    const output = '지금 <c1>를 부르고 <c0>을 부르세요.';
    const { ids } = tokenizer.encode(output);
    const written = writtenPiece(ids, spans, translationText({ spans }, 'ko'), tokenizer, 1);
    assert.equal(written.text, '지금 `malloc()`을 부르고 `free()`를 부르세요.');
    const surface = (token: string): string | undefined => {
      const found = written.tokens.find((one) => one.token.replace('▁', '') === token);
      return found && written.text.slice(found.start, found.end).trim();
    };
    assert.equal(surface('<c0>'), '`free()`');
    assert.equal(surface('<c1>'), '`malloc()`');
    assert.equal(surface('를'), '을');
    assert.equal(surface('지금'), '지금');
    let last = 0;
    for (const { start, end } of written.tokens.filter((token) => token.start >= 0)) {
      assert.ok(start >= last - 1 && end >= start);
      last = end;
    }
    assert.equal(last, written.text.length);
  });

  it('of what may not stand are shown as far as they go', () => {
    const { spans } = protect('Call `free()` now.');
    const { ids } = tokenizer.encode('<c0> <c0> 지금');
    const { text } = writtenPiece(ids, spans, translationText({ spans }, 'ko'), tokenizer, 1);
    assert.equal(text, '`free()` `free()` 지금');
  });
});

describe('sentences of an inspection', () => {
  let tokenizer: Tokenizer;
  before(async () => (tokenizer = await readTokenizer(DEFAULT_MODEL)));
  const of = (text: string) =>
    inspectedSentences(planText(text, { protectPatterns: [], target: 'ko' }), tokenizer);

  it('are together if they fit, else the one at the cursor or the nearest', () => {
    const sentences = of('Open the file.\n\nClose the file. Save it.');
    assert.equal(sentences.length, 3);
    const sum = sentences.reduce((total, { tokens }) => total + tokens.length, 0);
    assert.equal(fitTogether(sentences, sum - 4), true);
    assert.equal(fitTogether(sentences, sum - 5), false);
    assert.equal(chooseSentence(sentences, {}, 512), -1);
    assert.equal(chooseSentence(sentences, { sentence: 2 }, 512), 2);
    assert.equal(chooseSentence(sentences, { cursor: 20 }, 10), 1);
    assert.equal(chooseSentence(of('Open the file.'), { sentence: -1 }, 512), 0);
    assert.deepEqual(
      [0, 14, 15, 16, 31, 999].map((cursor) => sentenceAt(sentences, cursor)),
      [0, 0, 0, 1, 1, 2],
    );
    const refused = (code: string) => (error: unknown) =>
      error instanceof AppError && error.code === code;
    assert.throws(
      () => chooseSentence(sentences, { sentence: 3 }, 512),
      refused('invalidArgument'),
    );
    assert.throws(() => chooseSentence(sentences, { sentence: -1 }, 10), refused('textTooLong'));
    assert.throws(() => chooseSentence(sentences, {}, 4), refused('textTooLong'));
    assert.throws(() => of('`a` 12'), refused('invalidArgument'));
    assert.throws(() => of('Open it. '.repeat(4097)), refused('textTooLong'));
  }).timeout(60_000);

  it('share one numbering of placeholders, unless there are too many of them', () => {
    const first = protect('Call `a()` and `b()`.').spans;
    const second = protect('Then `b()` and `c()`.').spans;
    const [one, two] = jointPlaceholders([first, second]);
    assert.deepEqual([one?.('<c0>'), one?.('<c1>')], ['<c0>', '<c1>']);
    assert.deepEqual([two?.('<c0>'), two?.('<c1>'), two?.('word')], ['<c1>', '<c2>', 'word']);
    const many = Array.from({ length: 6 }, (_, i) => {
      return protect(`Use \`x${i}\`, \`y${i}\` and \`z${i}\`.`).spans;
    });
    assert.equal(jointPlaceholders(many)[5]?.('<c0>'), '<c0>');
    const piece = protect('and `c()`').spans;
    assert.equal(toSentence(piece, second)('<c0>'), '<c1>');
  });
});

describe('the message that opens the panel', () => {
  const token = {
    id: 15_999,
    text: '"\\ufffd"'.repeat(3),
    start: 4096,
    end: 4100,
    special: false,
    word: 511,
  };
  const shape = (layers: number, heads: number, length: number) => {
    const tokens = Array.from({ length }, () => token);
    return {
      runId: Date.now(),
      modelName: 'model',
      modelHash: 'f'.repeat(64),
      tokenizerHash: 'f'.repeat(64),
      direction: { source: 'en', target: 'ko' } as const,
      encoderLayers: layers,
      decoderLayers: layers,
      heads,
      selectionLength: 4096,
      sentences: [{ start: 0, end: 4096, tokens: length }],
      sentence: 0,
      targetText: '글'.repeat(2048),
      source: tokens,
      target: tokens,
      predicted: tokens,
      alignment: { layer: 0, mode: 'input' } as const,
    };
  };

  it('has whole thumbnails for 144 maps of 512 tokens, smaller ones for larger models', () => {
    assert.ok(thumbnailSide(shape(6, 8, 512)) >= 60);
    assert.equal(thumbnailSide(shape(6, 8, 128)), THUMBNAIL_SIZE);
    const side = thumbnailSide(shape(8, 16, 512));
    assert.ok(side < THUMBNAIL_SIZE && side >= 8);
    const maps = 3 * 8 * 16;
    const json = Buffer.byteLength(JSON.stringify(shape(8, 16, 512)));
    assert.ok(maps * side ** 2 + maps * (4 * 17 + 2 * 512) + json <= MOST_MANIFEST);
    assert.throws(() => thumbnailSide(shape(48, 16, 512)), AppError);
  });
});
