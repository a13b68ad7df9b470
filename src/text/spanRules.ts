import type { SpanKind } from './span';
import { trimGeneric, trimPath, trimTag, trimUrl, trimVersion } from './spanTrims';

/** One kind of protected text. Rules are tried in the order of the list; an earlier one masks its matches. */
export interface SpanRule {
  /** `braces` and `names` stand for the finders that need more than a pattern. */
  readonly kind: SpanKind | 'braces' | 'names';
  readonly pattern: RegExp;
  /** A string without which the pattern cannot match, so that most texts skip most rules. */
  readonly hint?: string;
  /** How much of the match is protected; 0 refuses it. `before` is the character in front. */
  readonly trim?: (match: string, before: string) => number;
}

/** A place where a word may begin: not inside a Latin word or a number. Hangul may precede. */
const EDGE = String.raw`(?<![A-Za-z0-9_\u00C0-\u024F])`;
/** A place where a sign starts a word of its own: line start, blank, opening bracket or quote, or an equals sign. */
const OPENING = String.raw`(?<![^\s(\[{<"'“‘「『,:=|])`;

const rule = (
  kind: SpanRule['kind'],
  source: string,
  more: { hint?: string; flags?: string; trim?: (match: string, before: string) => number } = {},
): SpanRule => ({
  kind,
  pattern: new RegExp(source, `gu${more.flags ?? ''}`),
  ...(more.hint === undefined ? {} : { hint: more.hint }),
  ...(more.trim === undefined ? {} : { trim: more.trim }),
});

const VERB =
  'Get|Set|New|Remove|Add|Start|Stop|Import|Export|Invoke|Update|Install|Uninstall|Enable|Disable|Test|Write|Read|' +
  'Out|Format|ConvertTo|ConvertFrom|Select|Where|ForEach|Sort|Connect|Disconnect|Register|Unregister|Restart|Clear|Copy|Move|Rename|Save|Find|Show|Wait|Enter|Exit|Resolve|Join|Split|Measure|Compare|Group';

