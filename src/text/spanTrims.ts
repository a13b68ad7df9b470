/** Decides how much of a rule's match is protected; 0 refuses the match. */

const TRAILING_MARKS = /[.,;:!?'"*_~…)\]]/u;

/**
 * Cuts a URL where the sentence around it goes on: at Hangul that does not begin a path segment (a particle), at
 * punctuation of the sentence, at a closing bracket that was not opened inside.
 */
export function trimUrl(match: string): number {
  let end = match.length;
  for (let i = 1; i < match.length; i++) {
    const character = match.charAt(i);
    if (character <= '\x7F') continue;
    if (!/[\p{L}\p{N}\p{M}]/u.test(character)) {
      end = i;
      break;
    }
    const before = match.charAt(i - 1);
    if (before <= '\x7F' && !/[/=_%?&+#-]/u.test(before)) {
      end = i;
      break;
    }
  }
  let depth = 0;
  for (let i = 0; i < end; i++) {
    if (match[i] === '(') depth++;
    else if (match[i] === ')' && depth === 0) end = i;
    else if (match[i] === ')') depth--;
    else if (match[i] === '[' || match[i] === ']') end = i;
  }
  while (end > 0 && TRAILING_MARKS.test(match.charAt(end - 1))) {
    if (match[end - 1] === ')' && depth === 0) break;
    end--;
  }
  // "www." or a scheme alone is a word of the sentence.
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|www\.|mailto:)[\p{L}\p{N}[/~$%]/iu.test(match.slice(0, end))
    ? end
    : 0;
}

const HTML_NAMES =
  'a abbr article aside audio b big blockquote body br button canvas caption center cite code col dd del details dfn div dl dt ' +
  'em embed fieldset figcaption figure font footer form g h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd ' +
  'label legend li link main mark menu meta nav nl ol option p path pre q rect s samp script section select slot small ' +
  'source span strong style sub summary sup svg table tbody td template text textarea th thead title tr tt u ul var video';
const HTML = new Set(HTML_NAMES.split(' '));
const GENERIC_NAMES = new Set(
  'vector map set list array unique_ptr shared_ptr weak_ptr optional span tuple pair dict deque queue stack bitset function variant iterator'.split(
    ' ',
  ),
);

/** `List<string>` is a name; `text<b>bold</b>` is a word with a tag. */
export function trimGeneric(match: string): number {
  const open = match.indexOf('<');
  const name = match.slice(0, open);
  const inner = match.slice(open + 1, match.lastIndexOf('>'));
  if (HTML.has(inner.trim().toLowerCase().split(/\s/u)[0]!) && inner !== inner.toUpperCase())
    return 0;
  if (/^(?:c\d+|nl)$/u.test(inner)) return 0;
  const typed = /^[A-Z]/u.test(name) || name.includes('::') || name.includes('.');
  return typed || GENERIC_NAMES.has(name) ? match.length : 0;
}

/** Refuses comparisons: `1<2 and 3>2`, `a<b and c>d`. */
export function trimTag(match: string, before: string): number {
  const content = /^<[/?!]?([\p{L}\w:.-]+)(\s[^]*)?>$/u.exec(match);
  if (!content?.[2]) return match.length;
  const name = content[1]!;
  if (/^\d/u.test(name)) return 0;
  const attributes = content[2];
  const tagLike = HTML.has(name.toLowerCase()) || /=|\/$/u.test(attributes);
  return /[\p{L}\p{N}_)\]]/u.test(before) && !tagLike ? 0 : match.length;
}

const FOLDERS = new Set(
  (
    'src lib libs test tests docs doc bin etc usr var opt home root tmp dist build out app apps api packages node_modules ' +
    'config configs scripts public assets static include target pkg cmd internal components pages models media vendor ' +
    'tools examples utils .github .vscode .git application text image audio video multipart font'
  ).split(' '),
);

/** Tells paths from words joined by a slash: `and/or`, `input/output`, `red/green/blue`, `24/7`. */
export function trimPath(match: string, before: string): number {
  let end = match.length;
  while (end > 0 && /[.,;:!?*~(]/u.test(match.charAt(end - 1))) end--;
  // A bracket that was not opened inside belongs to the sentence.
  while (match[end - 1] === ')' && !match.slice(0, end).includes('(')) end--;
  const path = match.slice(0, end);
  if (path.length < 2 || !/[A-Za-z]/u.test(path)) return 0;
  if (/^(?:[A-Za-z]:\\|\\\\)/u.test(path)) return end;
  if (/^(?:~|\.{1,2})?\//u.test(path)) {
    // A single letter behind a slash is an option of Windows (`/H`), or one side of `A/B` after a mark.
    return /[)\]}"'’”]/u.test(before) ? 0 : end;
  }
  if (path.includes('\\')) return isWindowsPath(path) ? end : 0;
  return isRelativePath(path) ? end : 0;
}

function isWindowsPath(path: string): boolean {
  // Names only: `\d\w` and `and\or` are something else.
  return (
    /^(?:\.{1,2}|%\w+%|[\w.~-]{2,})(?:\\[\w.-]{2,})*$/u.test(path) &&
    /[.\d%\\].*\\|\.\w+$/u.test(path)
  );
}

function isRelativePath(path: string): boolean {
  const segments = path.replace(/(?:#L?\d+.*|:\d+(?::\d+)?)$/u, '').split('/');
  const first = segments[0]!;
  const last = segments.at(-1)!;
  if (path.startsWith('@')) return segments.length >= 2 && /^@[\w.-]+$/u.test(first);
  if (segments.some((segment) => /^\d+$/u.test(segment)) && !FOLDERS.has(first)) {
    return segments.length > 2 && segments.some((segment) => /[a-z]{2}/u.test(segment));
  }
  if (/#\d+$/u.test(path)) return segments.length === 2;
  if (/[\w*-]\.[A-Za-z][A-Za-z0-9]{0,9}$/u.test(last) && !/\.(?:NET|js)$/u.test(last)) return true;
  if (last.endsWith('.js') && segments.length > 1) return !/^[A-Z]/u.test(last);
  if (path.endsWith('/')) {
    return segments.length > 2 || FOLDERS.has(first) || /[\w*-][._-]\w/u.test(first);
  }
  if (FOLDERS.has(first)) return true;
  if (/^\.\w/u.test(first) || segments.includes('**') || segments.includes('..')) return true;
  if (/^[a-z][\w-]*(?:\.[a-z]{2,}){1,3}$/u.test(first)) return true; // example.com/path
  return (
    segments.some((segment) => segment.includes('_')) ||
    (segments.length > 2 && segments.some((segment) => /[-.]/u.test(segment)))
  );
}

/** The stop of the sentence is not part of the version, and a lone `v1` needs a digit. */
export function trimVersion(match: string): number {
  let end = match.length;
  while (end > 0 && /[.+-]/u.test(match.charAt(end - 1))) end--;
  return end;
}
