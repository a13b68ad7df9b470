/** What is shorter is not worth a parse of its own; what is longer takes a program's attention for too long at once. */
const LEAST_CHARACTERS = 4096;

const FENCE = /^ {0,3}(`{3,}|~{3,})/u;
/** HTML that goes on over empty lines until its own end. */
const HTML_START = /^ {0,3}<(?:!--|pre\b|script\b|style\b|textarea\b)/iu;
const HTML_END = /-->|<\/(?:pre|script|style|textarea)>/iu;

/**
 * A document cut before headings, and before paragraphs behind an empty line, where nothing that began above goes on:
 * parsed one by one the parts have the blocks of the whole. An edit changes one part. Together they are the source.
 */
export function splitParts(source: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let at = 0;
  let fence: string | undefined;
  let html = false;
  let blank = false;
  while (at < source.length) {
    const lineEnd = source.indexOf('\n', at);
    const next = lineEnd < 0 ? source.length : lineEnd + 1;
    const line = source.slice(at, next);
    const mark = FENCE.exec(line)?.[1];
    if (fence !== undefined) {
      const closes = mark?.startsWith(fence) && line.trim() === mark;
      if (closes) fence = undefined;
    } else if (html) html = !HTML_END.test(line);
    else if (mark !== undefined) fence = mark;
    else if (HTML_START.test(line)) html = !HTML_END.test(line.replace(/^\s*<!--/u, ''));
    else if (blank && at - start >= LEAST_CHARACTERS && /^(?:#{1,6} \S|\p{L})/u.test(line)) {
      parts.push(source.slice(start, at));
      start = at;
    }
    blank = line.trim() === '';
    at = next;
  }
  parts.push(source.slice(start));
  return parts;
}
