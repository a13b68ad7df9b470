/** Writes test/fixtures/text/mixed.txt: `npx tsx test/unit/text/makeFixture.ts` */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mixedLines } from './mixedLines';

export const FIXTURE = join(import.meta.dirname, '../../fixtures/text/mixed.txt');

export function fixtureText(): string {
  return mixedLines(1000, 20170612).join('\n') + '\n';
}

if (process.argv[1]?.endsWith('makeFixture.ts')) {
  mkdirSync(dirname(FIXTURE), { recursive: true });
  writeFileSync(FIXTURE, fixtureText());
}
