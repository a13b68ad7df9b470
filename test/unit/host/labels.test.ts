import assert from 'node:assert/strict';
import { plainLabel } from '../../../src/host/labels';

/** What the editor makes of a label: an icon, or with a backslash before it the text of one. */
const drawn = (label: string): string =>
  label.replaceAll(
    /(\\)?\$\(([\w-]+(?:~\w+)?)\)/gu,
    (_, escaped: string | undefined, name: string) =>
      escaped === undefined ? '<icon>' : `$(${name})`,
  );

describe('plainLabel', () => {
  for (const text of [
    'Prints $(pwd) and $(git-log) once',
    'Spins $(sync~spin)',
    'Runs $(ls -l) and ${name}, costs $(5',
    'A backslash: \\$(pwd)',
    'No shell at all',
  ])
    it(`is drawn as it stands: ${text}`, () => {
      assert.equal(drawn(plainLabel(text)), text);
    });
});
