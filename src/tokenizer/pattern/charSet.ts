const UNKNOWN = 0;
const INSIDE = 1;
const OUTSIDE = 2;

/**
 * A set of code points, given as the inside of a character class. The platform's own Unicode tables decide once
 * per code point; pages of 256 remember.
 */
export class CharSet {
  private readonly expression: RegExp;
  private readonly pages: (Uint8Array | undefined)[] = [];

  /** Throws SyntaxError if the platform does not know a property named in `source`. */
  constructor(source: string, ignoreCase: boolean) {
    // The `v` flag only where a set holds a set: Node 20's engine has had mistakes in it.
    const mode = source.includes('[') ? 'v' : 'u';
    this.expression = new RegExp(`^[${source}]$`, ignoreCase ? `${mode}i` : mode);
  }

  has(codePoint: number): boolean {
    const page = (this.pages[codePoint >> 8] ??= new Uint8Array(256));
    const known = page[codePoint & 0xff] ?? UNKNOWN;
    if (known !== UNKNOWN) return known === INSIDE;
    const inside = this.expression.test(String.fromCodePoint(codePoint));
    page[codePoint & 0xff] = inside ? INSIDE : OUTSIDE;
    return inside;
  }
}
