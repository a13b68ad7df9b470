import assert from 'node:assert/strict';
import { AppError } from '../../../src/common/errors';
import type { EngineStatus, TranslateParams, TranslateResult } from '../../../src/protocol/engine';
import {
  notificationReaders,
  paramsReaders,
  readWireError,
  resultReaders,
} from '../../../src/protocol/engineGuards';

const translate: TranslateParams = {
  call: 1,
  texts: ['a'],
  target: 'auto',
  decoding: { beam: 1, lengthPenalty: 1, maxTokens: 10 },
  protectPatterns: ['x+'],
  stream: false,
};

const result: TranslateResult = {
  results: [
    {
      text: 'b',
      source: 'en',
      target: 'ko',
      segments: [
        {
          sourceStart: 0,
          sourceEnd: 1,
          targetStart: 0,
          targetEnd: 1,
          status: 'translated',
          logProbability: -0.5,
        },
        {
          sourceStart: 1,
          sourceEnd: 2,
          targetStart: 1,
          targetEnd: 2,
          status: 'kept',
          reason: 'noText',
        },
      ],
    },
  ],
  sentences: 2,
  fromCache: 0,
  sourceTokens: 3,
  targetTokens: 4,
  milliseconds: 1.5,
};

const status: EngineStatus = { state: 'empty', cacheBytes: 0, cacheEntries: 0, residentBytes: 1 };

/** The place that the refusal names. */
function placeOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, 'invalidArgument');
    return String(error.data['path']);
  }
  return assert.fail('it was let through');
}

describe('guards of the engine’s contract', () => {
  it('let through what is right, unchanged', () => {
    assert.deepEqual(paramsReaders.translate(translate, 'translate'), translate);
    assert.deepEqual(resultReaders.translate(result, 'translate'), result);
    assert.deepEqual(notificationReaders.state(status, 'state'), status);
    const load = {
      modelPath: '/m',
      device: 'auto',
      threads: 0,
      cacheBytes: 0,
      idleUnloadMinutes: 0.5,
    };
    assert.deepEqual(paramsReaders.load(load, 'load'), load);
    assert.deepEqual(paramsReaders.status({}, 'status'), {});
  });

  it('leave out what the contract does not have', () => {
    const more = { ...translate, shell: 'rm', decoding: { ...translate.decoding, sample: true } };
    assert.deepEqual(paramsReaders.translate(more, 'translate'), translate);
    const inherited: unknown = Object.create(translate);
    assert.equal(
      placeOf(() => paramsReaders.translate(inherited, 't')),
      't.call',
    );
  });

  for (const [change, place] of [
    [{ call: -1 }, 't.call'],
    [{ call: 1.5 }, 't.call'],
    [{ call: '1' }, 't.call'],
    [{ texts: 'a' }, 't.texts'],
    [{ texts: ['a', 3] }, 't.texts[1]'],
    [{ texts: { 0: 'a', length: 1 } }, 't.texts'],
    [{ target: 'fr' }, 't.target'],
    [{ decoding: null }, 't.decoding'],
    [{ decoding: [] }, 't.decoding'],
    [{ decoding: { beam: 0, lengthPenalty: 1, maxTokens: 1 } }, 't.decoding.beam'],
    [{ decoding: { beam: 1e9, lengthPenalty: 1, maxTokens: 1 } }, 't.decoding.beam'],
    [
      { decoding: { beam: 1, lengthPenalty: Number.NaN, maxTokens: 1 } },
      't.decoding.lengthPenalty',
    ],
    [{ decoding: { beam: 1, lengthPenalty: 1, maxTokens: Infinity } }, 't.decoding.maxTokens'],
    [{ protectPatterns: undefined }, 't.protectPatterns'],
    [{ stream: 1 }, 't.stream'],
  ] as const) {
    it(`refuse ${JSON.stringify(change)} at ${place}`, () => {
      assert.equal(
        placeOf(() => paramsReaders.translate({ ...translate, ...change }, 't')),
        place,
      );
    });
  }

  for (const value of [undefined, null, 1, 'text', [], () => undefined]) {
    it(`refuse ${typeof value} ${String(value)} for an object`, () => {
      assert.equal(
        placeOf(() => paramsReaders.status(value, 'status')),
        'status',
      );
      assert.equal(
        placeOf(() => resultReaders.translate(value, 'result')),
        'result',
      );
    });
  }

  it('read optional fields only where they are', () => {
    assert.ok(!('model' in notificationReaders.state({ ...status, model: undefined }, 's')));
    assert.equal(
      placeOf(() => notificationReaders.state({ ...status, model: {} }, 's')),
      's.model.modelPath',
    );
    assert.equal(
      placeOf(() =>
        resultReaders.translate(
          { ...result, results: [{ ...result.results[0], segments: [{}] }] },
          'r',
        ),
      ),
      'r.results[0].segments[0].sourceStart',
    );
  });

  it('bring an error over the boundary with its code and data', () => {
    const sent = new AppError('modelConfigInvalid', 'no', { field: 'd_model', value: -1 });
    const read = readWireError(structuredClone(sent.toWire()));
    assert.deepEqual([read.code, read.message, read.data], [sent.code, sent.message, sent.data]);
  });

  for (const value of [
    undefined,
    { code: 'toString', message: 'm', data: {} },
    { code: 'unknown', message: 'm', data: {} },
    { code: 'internal', message: 3, data: {} },
    { code: 'internal', message: 'm', data: null },
    { code: 'internal', message: 'm', data: { deep: {} } },
  ]) {
    it(`refuse ${JSON.stringify(value)} for an error`, () => {
      assert.throws(() => readWireError(value), { code: 'invalidArgument' });
    });
  }
});
