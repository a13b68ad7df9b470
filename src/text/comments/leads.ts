import { TASK_MARK } from '../characters';

/** What begins and ends the text of a line without being part of it: list marks, tags, fields, markup. */
export interface Leads {
  readonly lead: string;
  readonly tail: string;
}

const NAME = String.raw`(?:\[[^\]\n]{1,80}\]|<\w+>|\.\.\.|[&*$]{0,2}[\w.$-]{1,80})`;
const PHP_TYPE = String.raw`(?:\??\(?[\w\\]+(?:<[^<>]*>)?(?:\[\])*\)?(?:[|&][\w\\]+(?:<[^<>]*>)?(?:\[\])*)*)`;

/** In the order in which they may follow each other; each is taken once. */
const LEADS: readonly RegExp[] = [
  /(?:>\s?)+/uy,
  // Haddock.
  /[|^]\s+/uy,
  // A heading between rules: `---- Helpers ----`.
  /[-=*~#_+/]{2,}\s+/uy,
  /(?:[-*+•‣▪·–]|\(?(?:\d{1,4}(?:\.\d{1,3}){0,3}|[A-Za-z]|[가-하ㄱ-ㅎ])[.)])\s+/uy,
  /\[[ xX]\]\s+/uy,
  /#{1,6}\s+/uy,
  new RegExp(String.raw`${TASK_MARK}\b(?:\([^()]{1,60}\))?:?\s+(?:-\s+)?(?=\S)`, 'uy'),
  // Block elements of XML documentation, Javadoc and HTML, with the blanks behind them.
  /(?:<(?:summary|remarks|returns|value|example|para|item|description|term|param|typeparam|exception|list|p|li|ul|ol|dl|dt|dd|div|h[1-6]|blockquote|br)\b[^<>]*>\s*)+/uy,
  // JSDoc, Javadoc, KDoc, PHPDoc, YARD, LDoc, roxygen, Doxygen.
  new RegExp(
    String.raw`[@\\](?:t?param|arg|argument|property|prop|template|typeparam|tparam|field|slot|option|attr|retval)(?:\[[^\]]*\])?\s+` +
      String.raw`(?:\{[^{}\n]{0,200}\}\s*)?(?:\[[\w:,.<> ]{1,80}\]\s+(?=\w+\s))?(?:${PHP_TYPE}\s+(?=[&.]*\$))?(?:[&.]*)${NAME}(?:\s+\[[A-Z][\w:,.<> ]*\])?(?:\s*[-–:](?=\s))?\s+`,
    'uy',
  ),
  /[@\\](?:t?returns?|yields?|throws?|exception|raises?|raise|type|typedef|value)\b:?\s*(?:\{[^{}\n]{0,200}\}\s*|\[[A-Z][\w:,.<> ]*\]\s+)?(?:-\s+)?/uy,
  /[@\\](?:brief|short|details|deprecated|note|warning|todo|remarks?|summary|description|desc|title|file|fileoverview|overview|apiNote|implNote|implSpec|internal|private|packageDocumentation|class|property|constructor|receiver|attention|pre|post|invariant|li|par)\b:?\s+/uy,
  // Fields of reStructuredText.
  /:(?:param|arg|argument|key|keyword|raises|raise|except|var|ivar|cvar|returns?|yields?)(?:\s+[^:\n]{1,80})?:\s+/uy,
  /\.\.\s+(?:note|warning|tip|seealso|deprecated|versionadded|versionchanged|important|caution|hint)::\s*(?:\d[\w.]*\s+)?/uy,
  // Swift.
  /(?:Parameter\s+\w+|Parameters|Returns|Throws):\s+/uy,
];

/** Names of PHP's types, which stand behind tags without marks of their own. */
const PHP_VALUE =
  /(?:\??(?:string|int|float|bool|array|void|mixed|null|false|true|callable|iterable|object|self|static|never|\\?[A-Z]\w*(?:\\\w+)*|[\w\\]+(?=[|[<]))(?:<[^<>]*>)?(?:\[\])*(?:\|(?:[\w\\]+)(?:<[^<>]*>)?(?:\[\])*)*)\s+(?=\S)/uy;
/** The class of an exception: `IOException`, `std::out_of_range`, `[ArgumentError]`. */
const EXCEPTION = /(?:[\w\\:.]*(?:[A-Z]\w*|::\w+)|\[[\w:]+\])(?:\s+-)?\s+(?=\S)/uy;
const LUA_TYPE = /[\w|.?]+\s+(?=\S)/uy;
const LUA_TYPED_PARAMETER = /[@\\]tparam\s+\S+\s+\w+\s+/uy;

const TAIL =
  /(?:\s*<\/(?:summary|remarks|returns|value|example|para|item|description|term|param|typeparam|exception|list|p|li|ul|ol|dl|dt|dd|div|h[1-6]|blockquote)>|\s*<br\s*\/?>|\s+[-=*~#_+/]{2,}|\s+#)+$/u;

export function findLeads(body: string, languageId: string): Leads {
  let at = languageId === 'lua' ? match(LUA_TYPED_PARAMETER, body, 0) : 0;
  for (const pattern of LEADS) {
    const before = at;
    at += match(pattern, body, at);
    const taken = body.slice(before, at);
    if (taken === '') continue;
    if (/^[@\\](?:throws?|exception|raises?)\b/u.test(taken)) at += match(EXCEPTION, body, at);
    else if (/^[@\\]treturn\b/u.test(taken)) at += match(LUA_TYPE, body, at);
    else if (languageId === 'php' && /^@(?:return|var)\b/u.test(taken))
      at += match(PHP_VALUE, body, at);
  }
  const tail = TAIL.exec(body.slice(at))?.[0] ?? '';
  return { lead: body.slice(0, at), tail };
}

/** `name: text`, `name (type): text`: the lines below `Args:` in Python, `name` and `type` being words of code. */
export function findFieldLead(body: string): string {
  return /^\*{0,2}[\w.]+(?:\s*\([^()]{1,80}\))?:\s+/u.exec(body)?.[0] ?? '';
}

/** Does the line begin something of its own, so that it does not go on with the line above? */
export function isLead(lead: string): boolean {
  return lead.trim() !== '';
}

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}
