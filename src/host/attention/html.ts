export interface PageParts {
  /** 128 random bits, new for each load. */
  readonly nonce: string;
  /** Where the bundle's files come from, as the policy names it. */
  readonly source: string;
  readonly script: string;
  readonly style: string;
  readonly language: string;
  readonly title: string;
}

/**
 * The panel's page. Nothing may be loaded but its own script and style, and nothing at all from the network. Pictures are
 * the exports that the page itself draws; the worker's source is inside the script.
 */
export function panelHtml({ nonce, source, script, style, language, title }: PageParts): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} 'nonce-${nonce}'`,
    `font-src ${source}`,
    `img-src ${source} blob: data:`,
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="stylesheet" href="${style}">
  </head>
  <body>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>`;
}
