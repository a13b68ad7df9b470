import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '../../../src/tokenizer/tokenizer';

const ROOT = join(__dirname, '../../..');

/** One text as the reference encodes it; see models/recipe/tokenizer_golden.py. */
export interface GoldenCase {
  /** Line of lines.json, or -1 with the text in `t`. */
  readonly n: number;
  readonly t?: string;
  readonly i: readonly number[];
  /** The reference's offsets in UTF-16 units, flat. */
  readonly o: readonly number[];
  /** [token, start, end, 1 if an upper bound]: spans to expect where they are not the reference's offsets. */
  readonly s?: readonly (readonly number[])[];
  readonly d?: string;
  readonly D?: string;
}

export interface Golden {
  readonly tokenizers: string;
  readonly ending: string;
  readonly exact?: boolean;
  readonly tokenizer?: unknown;
  /** Ids by chance and what they decode to without special tokens. */
  readonly random: readonly { readonly i: readonly number[]; readonly d: string }[];
  readonly cases: readonly GoldenCase[];
}

export const KINDS = [
  'byteLevel',
  'byteLevelSplit',
  'llama',
  'wordSuffix',
  'wordPrefix',
  'unigramUnknown',
  'unigramWords',
  'unigramTies',
  'splitKinds',
] as const;

function readJson(...path: string[]): unknown {
  return JSON.parse(readFileSync(join(ROOT, ...path), 'utf8'));
}

export function readLines(): readonly string[] {
  return (readJson('test', 'fixtures', 'tokenizer', 'lines.json') as { cases: string[] }).cases;
}

export function readGolden(name: string): Golden {
  return readJson('test', 'fixtures', 'tokenizer', `${name}.json`) as Golden;
}

export function defaultJson(): Record<string, unknown> {
  return readJson('models', 'default', 'tokenizer.json') as Record<string, unknown>;
}

export function textOf(golden: GoldenCase, lines: readonly string[]): string {
  const text = golden.t ?? lines[golden.n];
  if (text === undefined) throw new Error(`the fixture names line ${golden.n}, which is not there`);
  return text;
}

export function tokenizerOf(golden: Golden): Tokenizer {
  return Tokenizer.fromJson(golden.tokenizer ?? defaultJson());
}
