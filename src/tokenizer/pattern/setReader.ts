import { invalid, unsupported } from '../json';
import { WHITE_SPACE } from '../unicode';

/** Oniguruma's `\w`: unlike Rust's it has all numbers and not the joiners. */
const ONIG_WORD = '\\p{Alphabetic}\\p{M}\\p{N}\\p{Pc}';

const CLASSES: Readonly<Record<string, string>> = {
  s: WHITE_SPACE,
  S: WHITE_SPACE.replace('p', 'P'),
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: ONIG_WORD,
  W: `[^${ONIG_WORD}]`,
  h: '0-9A-Fa-f',
  H: '[^0-9A-Fa-f]',
};

const CONTROLS: Readonly<Record<string, number>> = {
  t: 0x09,
  n: 0x0a,
  v: 0x0b,
  f: 0x0c,
  r: 0x0d,
  a: 0x07,
  e: 0x1b,
};

/** Source of a class, and where reading goes on. `codePoint` where it is a single character. */
interface SetPart {
  readonly source: string;
  readonly end: number;
  readonly codePoint?: number;
}

export function literalSource(codePoint: number): string {
  return `\\u{${codePoint.toString(16)}}`;
}

/** Reads `[...]` and escapes, inside and outside of brackets, into the inside of a class. */
export class SetReader {
  constructor(
    private readonly pattern: string,
    private readonly field: string,
  ) {}

  bracket(from: number): SetPart {
    let at = from + 1;
    const negative = this.pattern.charAt(at) === '^';
    if (negative) at++;
    let source = '';
    while (this.pattern.charAt(at) !== ']') {
      const part = this.member(at);
      const range = this.rangeEnd(part);
      source += range?.source ?? part.source;
      at = (range ?? part).end;
    }
    if (source === '') throw unsupported(this.field, 'empty character set');
    return { source: negative ? `^${source}` : source, end: at + 1 };
  }

  /** `\` and what follows. */
  escape(at: number): SetPart {
    const letter = this.pattern.charAt(at + 1);
    const known = Object.hasOwn(CLASSES, letter) ? CLASSES[letter] : undefined;
    if (known !== undefined) return { source: known, end: at + 2 };
    if (letter === 'p' || letter === 'P') return this.property(at);
    const control = Object.hasOwn(CONTROLS, letter) ? CONTROLS[letter] : undefined;
    if (control !== undefined) return single(control, at + 2);
    const hex = /^\\(?:u([0-9A-Fa-f]{4})|x\{([0-9A-Fa-f]{1,6})\}|x([0-7][0-9A-Fa-f]))/.exec(
      this.pattern.slice(at, at + 12),
    );
    if (hex) {
      const codePoint = parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16);
      if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
        throw invalid('a character that Unicode does not have', this.field);
      }
      return single(codePoint, at + hex[0].length);
    }
    // Letters and digits not read above mean something else (back references, \K, \R, \X, ...).
    if (letter === '' || /[0-9A-Za-z]/.test(letter)) throw unsupported(this.field, `\\${letter}`);
    return this.literal(at + 1);
  }

  private member(at: number): SetPart {
    const character = this.pattern.charAt(at);
    if (character === '') throw invalid('unmatched "["', this.field);
    if (character === '[') throw unsupported(this.field, 'set within a set');
    if (this.pattern.startsWith('&&', at)) throw unsupported(this.field, 'intersection of sets');
    if (character !== '\\') return this.literal(at);
    if (this.pattern.charAt(at + 1) === 'b') return single(0x08, at + 2);
    return this.escape(at);
  }

  /** `a-z`, if the part is the start of a range; a hyphen before `]` is itself. */
  private rangeEnd(first: SetPart): SetPart | undefined {
    const { codePoint, end } = first;
    if (codePoint === undefined || this.pattern.charAt(end) !== '-') return undefined;
    if (this.pattern.charAt(end + 1) === ']') return undefined;
    const last = this.member(end + 1);
    if (last.codePoint === undefined || last.codePoint < codePoint) {
      throw invalid('a range of characters that is none', this.field);
    }
    return {
      source: `${literalSource(codePoint)}-${literalSource(last.codePoint)}`,
      end: last.end,
    };
  }

  /** General categories by their short names, and scripts: the names that mean the same in both worlds. */
  private property(at: number): SetPart {
    const found = /^\\([pP])\{(\^?)([A-Za-z_]+)\}/.exec(this.pattern.slice(at, at + 60));
    const name = found?.[3];
    if (!found || name === undefined) throw unsupported(this.field, 'property without braces');
    const negative = (found[1] === 'P') !== (found[2] === '^');
    const property = /^[LMNPSZC][a-z]?$/.test(name) ? name : `Script=${name}`;
    return { source: `\\${negative ? 'P' : 'p'}{${property}}`, end: at + found[0].length };
  }

  private literal(at: number): SetPart {
    const codePoint = this.pattern.codePointAt(at) ?? 0;
    return single(codePoint, at + (codePoint > 0xffff ? 2 : 1));
  }
}

function single(codePoint: number, end: number): SetPart {
  return { source: literalSource(codePoint), end, codePoint };
}
