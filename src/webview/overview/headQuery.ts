import { HEAD_METRICS, type HeadMetric } from '../../protocol/attentionRun';

/** Values of one head by name; `layer` and `head` are numbered from 1 as they are shown. */
export type HeadValues = (name: HeadMetric | 'layer' | 'head') => number;
export type HeadPredicate = (values: HeadValues) => boolean;

const SHORT: Readonly<Record<string, HeadMetric>> = {
  prev: 'previous',
  sink: 'sinkMass',
  special: 'specialMass',
  first: 'firstMass',
  conf: 'confidence',
  norm: 'normalizedEntropy',
};

const TERM = /^\s*([a-zA-Z]+)\s*(<=|>=|=|<|>)\s*(\d*\.?\d+)\s*$/;

/**
 * Reads `sink>0.5`, `entropy < 1 & layer = 2`: comparisons joined by `&`, `,` or `and`; any case, and the beginning of a
 * name if only one begins so. Undefined if it is none; an empty text matches every head.
 */
export function parseHeadQuery(text: string): HeadPredicate | undefined {
  if (text.trim() === '') return () => true;
  const terms = text.split(/&+|,|\band\b/i).map(parseTerm);
  const known = terms.filter((term) => term !== undefined);
  if (known.length < terms.length) return undefined;
  return (values) => known.every((term) => term(values));
}

function parseTerm(text: string): HeadPredicate | undefined {
  const found = TERM.exec(text);
  const name = found?.[1] === undefined ? undefined : nameOf(found[1].toLowerCase());
  const wanted = Number(found?.[3]);
  if (!found || name === undefined) return undefined;
  switch (found[2]) {
    case '<':
      return (values) => values(name) < wanted;
    case '<=':
      return (values) => values(name) <= wanted;
    case '>':
      return (values) => values(name) > wanted;
    case '>=':
      return (values) => values(name) >= wanted;
    default:
      // A metric is never exactly a number that was typed.
      return (values) => Math.abs(values(name) - wanted) < 0.005;
  }
}

function nameOf(word: string): HeadMetric | 'layer' | 'head' | undefined {
  const names = ['layer', 'head', ...HEAD_METRICS] as const;
  const exact = names.find((name) => name.toLowerCase() === word) ?? SHORT[word];
  if (exact) return exact;
  const begun = names.filter((name) => name.toLowerCase().startsWith(word));
  return begun.length === 1 ? begun[0] : undefined;
}
