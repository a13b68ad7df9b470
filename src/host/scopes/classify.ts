import type { IGrammar, IRawTheme, StateStack } from 'vscode-textmate';
import type { LineTokenizer } from '../../text/comments/lineStore';
import type { Region, RegionKind } from '../../text/comments/types';

/**
 * A line that takes longer is given up where it is, in milliseconds. The first lines of a language take long, since its
 * regular expressions are compiled when they are met; only long lines are long to match.
 */
const MOST_LINE_MS = 500;
const MOST_LONG_LINE_MS = 20;
const LONG_LINE = 1_000;
/** What one try has compiled the next need not: so a busy machine, too, gets through the first lines of a language. */
const MOST_TRIES = 4;

/** Bits of a token's metadata that hold its foreground, as the tokenizer's binary form has them. */
const FOREGROUND_OFFSET = 15;
const FOREGROUND_MASK = 0x1ff;

const COLORS: Readonly<Record<RegionKind, string>> = {
  comment: '#000001',
  string: '#000002',
  doc: '#000003',
};
const CODE = '#000004';

/**
 * A theme whose colours are kinds of regions: the tokenizer resolves nested scopes for themes anyway, in a form far smaller
 * than lists of scope names. The innermost scope that a rule names decides.
 */
export const REGION_THEME: IRawTheme = {
  name: 'regions',
  settings: [
    { settings: { foreground: CODE, background: '#000000' } },
    { scope: ['comment'], settings: { foreground: COLORS.comment } },
    { scope: ['string'], settings: { foreground: COLORS.string } },
    {
      scope: ['string.quoted.docstring', 'comment.block.documentation.python'],
      settings: { foreground: COLORS.doc },
    },
    {
      // Code inside strings, and strings that are names, patterns or words of code.
      scope: [
        'meta.embedded',
        'meta.interpolation',
        'meta.template.expression',
        'punctuation.definition.template-expression',
        'punctuation.section.embedded',
        'string.regexp',
        'string.unquoted.argument',
        'string.other',
        'string.unquoted entity.name.tag',
        'support.type.property-name',
      ],
      settings: { foreground: CODE },
    },
    { scope: ['comment meta.embedded'], settings: { foreground: COLORS.comment } },
  ],
};

/** Kinds by the number that a colour has in the registry's map. */
export function kindsOf(colorMap: readonly string[]): (RegionKind | undefined)[] {
  return colorMap.map((color) =>
    (Object.keys(COLORS) as RegionKind[]).find((kind) => COLORS[kind] === color?.toLowerCase()),
  );
}

/** Wraps a grammar; `initial` is the state in which a document begins. */
export function grammarTokenizer(
  grammar: IGrammar,
  initial: StateStack,
  kinds: readonly (RegionKind | undefined)[],
): LineTokenizer<StateStack> {
  return {
    initial,
    tokenize: (text, begin) => {
      const isLong = text.length > LONG_LINE;
      const limit = isLong ? MOST_LONG_LINE_MS : MOST_LINE_MS;
      let line = grammar.tokenizeLine2(text, begin, limit);
      for (let tries = 1; line.stoppedEarly && !isLong && tries < MOST_TRIES; tries++)
        line = grammar.tokenizeLine2(text, begin, limit);
      const { tokens, ruleStack, stoppedEarly } = line;
      return {
        regions: regionsOf(tokens, text.length, kinds),
        // A stack from the middle of a line would mislead all lines below.
        end: stoppedEarly ? begin : ruleStack,
      };
    },
    same: (a, b) => a === b || a.equals(b),
  };
}

/** Tokens are pairs of start column and metadata; neighbours of a kind are one region. */
function regionsOf(
  tokens: Uint32Array,
  length: number,
  kinds: readonly (RegionKind | undefined)[],
): readonly Region[] {
  const regions: Region[] = [];
  for (let i = 0; i < tokens.length; i += 2) {
    const kind = kinds[(tokens[i + 1]! >>> FOREGROUND_OFFSET) & FOREGROUND_MASK];
    if (kind === undefined) continue;
    const start = Math.min(tokens[i]!, length);
    const end = Math.min(tokens[i + 2] ?? length, length);
    const last = regions.at(-1);
    if (last?.kind === kind && last.end === start) regions[regions.length - 1] = { ...last, end };
    else regions.push({ start, end, kind });
  }
  return regions.length > 0 ? regions : NONE;
}

const NONE: readonly Region[] = [];
