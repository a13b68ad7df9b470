import { type AST, RegExpParser } from '@eslint-community/regexpp';
import * as vscode from 'vscode';
import type { Fact } from '../hoverParts';

export interface RegexExplanation {
  /** All of it in one sentence, where it is short enough for one. */
  readonly sentence?: string;
  /** Piece by piece: what stands there, what it matches. */
  readonly pieces: readonly Fact[];
}

/** More pieces than this make no sentence that anyone reads. */
const MOST_IN_SENTENCE = 6;
const MOST_PIECES = 24;
const MOST_LENGTH = 1000;

/** Reads the expression piece by piece. Undefined where it is none that JavaScript's grammar takes. */
export function explainRegex(pattern: string, flags: string): RegexExplanation | undefined {
  if (pattern.length > MOST_LENGTH) return undefined;
  const ast = parse(inJavaScript(pattern), flags);
  if (!ast) return undefined;
  const words = new Words(flags);
  const notes = words.flagNotes();
  const [only] = ast.alternatives;
  const pieces =
    only && ast.alternatives.length === 1
      ? runs(only.elements).map((run) => ({ code: rawOf(run), words: words.run(run) }))
      : ast.alternatives.map((item) => ({ code: item.raw, words: words.alternative(item) }));
  if (pieces.length === 0) return undefined;
  const texts = pieces.map((piece) => piece.words);
  const whole =
    ast.alternatives.length === 1 ? words.sequence(texts) : words.choice(ast.alternatives);
  return {
    ...(pieces.length <= MOST_IN_SENTENCE
      ? { sentence: vscode.l10n.t('Matches {0}.', [whole, ...notes].join('; ')) }
      : {}),
    pieces: [
      ...pieces.slice(0, MOST_PIECES),
      ...notes.map((note) => ({ code: flags, words: note })),
    ],
  };
}

function parse(pattern: string, flags: string): AST.Pattern | undefined {
  const sets = flags.includes('v');
  const parser = new RegExpParser();
  for (const unicode of [flags.includes('u'), true]) {
    try {
      const mode = sets ? { unicodeSets: true } : { unicode };
      return parser.parsePattern(pattern, 0, pattern.length, mode);
    } catch {
      // Named groups of other languages may need the other mode; what needs neither is not explained.
    }
  }
  return undefined;
}

/** Python's, Ruby's and Go's names of the same things. */
function inJavaScript(pattern: string): string {
  return pattern
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replaceAll(/\\[zZ]/g, '$');
}

/** Plain characters that follow each other are one piece. */
type Run = readonly AST.Element[];

function runs(elements: readonly AST.Element[]): Run[] {
  const found: AST.Element[][] = [];
  for (const element of elements) {
    const last = found.at(-1);
    if (element.type === 'Character' && last?.[0]?.type === 'Character') last.push(element);
    else found.push([element]);
  }
  return found;
}

function rawOf(run: Run): string {
  return run.map(({ raw }) => raw).join('');
}

class Words {
  /** Capturing groups are numbered by their opening brackets, which is the order in which they are met. */
  private group = 0;

  constructor(private readonly flags: string) {}

  flagNotes(): string[] {
    const notes: string[] = [];
    if (this.flags.includes('i')) notes.push(vscode.l10n.t('upper and lower case alike'));
    return notes;
  }

  sequence(texts: readonly string[]): string {
    return texts.reduce((all, text) => vscode.l10n.t('{0}, then {1}', all, text));
  }

  choice(alternatives: readonly AST.Alternative[]): string {
    return joined(alternatives.map((alternative) => this.alternative(alternative)));
  }

  alternative({ elements }: AST.Alternative): string {
    if (elements.length === 0) return vscode.l10n.t('nothing');
    return this.sequence(runs(elements).map((run) => this.run(run)));
  }

  run(run: Run): string {
    const [first] = run;
    if (!first) return '';
    return first.type === 'Character'
      ? quoted(run.map((item) => characterOf(item as AST.Character)).join(''))
      : this.element(first);
  }

