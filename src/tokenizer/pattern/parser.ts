import { unsupported, invalid } from '../json';
import { CharSet } from './charSet';
import { SetReader, literalSource } from './setReader';
import type { SyntaxTree } from './syntaxTree';
import { lengths } from './syntaxTree';

/** Generous for real tokenizers (the longest in use are about 300 characters) and still quick to compile. */
const LONGEST_PATTERN = 4096;
const DEEPEST_GROUP = 50;
const MOST_REPEATS = 1000;
const MOST_SETS = 256;

/**
 * Reads the part of Oniguruma's Ruby syntax that tokenizers use. What is left out (back references, possessive and
 * atomic groups, named groups, conditionals, long lookbehind) is refused by name, never read as something else.
 */
export class PatternParser {
  private at = 0;
  private depth = 0;
  private readonly sets = new Map<string, CharSet>();
  private readonly setReader: SetReader;

  constructor(
    private readonly source: string,
    private readonly field: string,
  ) {
    if (source.length > LONGEST_PATTERN) throw invalid('the pattern is too long', field);
    this.setReader = new SetReader(source, field);
  }

  parse(): SyntaxTree {
    const tree = this.choice(false);
    if (this.at < this.source.length) throw invalid('unmatched ")"', this.field);
    return tree;
  }

  private choice(ignoreCase: boolean): SyntaxTree {
    const options = [this.sequence(ignoreCase)];
    while (this.skip('|')) options.push(this.sequence(ignoreCase));
    return options.length === 1 && options[0] ? options[0] : { type: 'choice', options };
  }

  private sequence(ignoreCase: boolean): SyntaxTree {
    const items: SyntaxTree[] = [];
    while (this.at < this.source.length && !'|)'.includes(this.source.charAt(this.at))) {
      items.push(this.repeats(this.atom(ignoreCase)));
    }
    return items.length === 1 && items[0] ? items[0] : { type: 'sequence', items };
  }

  private repeats(item: SyntaxTree): SyntaxTree {
    const counts = this.counts();
    if (!counts) return item;
    const lazy = this.skip('?');
    if (/[*+?]/.test(this.source.charAt(this.at))) {
      throw unsupported(this.field, 'possessive or doubled quantifier');
    }
    const [min, max] = counts;
    // A turn that matches nothing could be repeated for ever, and engines disagree about what it then means.
    if (max === Infinity && lengths(item).least === 0) {
      throw unsupported(this.field, 'repeat of what can be empty');
    }
    return { type: 'repeat', item, min, max, lazy };
  }

  private counts(): [min: number, max: number] | undefined {
    if (this.skip('*')) return [0, Infinity];
    if (this.skip('+')) return [1, Infinity];
    if (this.skip('?')) return [0, 1];
    const found = /^\{(\d{0,6})(,?)(\d{0,6})\}/.exec(this.source.slice(this.at, this.at + 16));
    if (!found || found[0] === '{}' || found[0] === '{,}') return undefined;
    this.at += found[0].length;
    const min = Number(found[1] ?? 0);
    const max = found[2] === '' ? min : found[3] === '' ? Infinity : Number(found[3]);
    if (max < min) throw invalid('a quantifier whose end is before its start', this.field);
    if (min > MOST_REPEATS || (max > MOST_REPEATS && max !== Infinity)) {
      throw unsupported(this.field, `more than ${MOST_REPEATS} repeats`);
    }
    return [min, max];
  }

  private atom(ignoreCase: boolean): SyntaxTree {
    const character = this.source.charAt(this.at);
    switch (character) {
      case '(':
        return this.group(ignoreCase);
      case '[':
        return this.set(ignoreCase);
      case '.':
        this.at++;
        return this.setOf('^\\n', false);
      // Ruby's anchors are those of lines.
      case '^':
        this.at++;
        return { type: 'edge', edge: 'lineStart' };
      case '$':
        this.at++;
        return { type: 'edge', edge: 'lineEnd' };
      case '*':
      case '+':
      case '?':
        throw invalid('a quantifier without anything to repeat', this.field);
      case '\\':
        return this.edge() ?? this.set(ignoreCase);
      default: {
        const codePoint = this.source.codePointAt(this.at) ?? 0;
        this.at += codePoint > 0xffff ? 2 : 1;
        return this.setOf(literalSource(codePoint), ignoreCase);
      }
    }
  }

  private edge(): SyntaxTree | undefined {
    const edges = { b: 'word', B: 'notWord', A: 'textStart', z: 'textEnd' } as const;
    const letter = this.source.charAt(this.at + 1);
    if (letter !== 'b' && letter !== 'B' && letter !== 'A' && letter !== 'z') return undefined;
    this.at += 2;
    return { type: 'edge', edge: edges[letter] };
  }

  private group(ignoreCase: boolean): SyntaxTree {
    if (++this.depth > DEEPEST_GROUP) throw unsupported(this.field, 'deeply nested group');
    const opening = /^\((?:\?(?:[:=!]|<[=!]|i:))?/.exec(this.source.slice(this.at))?.[0] ?? '(';
    this.at += opening.length;
    if (this.source.charAt(this.at) === '?') {
      throw unsupported(this.field, `group "(${this.source.slice(this.at, this.at + 3)}"`);
    }
    const item = this.choice(ignoreCase || opening === '(?i:');
    if (!this.skip(')')) throw invalid('unmatched "("', this.field);
    this.depth--;
    switch (opening) {
      case '(?=':
      case '(?!':
        if (lengths(item).most > MOST_REPEATS) throw unsupported(this.field, 'unbounded lookahead');
        return { type: 'ahead', item, negative: opening === '(?!' };
      case '(?<=':
      case '(?<!':
        if (item.type !== 'set') {
          throw unsupported(this.field, 'lookbehind of other than one character');
        }
        return { type: 'behind', set: item.set, negative: opening === '(?<!' };
      default:
        return item;
    }
  }

  private set(ignoreCase: boolean): SyntaxTree {
    const { source, end } =
      this.source.charAt(this.at) === '['
        ? this.setReader.bracket(this.at)
        : this.setReader.escape(this.at);
    this.at = end;
    return this.setOf(source, ignoreCase);
  }

  private setOf(source: string, ignoreCase: boolean): SyntaxTree {
    const key = `${ignoreCase ? 'i' : ''}/${source}`;
    let set = this.sets.get(key);
    if (!set) {
      if (this.sets.size >= MOST_SETS) throw unsupported(this.field, 'so many character sets');
      try {
        set = new CharSet(source, ignoreCase);
      } catch {
        throw unsupported(this.field, `character set [${source}]`);
      }
      this.sets.set(key, set);
    }
    return { type: 'set', set };
  }

  private skip(character: string): boolean {
    if (this.source.charAt(this.at) !== character) return false;
    this.at++;
    return true;
  }
}
