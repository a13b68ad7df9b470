import { AppError } from '../common/errors';
import { readTokenizer } from '../engine/folder';
import type { Language } from '../protocol/engine';
import { withoutCapitals } from '../text/capitals';
import { chooseDirection } from '../text/direction';
import { findSpans } from '../text/spans';
import { translationTag } from '../text/tags';
import { protect, type ProtectedSpan } from '../text/protect';
import type { Invocation } from './arguments';
import { readText } from './input';
import { splitLines } from './lines';
import { writeOut } from './output';
import { modelFolder } from './modelFolder';

interface Pair {
  readonly text: string;
  readonly target?: string;
  readonly to?: Language;
}

type Reason = 'missing' | 'doubled' | 'tooMany';

interface Prepared {
  readonly source: string;
  readonly target?: string;
  readonly to: Language;
  /** Protected strings, in the order of their placeholders. */
  readonly spans: readonly string[];
  readonly ok: boolean;
  readonly reason?: Reason;
}

/** JSON lines in, JSON lines out; see the help for the fields. */
export async function prepare(options: Extract<Invocation, { command: 'prepare' }>): Promise<void> {
  const input = await readText(options.file);
  const tokenizer = options.ids ? await readTokenizer(modelFolder(options)) : undefined;
  let output = '';
  for (const [index, line] of splitLines(input).entries()) {
    if (line.text.trim() === '') continue;
    const result = preparePair(readPair(line.text, index + 1));
    const ids = tokenizer && {
      sourceIds: tokenizer.encode(result.source).ids,
      ...(result.target === undefined ? {} : { targetIds: tokenizer.encode(result.target).ids }),
    };
    output += `${JSON.stringify({ ...result, ...ids })}\n`;
  }
  await writeOut(output);
}

/** What the model reads for a text and, for training, what it is to write. */
export function preparePair(pair: Pair): Prepared {
  const to = pair.to ?? chooseDirection(pair.text, 'auto').target;
  const guarded = protect(pair.text);
  const head = {
    source: `${translationTag(to)} ${oneLine(withoutCapitals(guarded.text))}`,
    to,
    spans: guarded.spans.map((span) => span.text),
  };
  const reason = guarded.fits ? undefined : 'tooMany';
  if (pair.target === undefined) return finish(head, undefined, reason);
  const target = protectTarget(pair.target, guarded.spans);
  return finish(head, oneLine(target), reason ?? compare(target, guarded.spans));
}

function finish(
  head: Omit<Prepared, 'ok'>,
  target: string | undefined,
  reason: Reason | undefined,
): Prepared {
  return {
    ...head,
    ...(target === undefined ? {} : { target }),
    ok: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
  };
}

/**
 * The source's spans in the target. First where the same rules find a span, then anywhere: a Korean particle after a
 * name may hide its end from the rules. Longer strings first, so that none is cut by one that it contains.
 */
function protectTarget(target: string, spans: readonly ProtectedSpan[]): string {
  const byText = new Map(spans.map((span) => [span.text, span.placeholder]));
  const longestFirst = [...spans].sort((a, b) => b.text.length - a.text.length);
  let result = '';
  let end = 0;
  const add = (plain: string): void => {
    result += longestFirst
      .reduce(
        (parts, span) =>
          parts.flatMap((part) =>
            part.placeholder ? [part] : replaceIn(part.text, span.text, span.placeholder),
          ),
        [{ text: plain, placeholder: false }],
      )
      .map((part) => part.text)
      .join('');
  };
  for (const range of findSpans(target)) {
    const placeholder = byText.get(target.slice(range.start, range.end));
    if (placeholder === undefined) continue;
    add(target.slice(end, range.start));
    result += placeholder;
    end = range.end;
  }
  add(target.slice(end));
  return result;
}

interface Part {
  readonly text: string;
  readonly placeholder: boolean;
}

function replaceIn(text: string, span: string, placeholder: string): Part[] {
  return text
    .split(span)
    .flatMap((part, index) => [
      ...(index > 0 ? [{ text: placeholder, placeholder: true }] : []),
      { text: part, placeholder: false },
    ]);
}

/** A model can only learn to keep every span if every training pair does. */
function compare(target: string, spans: readonly ProtectedSpan[]): Reason | undefined {
  const counts = spans.map((span) => target.split(span.placeholder).length - 1 - span.count);
  if (counts.some((difference) => difference < 0)) return 'missing';
  return counts.some((difference) => difference > 0) ? 'doubled' : undefined;
}

/** The model's sign for a line break. */
function oneLine(text: string): string {
  return text.replace(/\r\n|[\n\r\u2028\u2029]/g, ' <nl> ').replace(/ {2,}/g, ' ');
}

function readPair(line: string, number: number): Pair {
  const value = parseJson(line);
  const fault = (what: string) =>
    new AppError('invalidArgument', `Line ${number} of the input: ${what}`, { line: number });
  if (typeof value !== 'object' || value === null) throw fault('not a JSON object.');
  const { text, target, to } = value as Record<string, unknown>;
  if (typeof text !== 'string') throw fault('text is not a string.');
  if (target !== undefined && typeof target !== 'string') throw fault('target is not a string.');
  if (to !== undefined && to !== 'ko' && to !== 'en') throw fault('to is neither ko nor en.');
  return {
    text,
    ...(target === undefined ? {} : { target }),
    ...(to === undefined ? {} : { to }),
  };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
