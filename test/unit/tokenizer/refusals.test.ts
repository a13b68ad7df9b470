import assert from 'node:assert/strict';
import { AppError } from '../../../src/common/errors';
import { AlignedText } from '../../../src/tokenizer/alignedText';
import { asObject } from '../../../src/tokenizer/json';
import { TokenList } from '../../../src/tokenizer/model';
import { Tokenizer } from '../../../src/tokenizer/tokenizer';
import { Unigram } from '../../../src/tokenizer/unigram';
import { defaultJson } from './fixtures';

function refused(json: unknown, data: Record<string, string>): void {
  assert.throws(
    () => Tokenizer.fromJson(json),
    (error) => {
      assert.ok(error instanceof AppError, String(error));
      assert.equal(error.code, 'tokenizerInvalid');
      for (const [key, value] of Object.entries(data)) assert.equal(error.data[key], value);
      return true;
    },
  );
}

const UNIGRAM = {
  type: 'Unigram',
  unk_id: 0,
  vocab: [
    ['<unk>', 0],
    ['a', -1],
  ],
};
const BPE = { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'] };

function withModel(change: object, base: object = UNIGRAM): object {
  return { model: { ...base, ...change } };
}

describe('tokenizer, files that are refused', () => {
  it('names what is missing or of the wrong type', () => {
    for (const json of [null, undefined, [], 'x', 7]) refused(json, { field: 'root' });
    refused({}, { field: 'model' });
    refused({ model: {} }, { field: 'model.type' });
    refused(withModel({ vocab: {} }), { field: 'model.vocab' });
    refused(withModel({ vocab: [['a', '1']] }), { field: 'model.vocab[0]' });
    refused(withModel({ vocab: [['a', Infinity]] }), { field: 'model.vocab[0]' });
    refused(withModel({ vocab: [['\ud800', 0]] }), { field: 'model.vocab[0]' });
    refused(withModel({ vocab: [['a'.repeat(1001), 0]] }), { field: 'model.vocab[0]' });
    refused(withModel({ unk_id: 2 }), { field: 'model.unk_id' });
    refused(withModel({ unk_id: -1 }), { field: 'model.unk_id' });
    refused(withModel({ byte_fallback: 1 }), { field: 'model.byte_fallback' });
    refused(withModel({ vocab: { a: 0.5 } }, BPE), { field: 'model.vocab' });
    refused(withModel({ merges: ['a'] }, BPE), { field: 'model.merges[0]' });
    refused(withModel({ merges: [['a', 'c']] }, BPE), { field: 'model.merges[0]' });
    refused(withModel({ unk_token: '?' }, BPE), { field: 'model.unk_token' });
  });

  it('names the type that it does not have', () => {
    const cases = {
      normalizer: { type: 'Precompiled' },
      pre_tokenizer: { type: 'UnicodeScripts' },
      post_processor: { type: 'RobertaProcessing' },
      decoder: { type: 'WordPiece' },
    };
    for (const [field, value] of Object.entries(cases)) {
      refused({ model: UNIGRAM, [field]: value }, { field, type: value.type });
    }
    refused({ model: { type: 'WordPiece' } }, { field: 'model', type: 'WordPiece' });
    refused(withModel({ dropout: 0.1 }, BPE), { field: 'model.dropout' });
    refused(
      { model: UNIGRAM, normalizer: { type: 'Sequence', normalizers: [{ type: 'Nmt' }] } },
      { field: 'normalizer.normalizers[0]', type: 'Nmt' },
    );
  });

  it('checks added tokens and templates', () => {
    const token = { id: 5, content: 'x' };
    refused(
      { model: UNIGRAM, added_tokens: [{ ...token, id: -1 }] },
      { field: 'added_tokens[0].id' },
    );
    refused(
      { model: UNIGRAM, added_tokens: [token, { ...token, content: 'y', lstrip: 'no' }] },
      { field: 'added_tokens[1].lstrip' },
    );
    for (const part of [{ Sequence: { id: 'B' } }, { SpecialToken: { id: 'toString' } }]) {
      refused(
        {
          model: UNIGRAM,
          post_processor: { type: 'TemplateProcessing', single: [part], special_tokens: {} },
        },
        { field: 'post_processor.single[0]' },
      );
    }
  });

  it('does not fall over steps that are nested without end', () => {
    let normalizer: object = { type: 'NFC' };
    for (let i = 0; i < 20000; i++) normalizer = { type: 'Sequence', normalizers: [normalizer] };
    refused({ model: UNIGRAM, normalizer }, {});
  });

  it('stops a chain of steps that makes text grow without bound', function () {
    this.timeout(30_000);
    const step = { type: 'Replace', pattern: { String: 'a' }, content: 'aa' };
    const normalizer = { type: 'Sequence', normalizers: Array(60).fill(step) };
    const tokenizer = Tokenizer.fromJson({ model: UNIGRAM, normalizer });
    assert.throws(
      () => tokenizer.encode('aaaa'),
      (error) => error instanceof AppError && error.code === 'textTooLong',
    );
  });

  it('says so when a character is in no piece and nothing stands for the unknown', () => {
    const tokenizer = Tokenizer.fromJson(withModel({ unk_id: null }));
    assert.deepEqual(tokenizer.encode('aa').ids, [1, 1]);
    assert.throws(
      () => tokenizer.encode('ab'),
      (error) => error instanceof AppError && error.code === 'tokenizerInvalid',
    );
  });

  it('reads names of object members as the words they are', () => {
    const vocab = JSON.parse('{"__proto__":0,"constructor":1,"c":2,"o":3}') as object;
    const tokenizer = Tokenizer.fromJson({ model: { ...BPE, vocab, merges: [] } });
    assert.equal(tokenizer.tokenToId('__proto__'), 0);
    assert.equal(tokenizer.tokenToId('toString'), undefined);
    assert.deepEqual(tokenizer.encode('coco').ids, [2, 3, 2, 3]);
  });
});

describe('tokenizer, cost', () => {
  const unigram = new Unigram(asObject(defaultJson()['model'], 'model'));

  function steps(text: string): number {
    const before = unigram.latticeSteps;
    unigram.tokenize(AlignedText.of(text), new TokenList());
    return unigram.latticeSteps - before;
  }

  it('is linear in the length of the text: twice the text, twice the edges of the lattice', () => {
    for (const part of ['the▁server▁값을 const x = 1; ', 'a', '\n', '한국어를', '😀', '=']) {
      const [once, twice] = [steps(part.repeat(1000)), steps(part.repeat(2000))];
      assert.ok(once >= 1000, `${part}: ${once}`);
      // Where the two halves meet there is one more seam of pieces to try.
      assert.ok(Math.abs(twice - 2 * once) <= 1000, `${part}: ${once}, ${twice}`);
    }
  });

  it('does not put thousands of marks in order at quadratic cost', function () {
    this.timeout(30_000);
    const tokenizer = Tokenizer.fromJson(defaultJson());
    const marks = 'a' + '\u0323\u0301'.repeat(100_000);
    const { ids, spans } = tokenizer.encode(marks);
    assert.equal(ids.length, spans.length);
    assert.equal(spans.at(-2)?.end, marks.length);
  });
});
