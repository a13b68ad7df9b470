import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../common/errors';
import type { DecodeOptions } from '../engine/types';
import type { DecodingArguments } from './arguments';

/** What `generate` of the reference does where generation_config.json is silent. */
const REFERENCE = { num_beams: 1, length_penalty: 1, max_length: 20 } as const;

/** Options of the reference's `generate` that this program does not have, with the values that change nothing. */
const NOT_DONE: Readonly<Record<string, unknown>> = {
  begin_suppress_tokens: null,
  diversity_penalty: 0,
  do_sample: false,
  early_stopping: false,
  encoder_no_repeat_ngram_size: 0,
  forced_bos_token_id: null,
  min_length: 0,
  min_new_tokens: null,
  no_repeat_ngram_size: 0,
  num_beam_groups: 1,
  repetition_penalty: 1,
  suppress_tokens: null,
};

/** Sentences for stderr, one for each option of generation_config.json that the reference would follow and we do not. */
function unsupportedOptions(stored: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(NOT_DONE)
    .filter(([name, neutral]) => (stored[name] ?? neutral) !== neutral)
    .map(
      ([name]) =>
        `headlight: generation_config.json sets ${name}, which is not done here: the reference's tokens may differ.\n`,
    );
}

/**
 * Decoding options of the raw mode: the command line's, else generation_config.json's, else the reference's. The
 * reference counts the start token in `max_length`, but not in `max_new_tokens`. Says on stderr what it cannot follow.
 */
export async function referenceDecoding(
  folder: string,
  given: DecodingArguments,
): Promise<DecodeOptions> {
  const stored = await readGeneration(folder);
  for (const warning of unsupportedOptions(stored)) process.stderr.write(warning);
  const number = (name: string, fallback: number): number => {
    const value = stored[name] ?? fallback;
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new AppError('modelConfigInvalid', `generation_config.json: ${name} is no number.`, {
        field: name,
      });
    return value;
  };
  const fromLength = number('max_length', REFERENCE.max_length) - 1;
  return {
    beam: given.beam ?? number('num_beams', REFERENCE.num_beams),
    lengthPenalty: given.lengthPenalty ?? number('length_penalty', REFERENCE.length_penalty),
    maxTokens: given.maxTokens ?? number('max_new_tokens', fromLength),
    nBest: 1,
  };
}

async function readGeneration(folder: string): Promise<Readonly<Record<string, unknown>>> {
  let text: string;
  try {
    text = await readFile(join(folder, 'generation_config.json'), 'utf8');
  } catch {
    return {}; // The file is optional, in the reference too.
  }
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AppError('modelConfigInvalid', 'generation_config.json is no JSON object.');
  return value as Record<string, unknown>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
