/**
 * Text of the user or the model as Markdown that shows exactly that text. `MarkdownString.appendText` leaves bare
 * addresses alone, which the renderer then makes into links; here every ASCII mark becomes a numeric character
 * reference, so that no link, image, command, list, heading or code block can arise.
 */
export function escapeMarkdown(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(escapeLine)
    .join('  \n'); // two blanks before the line end: a line break in the same paragraph
}

function escapeLine(line: string): string {
  // An empty line would end the paragraph and a blank at an edge would be dropped: no-break blanks keep both.
  if (line.trim() === '') return '&nbsp;';
  return line
    .replace(/[!-/:-@[-`{-~]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replace(/\t/g, '    ')
    .replace(/^ +| {2,}/g, (blanks) => '&nbsp;'.repeat(blanks.length));
}
