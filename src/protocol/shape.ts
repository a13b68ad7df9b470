/**
 * Small readers for values that came over a boundary. A reader returns the value with its type or throws
 * `invalidArgument` naming the place, so that a malformed message is refused where it enters and nowhere else.
 */
import { AppError } from '../common/errors';

/** Reads `value`, which stands at `path` in the message. Throws AppError `invalidArgument`. */
export type Reader<T> = (value: unknown, path: string) => T;

export function refuse(path: string, expected: string): never {
  throw new AppError('invalidArgument', `${path} is not ${expected}.`, { path, expected });
}

export const aString: Reader<string> = (value, path) =>
  typeof value === 'string' ? value : refuse(path, 'a string');

/** A string of at most `most` UTF-16 units. */
export function aStringUpTo(most: number): Reader<string> {
  return (value, path) =>
    typeof value === 'string' && value.length <= most
      ? value
      : refuse(path, `a string of at most ${most} units`);
}

export const aBoolean: Reader<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : refuse(path, 'a boolean');

/** A finite number of at least `least` and at most `most`. */
export function aNumber(least = -Infinity, most = Infinity): Reader<number> {
  return (value, path) =>
    typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most
      ? value
      : refuse(path, `a number from ${least} to ${most}`);
}

export function anInteger(least: number, most: number = Number.MAX_SAFE_INTEGER): Reader<number> {
  return (value, path) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most
      ? value
      : refuse(path, `an integer from ${least} to ${most}`);
}

export function oneOf<const T extends string>(...allowed: readonly T[]): Reader<T> {
  return (value, path) =>
    allowed.find((candidate) => candidate === value) ??
    refuse(path, `one of ${allowed.join(', ')}`);
}

/** A typed array: structured clone keeps its kind and its values. */
export function instanceOf<T>(kind: new (...args: never[]) => T): Reader<T> {
  return (value, path) => (value instanceof kind ? value : refuse(path, kind.name));
}

export function arrayOf<T>(item: Reader<T>, most = Infinity): Reader<T[]> {
  return (value, path) =>
    Array.isArray(value) && value.length <= most
      ? value.map((entry: unknown, index) => item(entry, `${path}[${index}]`))
      : refuse(path, 'an array of a permitted length');
}

/** For what may be lost, such as a kept state: `fallback` where the reader refuses. */
export function orElse<T>(reader: Reader<T>, fallback: T): Reader<T> {
  return (value, path) => {
    try {
      return reader(value, path);
    } catch {
      return fallback;
    }
  };
}

/** Marks a field that may be absent. Absent and `undefined` are the same: structured clone keeps both. */
export interface OptionalReader<T> {
  readonly optional: Reader<T>;
}

export function optional<T>(reader: Reader<T>): OptionalReader<T> {
  return { optional: reader };
}

type Fields = Readonly<Record<string, Reader<unknown> | OptionalReader<unknown>>>;

type OptionalKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends OptionalReader<unknown> ? K : never;
}[keyof F];

type Read<R> = R extends Reader<infer T> ? T : R extends OptionalReader<infer T> ? T : never;

type Shape<F extends Fields> = { [K in Exclude<keyof F, OptionalKeys<F>>]: Read<F[K]> } & {
  [K in OptionalKeys<F>]?: Read<F[K]>;
};

/** An object with these fields; the result holds them and nothing else, whatever more was sent. */
export function anObject<F extends Fields>(fields: F): Reader<Shape<F>> {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return refuse(path, 'an object');
    }
    const given = new Map<string, unknown>(Object.entries(value));
    const result: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(fields)) {
      const entry = given.get(name);
      if (typeof field === 'function') result[name] = field(entry, `${path}.${name}`);
      else if (entry !== undefined) result[name] = field.optional(entry, `${path}.${name}`);
    }
    return result as Shape<F>;
  };
}
