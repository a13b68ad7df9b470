import assert from 'node:assert/strict';
import { commentSpan, lineFrame, proseSpan } from '../../../src/host/commentLine';
import { escapeMarkdown } from '../../../src/host/markdown';
import { shiftRange } from '../../../src/host/offsets';

const textOf = (line: string): string | undefined => {
  const span = commentSpan(line);
  return span && line.slice(span.start, span.end);
};

suite('pieces', () => {
  test('the text of a comment line is found without its marks', () => {
    const cases: readonly (readonly [string, string | undefined])[] = [
      ['  // Read the file.', 'Read the file.'],
      ['/// Read the file.  ', 'Read the file.'],
      [' * Read the file.', 'Read the file.'],
      ['/* Read the file. */', 'Read the file.'],
      ['/** Read the file. */', 'Read the file.'],
      ['# Read the file.', 'Read the file.'],
      ['-- Read the file.', 'Read the file.'],
      ['<!-- Read the file. -->', 'Read the file.'],
      ['"""Read the file."""', 'Read the file.'],
      ['read(); // Read the file.', 'Read the file.'],
      ['x = 1  # Read the file.', 'Read the file.'],
      ["const url = 'http://example.org/a';", undefined],
      [' */', undefined],
      ['//', undefined],
      ['return a * b;', undefined],
    ];
    for (const [line, expected] of cases) assert.equal(textOf(line), expected, line);
  });

  test('the text of a line of prose is found without list marks', () => {
    for (const [line, expected] of [
      ['  - Read the file. ', 'Read the file.'],
      ['2. Read the file.', 'Read the file.'],
      ['> # Read the file.', 'Read the file.'],
      ['Read the file.', 'Read the file.'],
    ] as const) {
      const { start, end } = proseSpan(line);
      assert.equal(line.slice(start, end), expected, line);
    }
  });

  test('an inserted line has the frame of its original', () => {
    const frame = (line: string, text: string, prose = false): string => {
      const { before, after } = lineFrame(line, line.indexOf(text), prose);
      return `${before}|${after}`;
    };
    assert.equal(frame('    // Read.', 'Read.'), '    // |');
    assert.equal(frame('    // Read.', '// Read.'), '    |');
    assert.equal(frame('  /* Read. */', 'Read.'), '  /* | */');
    assert.equal(frame('  /** Read.', 'Read.'), '   * |');
    assert.equal(frame('  read(); // Read.', 'Read.'), '  // |');
    assert.equal(frame('  say("Read.");', 'Read.'), '  |');
    assert.equal(frame('  - Read.', 'Read.', true), '  - |');
    assert.equal(frame('  One. Read.', 'Read.', true), '  |');
  });

  test('a range follows edits elsewhere and ends with an edit inside', () => {
    const range = { start: 10, end: 20 };
    const change = (rangeOffset: number, rangeLength: number, text: string) => [
      { rangeOffset, rangeLength, text },
    ];
    assert.deepEqual(shiftRange(range, change(0, 2, 'abcde')), { start: 13, end: 23 });
    assert.deepEqual(shiftRange(range, change(10, 0, 'ab')), { start: 12, end: 22 });
    assert.deepEqual(shiftRange(range, change(20, 0, 'ab')), range);
    assert.deepEqual(shiftRange(range, change(25, 3, '')), range);
    assert.equal(shiftRange(range, change(15, 0, 'a')), undefined);
    assert.equal(shiftRange(range, change(5, 6, '')), undefined);
    assert.equal(shiftRange(range, change(0, 40, 'a')), undefined);
    const two = [...change(30, 1, ''), ...change(2, 0, 'ab')];
    assert.deepEqual(shiftRange(range, two), { start: 12, end: 22 });
  });

  test('no mark of Markdown survives in shown text', () => {
    const hostile = [
      '[a](command:workbench.action.quit) ![b](https://example.org/b.png) <img src=x>',
      'https://example.org www.example.org a@example.org $(warning) `code` **bold**',
      '# heading',
      '    code block',
      '1. item',
      '',
      '<!-- comment -->',
    ].join('\n');
    const escaped = escapeMarkdown(hostile);
    const references = escaped.replace(/&(?:#\d+|nbsp);/g, '');
    assert.doesNotMatch(references, /[!-/:-@[-`{-~]/);
    assert.doesNotMatch(escaped, /\n\n|\n[ \t]/);
  });
});
