import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

const SOURCE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Serious and critical findings of axe-core, one line each with the elements. Put in by the debugger, which the page's
 * policy does not bind.
 */
export async function accessibilityFindings(page: Page | Frame): Promise<string[]> {
  await page.evaluate(`if (!window.axe) { ${SOURCE} }`);
  const results = await page.evaluate<AxeResults>(
    `axe.run(document, { resultTypes: ['violations'], elementRef: false })`,
  );
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 5).map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`),
    );
}
