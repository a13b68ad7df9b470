import type { Range } from './characters';

/**
 * Words with the shape of an identifier that people read and translate as words. Kept small: protecting one by
 * mistake only costs the model a word it knows.
 */
const WORDS = new Set(
  `ActiveX AirPods AppKit AppleScript AutoCAD BitBucket BitTorrent ChatGPT CloudFlare CloudFront CoffeeScript CosmosDB
  CouchDB DeepL DeepMind DevOps DevTools DirectX DynamoDB eBay ECMAScript FireWire FreeBSD GitHub GitLab GraphQL HarmonyOS
  HoloLens IntelliJ IntelliSense iCloud iMac iOS iPad iPadOS iPhone iTunes JavaScript JetBrains jQuery LaTeX LibreOffice
  LinkedIn MacBook macOS MariaDB MongoDB MySQL NetBSD NoSQL NumPy NuGet OAuth OAuth2 OneDrive OpenAI OpenBSD OpenCV OpenGL OpenSSH
  OpenSSL OpenStack PayPal PhoneGap PlayStation PostgreSQL PowerPoint PowerShell PyCharm PyPI PyTorch RabbitMQ
  ReactJS SciPy ServiceNow SharePoint SpaceX SQLite StackOverflow TeamCity TensorFlow TestFlight TikTok tvOS TypeScript
  VirtualBox VMware VSCode watchOS WebAssembly WebGL WebGPU WebRTC WebSocket WebSockets WhatsApp WiFi WordPress WinForms
  WinUI Xbox YouTube`.split(/\s+/u),
);

/** Dotted words that are no code: products, and Latin abbreviations written with stops. */
const DOTTED_WORDS =
  /^(?:(?:Node|Vue|Next|Nuxt|React|D3|Three|Express|Angular|Ember|Backbone|Chart|Moment|Socket|Web)\.(?:js|io)|(?:ASP|ML|VB|ADO)\.NET|Ph\.D|et\.al|a\.k\.a|[Ee]tc\.\w{1,3})$/u;

/** A name with its qualifiers: `a.b`, `A::b`, `a->b`, `a?.b`, `Foo#bar`. */
const NAME =
  /(?<![A-Za-z0-9_\u00C0-\u024F.$\\])[A-Za-z_$][\w$]*(?:(?:\?\.|\.|::|->|#)~?[A-Za-z_$][\w$]*)*/gu;

/** Names that stand for code: camelCase, PascalCase with inner capitals, snake_case, CONSTANT_CASE, dotted, called. */
export function* findNames(text: string): Generator<Range> {
  for (const match of text.matchAll(NAME)) {
    const start = match.index;
    const name = match[0];
    let end = start + name.length;
    if (/[\u00C0-\u024F]/u.test(text.charAt(end))) continue;
    const shaped = isCodeName(name);
    const call = callLength(text, end, name, shaped);
    if (!shaped && call === 0) continue;
    end += call;
    // Index expressions and calls that follow belong to it: `a.b[0].c()`.
    for (const tail of tails(text, end)) end += tail;
    yield { start, end };
  }
}

/** Has the name the shape of an identifier rather than of a word? */
export function isCodeName(name: string): boolean {
  if (WORDS.has(name) || DOTTED_WORDS.test(name)) return false;
  if (/::|->|\?\./u.test(name)) return true;
  const parts = name.split(/[.#]/u);
  if (parts.length > 1) {
    if (name.includes('#')) return parts.every((part) => part.length > 1);
    // e.g. i.e. a.m. U.S. and initials have one letter each.
    if (parts.every((part) => part.length === 1)) return false;
    return true;
  }
  if (/^_+$/u.test(name)) return false;
  if (/^[A-Za-z0-9$]+(?:_+[A-Za-z0-9$]+)+_*$|^_/u.test(name)) return true;
  if (name.startsWith('$')) return /^\$+[A-Za-z_]/u.test(name);
  return hasInnerCapital(name);
}

/** Lower to upper inside (`fooBar`), or an acronym that goes on (`HTMLElement`); not plurals (`APIs`), units or names. */
function hasInnerCapital(name: string): boolean {
  if (name.length < 4 || /^(?:Mc|Mac|O)[A-Z][a-z]+s?$/u.test(name)) return false;
  if (/^[A-Z][a-z]?[A-Z]{1,3}s?$/u.test(name)) return false; // PhDs, IoT, QoS
  if (/[a-z0-9][A-Z]/u.test(name))
    return !/^[A-Z]{2,}\d+[A-Z]*$/u.test(name) && /[a-z]/u.test(name);
  return /^[A-Z]{2,}[a-z]{3,}/u.test(name) && !/^[A-Z]+(?:ing|ers?|able|ful|ized?)$/u.test(name);
}

const OPEN_CALL = /\([^()]{0,120}\)/uy;

/** Length of the argument list directly behind a name, 0 if what stands in brackets is an explanation. */
function callLength(text: string, at: number, name: string, shaped: boolean): number {
  if (text[at] !== '(') return 0;
  OPEN_CALL.lastIndex = at;
  const list = OPEN_CALL.exec(text)?.[0];
  if (list === undefined) return 0;
  const content = list.slice(1, -1).trim();
  if (content === '') return list.length;
  if (/[^\x20-\x7E]/u.test(content)) return 0;
  if (/^(?:e?s|ies|es|r|n)$/u.test(content)) return 0; // file(s)
  const simple = content.split(/,\s*/u).every((item) => isArgument(item.trim()));
  if (!simple) return name.length === 1 && /^[\w\s+*^]{1,20}$/u.test(content) ? list.length : 0;
  if (shaped) return list.length;
  // `sleep(100)`, `print("x")`, `max(a, b)`, `f(x)`; but `application(app)` explains.
  const literal = /^["'\d-]|^(?:true|false|null|None|self|this)$/u;
  const items = content.split(/,\s*/u);
  if (name.length === 1) return list.length;
  if (!/^[a-z]/u.test(name)) return 0;
  return items.every((item) => literal.test(item) || /^[a-z]\d?$/u.test(item)) ? list.length : 0;
}

/** One argument: no blanks outside quotes, unless around an operator. */
function isArgument(item: string): boolean {
  if (/^(["'])[^"']*\1$/u.test(item)) return true;
  return !/\s/u.test(item.replace(/\s*(?:[-+*/%=<>!&|?:]{1,3})\s*/gu, ''));
}

const TAIL = /\[[\w.'"$-]{0,40}\]|\.[A-Za-z_$][\w$]*|\([^()\x80-\uFFFF\s]{0,60}\)/uy;

function* tails(text: string, from: number): Generator<number> {
  let at = from;
  for (;;) {
    // A bracket after a blank, or a link target, is not a tail.
    TAIL.lastIndex = at;
    const tail = TAIL.exec(text)?.[0];
    if (tail === undefined || (tail.startsWith('[') && text[at + tail.length] === '(')) return;
    if (tail.startsWith('(') && at === from && text[at - 1] !== ')' && text[at - 1] !== ']') return;
    yield tail.length;
    at += tail.length;
  }
}
