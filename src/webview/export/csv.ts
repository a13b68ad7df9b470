import type { CsvTable } from './parts';

/**
 * RFC 4180 with CRLF ends. A cell that a spreadsheet would take for a formula begins with an apostrophe: text of documents
 * is not to be run (OWASP, CSV injection). Lines before the header begin with `#`.
 */
export function csvText(comments: readonly string[], table: CsvTable): string {
  const lines = comments.map((comment) => `# ${comment.replaceAll(/[\r\n]+/g, ' ')}`);
  for (const row of table.rows) lines.push(row.map(csvCell).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function csvCell(value: string | number): string {
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]|^#/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
