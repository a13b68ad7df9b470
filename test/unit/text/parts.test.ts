import assert from 'node:assert/strict';
import { splitParts } from '../../../src/text/markdown/parts';

const FILLER = `${'A paragraph that only takes room here. '.repeat(110)}\n`;

describe('splitParts', () => {
  it('cuts before headings and paragraphs once there is enough', () => {
    assert.deepEqual(splitParts(`${FILLER}\n# Next\n\nText.\n`), [
      `${FILLER}\n`,
      '# Next\n\nText.\n',
    ]);
    assert.deepEqual(splitParts(`${FILLER}\nNext\n`), [`${FILLER}\n`, 'Next\n']);
    assert.deepEqual(splitParts('# One\n\n# Two\n'), ['# One\n\n# Two\n']);
    assert.deepEqual(splitParts(''), ['']);
  });

  it('never cuts inside of what goes on', () => {
    for (const inside of [
      '```\n\n# no heading\n```\n',
      '~~~~ sh\n\n~~~\n\n# no heading\n~~~~\n',
      '<!-- a comment\n\n# no heading\n-->\n',
      '<pre>\n\n# no heading\n</pre>\n',
      '- an item\n\n  # of the item\n\n      code\n',
      '> quoted\n\n    # code\n',
      'goes on\n# Heading without an empty line\n',
    ]) {
      const source = `${FILLER.trimEnd()}\n${inside}`;
      assert.deepEqual(splitParts(source), [source]);
    }
  });

  it('goes on after a comment on one line and after a fence', () => {
    for (const before of ['<!-- short -->\n', '```\ncode\n```\n']) {
      const head = `${FILLER}\n${before}\n`;
      assert.deepEqual(splitParts(`${head}# Next\n`).at(-1), '# Next\n');
    }
  });
});
