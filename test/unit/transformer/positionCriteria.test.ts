import assert from 'node:assert/strict';
import {
  POSITION_CRITERIA,
  POSITION_ENCODERS,
  positionVerdicts,
  TAUGHT_ENCODINGS,
  type PositionCriterion,
  type PositionEncoder,
} from '../../../src/transformer/positionCriteria';

const SIZE = 32;
const failures = (encode: PositionEncoder) =>
  positionVerdicts(encode, SIZE).flatMap(({ criterion, met }) => (met ? [] : [criterion]));

describe('position encodings as they are taught', () => {
  it('write the position in their ways', () => {
    const row = (name: keyof typeof POSITION_ENCODERS, length: number, position: number) => [
      ...POSITION_ENCODERS[name](length, 4).subarray(4 * position, 4 * position + 4),
    ];
    assert.deepEqual(row('index', 9, 5), [5, 5, 5, 5]);
    assert.deepEqual(row('normalized', 9, 2), [0.25, 0.25, 0.25, 0.25]);
    assert.deepEqual(row('normalized', 1, 0), [0, 0, 0, 0]);
    assert.deepEqual(row('binary', 14, 13), [1, 0, 1, 1]);
    const angles = [Math.sin(3), Math.cos(3), Math.sin(0.03), Math.cos(0.03)];
    row('sinusoidal', 9, 3).forEach((value, channel) =>
      assert.ok(Math.abs(value - (angles[channel] ?? NaN)) < 1e-6),
    );
  });

  it('count binary digits beyond the 32nd channel', () => {
    const [last] = POSITION_ENCODERS.binary(2, 40).subarray(79);
    assert.equal(last, 0, 'position 1 has one digit');
  });

  it('fail where they are known to', () => {
    const found = Object.fromEntries(
      TAUGHT_ENCODINGS.map((name) => [name, failures(POSITION_ENCODERS[name])]),
    );
    assert.deepEqual(found, {
      index: ['longer', 'bounded'],
      normalized: ['sameDistance', 'longer'],
      binary: ['sameDistance'],
      sinusoidal: [],
    });
  });

  it('are judged alike at the sizes of models', () => {
    for (const size of [512, 768])
      assert.ok(positionVerdicts(POSITION_ENCODERS.sinusoidal, size).every(({ met }) => met));
  });
});

describe('criteria of position encodings', () => {
  let calls = 0;
  /** An encoding that breaks one thing. */
  const broken: Readonly<Record<PositionCriterion, PositionEncoder>> = {
    unique: (length) => change(length, (position, value) => (position % 2 === 0 ? 0 : value)),
    sameDistance: (length) => change(length, (position, value) => value * (1 + position / 100)),
    longer: (length) => change(length, (_, value) => (length > 256 ? value + 2 : value)),
    deterministic: (length) => change(length, (_, value) => value + 1e-9 * calls++),
    bounded: (length) => change(length, (position, value) => value * length + position),
  };
  function change(length: number, to: (position: number, value: number) => number) {
    const table = POSITION_ENCODERS.sinusoidal(length, SIZE);
    return table.map((value, place) => to(Math.floor(place / SIZE), value));
  }

  for (const criterion of POSITION_CRITERIA)
    it(`notice what breaks ${criterion}`, () => {
      assert.ok(failures(broken[criterion]).includes(criterion));
      assert.ok(!failures(POSITION_ENCODERS.sinusoidal).includes(criterion));
    });

  it('give the numbers that decided', () => {
    const verdicts = positionVerdicts(POSITION_ENCODERS.index, SIZE);
    const found = (name: PositionCriterion) =>
      verdicts.find(({ criterion }) => criterion === name)?.found;
    assert.deepEqual(found('unique'), [1024, 1024]);
    assert.deepEqual(found('longer'), [255, 1023]);
    assert.deepEqual(found('bounded'), [7, 1023]);
    assert.deepEqual(found('deterministic'), [0, 256 * SIZE]);
  });
});
