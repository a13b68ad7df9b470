const UNKNOWN = 0;
const INSIDE = 1;
const OUTSIDE = 2;

/**
 * A set of code points, given as the inside of a `v`-flag character class. The platform's own Unicode tables decide once
 * per code point of the basic plane; a table remembers.
 */
export class CharSet {
  private readonly expression: RegExp;
  private readonly known = new Uint8Array(0x10000);

  /** Throws SyntaxError if the platform does not know a property named in `source`. */
  constructor(source: string, ignoreCase: boolean) {
    this.expression = new RegExp(`^[${source}]$`, ignoreCase ? 'vi' : 'v');
  }

  has(codePoint: number): boolean {
    if (codePoint > 0xffff) return this.expression.test(String.fromCodePoint(codePoint));
    const known = this.known[codePoint] ?? UNKNOWN;
    if (known !== UNKNOWN) return known === INSIDE;
    const inside = this.expression.test(String.fromCodePoint(codePoint));
    this.known[codePoint] = inside ? INSIDE : OUTSIDE;
    return inside;
  }
}
