import assert from 'node:assert/strict';
import { join } from 'node:path';
import { findBlocks } from '../../../src/text/comments/findBlocks';
import { plainTokenizer } from '../../../src/text/comments/plainTokenizer';
import type { CommentBlock } from '../../../src/text/comments/types';
import { readFixtures, scopedLines, summarize } from './commentGolden';

const FIXTURES = join(__dirname, '..', '..', 'fixtures', 'comments');

function blocksOf(source: string, languageId = 'typescript'): CommentBlock[] {
  return findBlocks(scopedLines(source, plainTokenizer(languageId)), languageId);
}

function only(source: string, languageId?: string): CommentBlock {
  const blocks = blocksOf(source, languageId);
  assert.equal(blocks.length, 1, JSON.stringify(blocks.map(({ text }) => text)));
  return blocks[0]!;
}

const lines = (...text: readonly string[]): string => text.join('\n');

describe('comments', () => {
  const fixtures = readFixtures(FIXTURES);

  it('has sources in every language that is promised', () => {
    const promised =
      'typescript typescriptreact javascript python java c cpp csharp go rust php ruby swift kotlin shellscript sql yaml html css dart lua r markdown';
    assert.deepEqual(
      fixtures.map(({ languageId }) => languageId).sort(),
      promised.split(' ').sort(),
    );
  });

  for (const { languageId, source, golden } of fixtures) {
    it(`finds the blocks of ${languageId} by its looks`, () => {
      const found = summarize(source, blocksOf(source, languageId));
      assert.deepEqual(found, golden.plain ?? golden.blocks);
    });

    for (const eol of ['\n', '\r\n']) {
      it(`gives the blocks of ${languageId} back as they are, with ${JSON.stringify(eol)}`, () => {
        const text = source.replaceAll('\n', eol);
        for (const block of blocksOf(text, languageId)) {
          assert.equal(text.slice(block.start, block.end), block.source);
          assert.equal(block.render(block.text), block.source);
          assert.equal(block.renderBelow(block.text), block.source);
        }
      });
    }

    it(`maps every place in the text of ${languageId} to the document and back`, () => {
      for (const block of blocksOf(source, languageId)) {
        for (const { start, end } of block.pieces) {
          for (let offset = start; offset < end; offset++) {
            const place = block.toDocument(offset);
            assert.equal(source[place], block.text[offset], block.text);
            assert.equal(block.toText(place), offset);
          }
        }
      }
    });

    it(`keeps a translation of ${languageId} a comment, and finds it again`, () => {
      for (const block of blocksOf(source, languageId).reverse()) {
        if (block.kind === 'string') continue;
        const translation = block.text.replace(/[^\n]+/gu, '번역한 문장입니다.');
        const text =
          source.slice(0, block.start) + block.render(translation) + source.slice(block.end);
        const again = blocksOf(text, languageId).find(({ start }) => start === block.start);
        assert.equal(again?.text.replace(/\n+/gu, ' '), translation.replace(/\n+/gu, ' '));
      }
    });
  }

  it('wraps a translation at the width of the original, Hangul taking two columns', () => {
    const source = lines(
      '  // The first line of this comment goes up to the sixtieth col',
      '  // umn, and the second one is shorter.',
    );
    const korean =
      '이 주석의 첫째 줄은 예순째 칸까지 가고, 둘째 줄은 그보다 짧습니다. 그리고 더 있습니다.';
    assert.deepEqual(only(source).render(korean).split('\n'), [
      '// 이 주석의 첫째 줄은 예순째 칸까지 가고, 둘째 줄은 그보다',
      '  // 짧습니다. 그리고 더 있습니다.',
    ]);
  });

  it('puts marks before the lines it adds', () => {
    const long = 'word '.repeat(30).trim();
    const block = only(lines('/**', ' * 짧은 글', ' *', ' * @param name 이름', ' */', 'f();'));
    assert.equal(block.text, '짧은 글\n\n이름');
    assert.deepEqual(block.render(`Short.\n\n${long}`).split('\n'), [
      '/**',
      ' * Short.',
      ' *',
      ` * @param name ${'word '.repeat(13).trim()}`,
      ` *   ${'word '.repeat(15).trim()}`,
      ' *   word word',
      ' */',
    ]);
  });

  it('opens a comment of one line when its translation needs more', () => {
    const block = only('    /** 짧은 글 */\n    f();');
    const text = block.render(
      'A text that is so much longer than it was before that it does not fit.',
    );
    assert.deepEqual(
      text.split('\n'),
      ['/** A text that is so much longer than it was before that it does not fit.'].map(
        (line) => `${line} */`,
      ),
    );
    const longer = block.render(`${'word '.repeat(20)}end`);
    assert.deepEqual(longer.split('\n'), [
      `/** ${'word '.repeat(14).trim()}`,
      `     * ${'word '.repeat(6)}end */`,
    ]);
  });

  it('leaves a comment behind code on its line', () => {
    const block = only('let count = 0; // 읽지 않은 글의 수');
    const long = 'word '.repeat(40).trim();
    assert.equal(block.render(long), `// ${long}`);
  });

  it('begins no line with what would be a list, a tag or the end of the comment', () => {
    const block = only(lines('/**', ` * ${'한글 '.repeat(15).trim()}`, ' */'));
    for (const word of ['-', '1.', '@param', '#', '*', '/', '```']) {
      const text = `${'word '.repeat(14)}end ${word} more words here`;
      for (const line of block.render(text).split('\n').slice(1, -1)) {
        assert.doesNotMatch(line, /^ \* (?:-|1\.|@param|#|\*|\/|```)(?:\s|$)/u, word);
      }
    }
  });

  it('lets no translation end the comment or string it stands in', () => {
    assert.equal(only('/* 글 하나 */').render('a */ b'), '/* a * / b */');
    assert.equal(only('<!-- 글 하나 -->', 'html').render('a --> b'), '<!-- a -- > b -->');
    assert.equal(only('f("글 하나");').render('a "b"'), '"a \\"b\\""');
    assert.equal(only('"""글 하나"""', 'python').render('a """b'), '"""a \\"\\"\\"b"""');
    assert.equal(only('// 글 하나').render('a\nb'), '// a b');
  });

  it('joins Korean that was wrapped in the middle of a word', () => {
    const cut = [
      '이 함수는 파일을 읽어서 그 안에 있는 줄을 모두 돌려주는데 빈',
      '줄은 건너뛰고 나머지 줄은 앞뒤의 빈칸을 지운 다음에 돌려줍',
      '니다. 파일이 없을 때에는 오류가 발생합니다.',
    ];
    assert.equal(
      only(cut.map((line) => `// ${line}`).join('\n')).text,
      '이 함수는 파일을 읽어서 그 안에 있는 줄을 모두 돌려주는데 빈 줄은 건너뛰고 나머지 줄은 앞뒤의 빈칸을 지운 다음에 돌려줍니다. 파일이 없을 때에는 오류가 발생합니다.',
    );
    const noun = only(
      [
        '설정 파일을 읽고 그 안의 값을 검사한 다음, 값이 올바르지 않',
        '을 때에는 경고를 기록하고 기본값을 사용하여 프로그램을 시작',
        '합니다.',
      ]
        .map((line) => `// ${line}`)
        .join('\n'),
    );
    assert.match(noun.text, /올바르지 않을 때에는 .* 시작합니다\.$/u);
    const particle = only(lines('// 이 함수는 아주 긴 이름을 가진 설정 파일', '// 을 읽습니다.'));
    assert.equal(particle.text, '이 함수는 아주 긴 이름을 가진 설정 파일을 읽습니다.');
    const words = only(lines('// 이 함수는 파일을', '// 읽어서 줄을', '// 돌려줍니다.'));
    assert.equal(words.text, '이 함수는 파일을 읽어서 줄을 돌려줍니다.');
  });

  it('does not join lines that were ended on purpose', () => {
    assert.equal(
      only('// Open the file.\n// Read the lines.').text,
      'Open the file.\nRead the lines.',
    );
    assert.equal(only('// Open the file\n// Read the lines').text, 'Open the file\nRead the lines');
    assert.equal(only('// 파일 열기\n// 내용 읽기').text, '파일 열기\n내용 읽기');
    assert.equal(only('// a well-\n// known name').text, 'a well-known name');
  });

  it('ends a block where the mark, the column or the kind changes', () => {
    const texts = (source: string): string[] => blocksOf(source).map(({ text }) => text);
    assert.deepEqual(texts('// One thing.\n\n// Another thing.'), ['One thing.', 'Another thing.']);
    assert.deepEqual(texts('/// One thing.\n// Another thing.'), ['One thing.', 'Another thing.']);
    assert.deepEqual(texts('// One thing.\n  // Another thing.'), ['One thing.', 'Another thing.']);
    assert.deepEqual(texts('// One thing.\nf();\n// Another.'), ['One thing.', 'Another.']);
    assert.deepEqual(texts('f(); // One thing\n     // that goes on.'), [
      'One thing that goes on.',
    ]);
  });

  it('puts translations below each paragraph of the original', () => {
    const block = only(lines('/**', ' * Reads it.', ' *', ' * @param a The name.', ' */'));
    assert.deepEqual(block.renderBelow('읽습니다.\n\n이름입니다.').split('\n'), [
      '/**',
      ' * Reads it.',
      ' * 읽습니다.',
      ' *',
      ' * @param a The name.',
      ' *   이름입니다.',
      ' */',
    ]);
    assert.equal(only('  // Reads it.').renderBelow('읽습니다.'), '// Reads it.\n  // 읽습니다.');
    assert.equal(
      only('f(); // Reads it.').renderBelow('읽습니다.'),
      '// Reads it.\n     // 읽습니다.',
    );
    assert.equal(only('f(/* the name */ a);').renderBelow('이름'), '/* the name — 이름 */');
    assert.equal(only('/* Reads it. */').renderBelow('읽습니다.'), '/* Reads it.\n * 읽습니다. */');
  });

  it('shows a translation with its tags and code, without marks', () => {
    const block = only(
      lines(
        '/**',
        ' * Reads',
        ' * it.',
        ' *',
        ' * ```js',
        ' * read();',
        ' * ```',
        ' * - one thing',
        ' */',
      ),
    );
    assert.equal(block.display('읽습니다.\n\n하나'), '읽습니다.\n\n```js\nread();\n```\n- 하나');
  });

  it('cuts a translation into the lines of its paragraphs', () => {
    const source = lines(
      '// The first line of a comment',
      '// and the second.',
      '//',
      '// - One item.',
    );
    const [first, second, item] = only(source).annotate(
      '주석의 첫째 줄과 둘째 줄입니다.\n\n항목 하나',
    );
    assert.deepEqual([first?.text, second?.text], ['주석의 첫째 줄과', '둘째 줄입니다.']);
    assert.deepEqual(item, { document: source.indexOf('- One'), text: '항목 하나' });
    const long = only('// One.\n// two').annotate(
      '아주 긴 번역문이 여기에 있어서 두 줄이 필요합니다.',
    );
    assert.ok(long.length <= 2);
  });

  it('keeps paragraphs whose line is missing in the translation', () => {
    const block = only(lines('// - One item.', '// - Two items.'));
    assert.equal(block.render('하나'), '// - 하나\n// - Two items.');
    assert.equal(block.render('하나\n둘\n셋'), '// - 하나\n// - 둘 셋');
  });
});
