import type { JsonObject } from '../json';
import { asObject, asString, invalid, unsupported } from '../json';
import { unitsAt } from '../unicode';
import type { CharSet } from './charSet';
import { Matcher } from './matcher';
import { PatternParser } from './parser';
import { compile } from './program';

/** Calls back for every match from left to right; matches do not overlap. The text is well-formed. */
export type FindMatches = (text: string, found: (start: number, end: number) => void) => void;

/** `{"String": "..."}` or `{"Regex": "..."}` of tokenizer.json; a bare string is read as a String. */
export function readPattern(value: unknown, field: string): FindMatches {
  if (typeof value === 'string') return literal(asString(value, field), field);
  const pattern: JsonObject = asObject(value, field);
  if (pattern['String'] !== undefined) return literal(asString(pattern['String'], field), field);
  if (pattern['Regex'] !== undefined) return expression(asString(pattern['Regex'], field), field);
  throw unsupported(field, Object.keys(pattern)[0] ?? 'empty pattern');
}

export function expression(source: string, field: string): FindMatches {
  const tree = new PatternParser(source, field).parse();
  // One set, perhaps with "+", is what most files have; it needs no program.
  if (tree.type === 'set') return runs(tree.set, 1);
  if (tree.type === 'repeat' && tree.item.type === 'set' && !tree.lazy) {
    if (tree.min === 1 && tree.max === Infinity) return runs(tree.item.set, Infinity);
  }
  const program = compile(tree, field);
  return (text, found) => Matcher.scan(program, text, found);
}

/** A pattern of our own, known to need only linear time in the platform's engine. */
export function trusted(pattern: RegExp): FindMatches {
  return (text, found) => {
    for (const match of text.matchAll(pattern)) found(match.index, match.index + match[0].length);
  };
}

function literal(content: string, field: string): FindMatches {
  if (content === '') throw invalid('an empty pattern', field);
  return (text, found) => {
    for (let at = text.indexOf(content); at >= 0; at = text.indexOf(content, at + content.length)) {
      found(at, at + content.length);
    }
  };
}

function runs(set: CharSet, longest: number): FindMatches {
  return (text, found) => {
    let start = -1;
    for (let at = 0; at < text.length;) {
      const inside = set.has(text.codePointAt(at) ?? 0);
      if (inside && start < 0) start = at;
      if (!inside && start >= 0) {
        found(start, at);
        start = -1;
      }
      at += unitsAt(text, at);
      if (inside && longest === 1) {
        found(start, at);
        start = -1;
      }
    }
    if (start >= 0) found(start, text.length);
  };
}