  private element(element: AST.Element): string {
    switch (element.type) {
      case 'Assertion':
        return this.assertion(element);
      case 'Quantifier':
        return this.quantifier(element);
      case 'CapturingGroup': {
        const name = element.name ?? String(++this.group);
        if (element.name !== null) this.group++;
        return vscode.l10n.t('group {0} ({1})', name, this.choice(element.alternatives));
      }
      case 'Group': {
        const inner = this.choice(element.alternatives);
        return element.alternatives.length > 1 ? `(${inner})` : inner;
      }
      case 'Character':
        return quoted(characterOf(element));
      case 'CharacterSet':
        return this.set(element);
      case 'CharacterClass':
        return this.characterClass(element);
      case 'ExpressionCharacterClass':
        return vscode.l10n.t('one of {0}', element.raw);
      case 'Backreference':
        return vscode.l10n.t('the same as group {0}', String(element.ref));
    }
  }

  private assertion(assertion: AST.Assertion): string {
    const lines = this.flags.includes('m');
    switch (assertion.kind) {
      case 'start':
        return lines
          ? vscode.l10n.t('the start of a line')
          : vscode.l10n.t('the start of the text');
      case 'end':
        return lines ? vscode.l10n.t('the end of a line') : vscode.l10n.t('the end of the text');
      case 'word':
        return assertion.negate
          ? vscode.l10n.t('no edge of a word')
          : vscode.l10n.t('an edge of a word');
      case 'lookahead': {
        const inner = this.choice(assertion.alternatives);
        return assertion.negate
          ? vscode.l10n.t('not followed by {0}', inner)
          : vscode.l10n.t('followed by {0}', inner);
      }
      case 'lookbehind': {
        const inner = this.choice(assertion.alternatives);
        return assertion.negate
          ? vscode.l10n.t('not preceded by {0}', inner)
          : vscode.l10n.t('preceded by {0}', inner);
      }
    }
  }

  private quantifier({ min, max, greedy, element }: AST.Quantifier): string {
    const what = this.element(element);
    const times = repeated(min, max, what);
    // Of a fixed number there is no fewest.
    return greedy || min === max ? times : vscode.l10n.t('{0} (as few as possible)', times);
  }

  private set(set: AST.CharacterSet): string {
    switch (set.kind) {
      case 'any':
        return vscode.l10n.t('any character');
      case 'digit':
        return set.negate ? vscode.l10n.t('no digit') : vscode.l10n.t('a digit');
      case 'space':
        return set.negate ? vscode.l10n.t('no blank') : vscode.l10n.t('a blank');
      case 'word':
        return set.negate
          ? vscode.l10n.t('no letter, digit or _')
          : vscode.l10n.t('a letter, digit or _');
      case 'property':
        return set.negate
          ? vscode.l10n.t('no character that is {0}', propertyOf(set))
          : vscode.l10n.t('a character that is {0}', propertyOf(set));
    }
  }

  private characterClass({ elements, negate, raw }: AST.CharacterClass): string {
    const items = elements.map((item) => {
      if (item.type === 'Character') return quoted(characterOf(item));
      if (item.type === 'CharacterSet') return this.set(item);
      if (item.type !== 'CharacterClassRange') return item.raw;
      return vscode.l10n.t('{0} to {1}', characterOf(item.min), characterOf(item.max));
    });
    if (items.length === 0) return raw;
    const list = items.join(', ');
    return negate
      ? vscode.l10n.t('any character but {0}', list)
      : vscode.l10n.t('one of {0}', list);
  }
}

function repeated(min: number, max: number, what: string): string {
  if (min === 0 && max === 1) return vscode.l10n.t('optionally {0}', what);
  if (min === 0 && max === Infinity) return vscode.l10n.t('any number of times {0}', what);
  if (min === 1 && max === Infinity) return vscode.l10n.t('one or more times {0}', what);
  if (max === Infinity) return vscode.l10n.t('at least {0} times {1}', min, what);
  if (min === max) return vscode.l10n.t('{0} times {1}', min, what);
  return vscode.l10n.t('{0} to {1} times {2}', min, max, what);
}

function joined(texts: readonly string[]): string {
  return texts.reduce((all, text) => vscode.l10n.t('{0} or {1}', all, text));
}

function propertyOf(set: AST.UnicodePropertyCharacterSet): string {
  return set.value === null ? set.key : `${set.key}=${set.value}`;
}

function quoted(text: string): string {
  return `‘${text}’`;
}

/** Control characters by their escape: a line end in a sentence is not seen. */
function characterOf({ value, raw }: AST.Character): string {
  return value < 0x20 || value === 0x7f ? raw : String.fromCodePoint(value);
}
