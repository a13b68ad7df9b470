import { AppError } from '../common/errors';

/** tokenizer.json comes from a model folder and is not trusted: every value is looked at before it is used. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function invalid(message: string, field: string): AppError {
  return new AppError('tokenizerInvalid', `tokenizer.json, ${field}: ${message}`, { field });
}

/** A type of the format that this reader does not have. Guessing would give ids the model never saw. */
export function unsupported(field: string, type: string): AppError {
  return new AppError('tokenizerInvalid', `tokenizer.json, ${field}: "${type}" is not supported`, {
    field,
    type,
  });
}

export function asObject(value: unknown, field: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('not an object', field);
  }
  return value as JsonObject;
}

export function asArray(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid('not a list', field);
  return value;
}

export function asString(value: unknown, field: string): string {
  if (typeof value !== 'string') throw invalid('not a string', field);
  if (LONE_SURROGATE.test(value)) throw invalid('half a surrogate pair', field);
  return value;
}

/** Exactly one code point, as Rust's `char` is in the reference. */
export function asCharacter(value: unknown, field: string): string {
  const text = asString(value, field);
  if (text.length === 0 || String.fromCodePoint(text.codePointAt(0) ?? 0) !== text) {
    throw invalid('not one character', field);
  }
  return text;
}

export function asBoolean(value: unknown, field: string, fallback?: boolean): boolean {
  if (value === undefined && fallback !== undefined) return fallback;
  if (typeof value !== 'boolean') throw invalid('not true or false', field);
  return value;
}

/** A count or an id: a whole number from 0 to 2^31 - 1, so that it fits the typed arrays. */
export function asIndex(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0x7fffffff) {
    throw invalid('not a whole number of 0 or more', field);
  }
  return value;
}

export function typeOf(value: JsonObject, field: string): string {
  return asString(value['type'], `${field}.type`);
}

/** With the `u` flag a paired surrogate is one code point and never matches. */
const LONE_SURROGATE = /[\ud800-\udfff]/u;
