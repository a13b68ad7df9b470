import assert from 'node:assert/strict';
import { AppError } from '../../../src/common/errors';
import { expression, readPattern } from '../../../src/tokenizer/pattern/patterns';

type Match = readonly [start: number, end: number];

function matches(pattern: string, text: string): Match[] {
  const result: Match[] = [];
  expression(pattern, 'pattern')(text, (start, end) => result.push([start, end]));
  return result;
}

/** The platform's engine (not its `v` flag, which has mistakes in Node 20), without empty matches right behind a match, which the reference does not count. */
function platformMatches(pattern: string, text: string): Match[] {
  const result: Match[] = [];
  for (const match of text.matchAll(new RegExp(pattern, 'gmu'))) {
    const end = match.index + match[0].length;
    if (end > match.index || result.at(-1)?.[1] !== end) result.push([match.index, end]);
  }
  return result;
}

/** A small generator of numbers by chance, the same ones in every run (Numerical Recipes' constants). */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface RandomPattern {
  readonly source: string;
  readonly nullable: boolean;
}

const ATOMS = ['a', 'b', 'c', '[ab]', '[^a]', '\\n', '.', '\\.', '[b-d]', 'd'];
const EDGES = ['^', '$', '(?<=a)', '(?<![bc])', '(?!a)', '(?=b|cc)'];
const COUNTS = ['*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{2,}'];

/** Never repeats what can be empty: about that, engines disagree. */
function randomPattern(pick: (below: number) => number, depth: number): RandomPattern {
  let source = '';
  let nullable = true;
  for (let parts = 1 + pick(3); parts > 0; parts--) {
    const kind = depth > 0 ? pick(9) : pick(5);
    if (kind === 4) {
      source += EDGES[pick(EDGES.length)] ?? '';
      continue;
    }
    let part: RandomPattern = { source: ATOMS[pick(ATOMS.length)] ?? '', nullable: false };
    if (kind > 4) {
      const [left, right] = [randomPattern(pick, depth - 1), randomPattern(pick, depth - 1)];
      part = {
        source: `(?:${left.source}|${right.source})`,
        nullable: left.nullable || right.nullable,
      };
    }
    const count = part.nullable || pick(2) > 0 ? '' : (COUNTS[pick(COUNTS.length)] ?? '');
    source += part.source + count;
    if (!part.nullable && !['*', '?', '*?', '??'].includes(count)) nullable = false;
  }
  return { source, nullable };
}

describe('tokenizer, patterns', () => {
  it('finds what a backtracking engine finds', function () {
    this.timeout(30_000);
    const pick = chance(7);
    for (let i = 0; i < 3000; i++) {
      const { source } = randomPattern(pick, 2);
      const text = Array.from({ length: pick(14) }, () => 'aaabbcd.\n'[pick(9)]).join('');
      const where = `${source} on ${JSON.stringify(text)}`;
      assert.deepEqual(matches(source, text), platformMatches(source, text), where);
    }
  });

  it('needs linear time where backtracking needs exponential or quadratic time', function () {
    this.timeout(30_000);
    const long = 'a'.repeat(200_000);
    assert.deepEqual(matches('(?:a|a)*b', long), []);
    assert.deepEqual(matches('(?:a+)+b', long), []);
    assert.deepEqual(matches('a*a*a*a*b', long), []);
    assert.deepEqual(matches('(?:a|aa)+$', `${long}b`), []);
    assert.deepEqual(matches(' +$', `${' '.repeat(200_000)}x`), []);
    assert.deepEqual(matches('a+b|a', 'aaa'), [
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  it('reads classes as Unicode has them', () => {
    assert.deepEqual(matches('\\s+', 'a\u0085\u00a0\ufeffb'), [[1, 3]]);
    assert.deepEqual(matches('\\w', '²ⓐ\u0301\u200d_'), [
      [0, 1],
      [1, 2],
      [2, 3],
      [4, 5],
    ]);
    assert.deepEqual(matches('\\p{Han}+', 'a漢字b'), [[1, 3]]);
    assert.deepEqual(matches('[\\x{1F600}-\\x{1F64F}]+', 'a😀😁b'), [[1, 5]]);
    assert.deepEqual(matches('(?i:k)', 'kK\u212a'), [
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  it('refuses what it would have to guess', () => {
    for (const pattern of [
      '(a)\\1',
      'a++',
      'a?+',
      '(?>a)',
      '(?<n>a)',
      '(?m:a)',
      '(?i)a',
      '\\K',
      '\\R',
      '\\X',
      '\\Ga',
      '[a[b]]',
      '[[:alpha:]]',
      '[a&&b]',
      '(?<=ab)',
      '(?=a*)b',
      '\\p{NoSuchScript}',
      '\\pL',
      '(?:a?)*',
      'a{2000}',
      '[]',
      '\\xff',
      '(?#x)',
    ]) {
      assert.throws(
        () => expression(pattern, 'here'),
        (error) =>
          error instanceof AppError && error.data['field'] === 'here' && 'type' in error.data,
        pattern,
      );
    }
    for (const pattern of [
      '(',
      ')',
      'a)',
      '[a',
      '*',
      '|+',
      'a{3,2}',
      '[b-a]',
      '\\x{110000}',
      '\\ud800',
      'x'.repeat(5000),
    ]) {
      assert.throws(
        () => expression(pattern, 'here'),
        (error) => error instanceof AppError && error.code === 'tokenizerInvalid',
        pattern,
      );
    }
    assert.throws(() => expression('(?:'.repeat(60) + ')'.repeat(60), 'here'), AppError);
    assert.throws(() => expression('(?:(?:a{999}){999}){999}', 'here'), AppError);
    for (const pattern of [{ String: '' }, {}, { Regex: 7 }, 7, null]) {
      assert.throws(() => readPattern(pattern, 'here'), AppError);
    }
  });
});