export const SPAN_RULES: readonly SpanRule[] = [
  // Markdown: what follows a link's text. The text itself is translated.
  rule(
    'link',
    String.raw`(?<=\]\()[^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,500}){0,3}(?:\s"[^"]{0,200}")?(?=\))`,
    { hint: '](' },
  ),
  rule('link', String.raw`(?<=\])\[[^\[\]\s]{1,100}\]|\[\^[^\[\]\s]{1,60}\]|\[![A-Z]{2,20}\]`, {
    hint: '[',
  }),
  rule('url', String.raw`<(?:[a-z][a-z0-9+.-]{1,20}:\/\/|mailto:)[^\s<>]{1,2000}>`, { hint: ':' }),
  rule(
    'url',
    String.raw`${EDGE}(?:[a-z][a-z0-9+.-]{1,20}:\/\/|www\.|mailto:)[^\s<>"'\x60{}|\\^\uE000]{1,2000}`,
    { flags: 'i', trim: trimUrl },
  ),
  // Types with arguments come before tags: `List<string>`.
  rule(
    'name',
    String.raw`${EDGE}[A-Za-z_][\w.:]{0,80}<[A-Za-z?][\w .,:*&?\[\]|]{0,80}(?:<[\w .,:*&?\[\]|]{0,80}>[\w .,:*&?\[\]|]{0,40}){0,3}>(?:\[\])?(?:\(\))?`,
    { hint: '<', trim: trimGeneric },
  ),
  rule(
    'tag',
    String.raw`<!--[^<>]{0,500}-->|<[\/?!]?[\p{L}\d_][\p{L}\w:.-]{0,60}(?:\s[^<>]{0,500})?[\/?]?>|<>|<\/>`,
    { hint: '<', trim: trimTag },
  ),
  rule('entity', String.raw`&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});`, {
    hint: '&',
    flags: 'i',
  }),
  // Mathematics of Markdown and LaTeX, told from prices by its signs.
  rule(
    'placeholder',
    String.raw`(?<![\w$])\$(?=[^$]{0,200}[\\^_])[^$\s](?:[^$]{0,200}[^$\s])?\$(?![\w$])`,
    { hint: '$' },
  ),
  rule('braces', ''),
  rule(
    'placeholder',
    String.raw`(?<![A-Za-z0-9_$])\$[A-Za-z_]\w{0,60}(?:\([^()]{0,120}\))?|\$\([^()]{1,120}\)`,
    { hint: '$' },
  ),
  rule(
    'placeholder',
    String.raw`%\([A-Za-z_]\w{0,60}\)[-+0#]?\d{0,4}(?:\.\d{1,3})?[sdifrxg]|(?<![A-Za-z0-9])%[A-Z_][A-Z0-9_]{1,40}%`,
    { hint: '%' },
  ),
  rule(
    'placeholder',
    String.raw`(?<!\d)%(?:\d{1,2}\$)?[-+0#]{0,3}(?:\d{1,4}|\*)?(?:\.(?:\d{1,3}|\*))?(?:hh?|ll?|[Lzjt])?[diouxXeEfFgGaAcCspnmSq@](?:px|ms|s|[kKMG]?B)?(?![A-Za-z])|(?<!\d)%\d{1,2}(?![\d%\w])|%%`,
    { hint: '%' },
  ),
  rule(
    'name',
    String.raw`${EDGE}@?[a-z][\w.\/-]{0,80}@(?:[~^]?\d|latest\b|next\b|beta\b)[\w.+-]{0,40}(?<![.+-])`,
    { hint: '@' },
  ),
  rule(
    'email',
    String.raw`(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}(?<!-)`,
    { hint: '@' },
  ),
  rule(
    'hash',
    String.raw`${EDGE}[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])`,
    { flags: 'i', hint: '-' },
  ),
  rule('hash', String.raw`${EDGE}[0-9a-f]{2}(?::[0-9a-f]{2}){5}(?![\w:])`, {
    flags: 'i',
    hint: ':',
  }),
  rule(
    'hash',
    String.raw`(?<![A-Za-z0-9_:])(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?(?:\/\d{1,3})?(?![\w:])|(?<![A-Za-z0-9_:])[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}(?![\w:])`,
    { flags: 'i', hint: ':' },
  ),
  rule(
    'version',
    String.raw`(?<![A-Za-z0-9_.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5}|\/\d{1,2})?(?![\w])(?!\.\d)`,
    { hint: '.' },
  ),
  rule(
    'path',
    String.raw`(?<![A-Za-z0-9_])(?:[A-Za-z]:|\\)\\(?:[^\s\\/:*?"<>|\uE000]{1,120}(?: [\w.()-]{1,40}){0,2}\\){0,20}[\w.~$%+@*()-]{0,120}`,
    { hint: '\\', trim: trimPath },
  ),
  rule('path', String.raw`(?<![A-Za-z0-9_.\\])[\w.%~-]{1,80}(?:\\[\w.-]{1,80}){1,20}`, {
    hint: '\\',
    trim: trimPath,
  }),
  rule(
    'path',
    String.raw`(?<![\p{L}\p{N}_.*\/)\]~\uE000])(?:~|\.{1,2})?\/(?:[\w.@%+~*$-]{1,120}\/){0,40}[\w.@%+~*$-]{0,120}`,
    { hint: '/', trim: trimPath },
  ),
  rule(
    'path',
    String.raw`(?<![A-Za-z0-9_.@+*\/\u00C0-\u024F-])@?[\w.+*-]{1,120}(?:(?:\/[\w.@%+*-]{1,120}){1,40}\/?|\/(?![\p{L}\p{N}]))(?:#\d+|#L\d+(?:-L\d+)?|:\d+(?::\d+)?)?`,
    { hint: '/', trim: trimPath },
  ),
  rule('path', String.raw`(?<![\w*])\*{1,2}\.[A-Za-z]\w{0,10}(?![\w*])`, { hint: '*' }),
  rule(
    'version',
    String.raw`(?<![A-Za-z0-9_.])v?\d+(?:\.\d+){2,8}(?:[-+]?[A-Za-z][0-9A-Za-z.+-]{0,40}|[-+]\d[0-9A-Za-z.+-]{0,40})?(?!\w)`,
    { hint: '.', flags: 'i', trim: trimVersion },
  ),
  rule(
    'version',
    String.raw`(?<![A-Za-z0-9_.])v\d+(?:\.\d+){0,3}(?:[-+]?(?:alpha|beta|rc|pre|dev)[.\d-]*\d)?(?![\w])|(?<![A-Za-z0-9_.])\d+\.(?:\d+\.)?[xX*](?!\w)|(?<![A-Za-z0-9_.])\d+\.\d+-?(?:alpha|beta|rc|pre|dev|a|b)[.-]?\d{0,5}(?!\w)`,
    { trim: trimVersion },
  ),
  rule('hash', String.raw`${EDGE}0x[0-9a-f_]{1,64}(?!\w)|${EDGE}0b[01_]{1,128}(?!\w)`, {
    flags: 'i',
    hint: '0',
  }),
  rule(
    'hash',
    String.raw`(?<![A-Za-z0-9_.])(?=[a-f]{0,127}\d)(?=\d{0,127}[a-f])[0-9a-f]{7,128}(?![A-Za-z0-9_]|-[A-Za-z0-9])`,
  ),
  rule(
    'hash',
    String.raw`(?<![\p{L}\p{N}_#&])#(?:[0-9a-f]{8}|[0-9a-f]{6}|\d{1,7}|[0-9a-f]{3,4})(?!\w)`,
    { hint: '#', flags: 'i' },
  ),
  rule('hash', String.raw`${EDGE}GH-\d{1,7}(?!\w)`, { hint: 'GH-' }),
  rule(
    'flag',
    String.raw`(?<![\p{L}\p{N}_\-)\]])--[A-Za-z][\w-]{0,80}(?:=[^\s,;"'\x60)\]\uE000]{1,120})?(?<![.:!?])`,
    { hint: '--' },
  ),
  rule(
    'flag',
    String.raw`${OPENING}-(?:[A-Za-z?]{1,3}|[A-Z][A-Za-z]{2,40}|[XD][\w:.=]{1,80}(?<![.:=]))(?![\w-])`,
    { hint: '-' },
  ),
  rule('name', String.raw`${EDGE}(?:${VERB})-[A-Z][A-Za-z]{1,60}(?![\w-])`, { hint: '-' }),
  rule(
    'name',
    String.raw`(?<![\p{L}\p{N}_.@])@[A-Za-z_][\w.-]{0,80}(?:\/[\w.-]{1,80})?(?:\([^()\s]{0,60}\))?(?<![.-])`,
    { hint: '@' },
  ),
  rule('name', String.raw`${OPENING}#[A-Za-z_][\w-]{1,60}(?![\w])`, { hint: '#' }),
  rule('name', String.raw`${OPENING}\.[a-z][\w-]{0,60}(?:\.[A-Za-z]\w{0,30}){0,4}(?!\w)`, {
    hint: '.',
  }),
  rule('name', String.raw`(?<![\w\\])(?:\\[nrtbfv0dDwWsS]){1,6}[+*?]?(?!\w)`, { hint: '\\' }),
  rule('names', ''),
];
