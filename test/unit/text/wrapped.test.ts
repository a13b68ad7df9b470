import assert from 'node:assert/strict';
import { planText } from '../../../src/text/plan';
import { jointsOf, unwrappedLike, wrappedLike, wrappedSentenceAt } from '../../../src/text/wrapped';

/** What the model is asked to translate. */
const asked = (text: string): string[] =>
  planText(text, { protectPatterns: [], target: 'auto' })
    .sentences.filter(({ keep }) => keep === undefined)
    .map(({ text: sentence }) => sentence.replaceAll(/ +/gu, ' '));

describe('wrapped lines', () => {
  it('are one sentence where the line was full and goes on', () => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      [
        'The server keeps all of the sessions\nin memory until it is stopped.',
        ['The server keeps all of the sessions in memory until it is stopped.'],
      ],
      [
        '  // The cache keeps its results until it is full. The oldest of them\r\n  // are dropped then.\r\n',
        ['The cache keeps its results until it is full.', 'The oldest of them are dropped then.'],
      ],
      [
        '/**\n * Returns the first entry whose key is equal to the given one, or\n * undefined.\n */',
        ['Returns the first entry whose key is equal to the given one, or undefined.'],
      ],
      [
        '- An item of a list that is wrapped over two lines, as lists often\n  are.\n- Another item',
        ['An item of a list that is wrapped over two lines, as lists often are.', 'Another item'],
      ],
      [
        '> It is opened by the extension that was made for files of\n> Visual Studio.',
        ['It is opened by the extension that was made for files of Visual Studio.'],
      ],
      [
        '서버는 다시 시작될 때까지 모든 세션을 메모리에\n보관합니다.',
        ['서버는 다시 시작될 때까지 모든 세션을 메모리에 보관합니다.'],
      ],
    ];
    for (const [text, sentences] of cases) assert.deepEqual(asked(text), sentences, text);
  });

  it('are sentences of their own where the line was ended', () => {
    const cases: readonly string[] = [
      'Save all files that were changed since the last build\nClose the window',
      'copy the file\nto the folder',
      'The file that was opened is shown in the editor at once.\nit can be closed',
      'The following settings are read by the server when it starts:\nthe port',
      '* the first of the items in this list which has no full stop\n* the second of the items in it',
      'The file that was opened is shown in the editor of the  \nleft window',
      '# The heading of a section that is quite long for a heading of\na section',
      "'Gives the options to the lexer and formatter as a list of '\n'key and value.'",
      'override the types of all of the files in this folder of the\noverride of it',
      '모든 파일을 저장하고 나서 창을 닫은 다음 다시 시작합니다\n취소합니다',
      '@param key the key that is looked for in all of the files of the\n@returns the entry',
    ];
    for (const text of cases) assert.equal(asked(text).length, 2, text);
  });

  it('are one sentence where the text begins behind the mark of its first line', () => {
    for (const mark of ['//', ' *', '#', '--']) {
      const text = `It is given back where the key is equal to the given one, or\n${mark} undefined.`;
      assert.equal(asked(text).length, 1, mark);
    }
  });

  it('are found from any place in the sentence', () => {
    const sentence = 'It keeps all of the sessions in memory until it is\n// stopped.';
    const text = `f();\n// Starts the server. ${sentence} Gives its port.\ng();`;
    const start = text.indexOf(sentence);
    const found = { start, end: start + sentence.length };
    for (const offset of [start, start + 20, found.end - 1]) {
      assert.deepEqual(wrappedSentenceAt(text, offset), found);
    }
    assert.equal(wrappedSentenceAt(text, 1), undefined);
    assert.equal(wrappedSentenceAt(text, text.length - 1), undefined);
  });

  it('stay as they are where code goes over the line end', () => {
    const text = 'The server is started by the command `npm run\nserver` in the folder of it.';
    assert.equal(asked(text).length, 2);
  });

  it('come back, with the marks of their lines, at blanks near their places', () => {
    const text = '  // The server keeps all of the sessions in memory\n  // until it is stopped.';
    const plan = planText(text, { protectPatterns: [], target: 'ko' });
    const { text: result, segments } = plan.assemble(['가 나 다 라 마 바 사 아 자 차.']);
    assert.equal(result, '  // 가 나 다 라 마 바 사\n  // 아 자 차.');
    assert.deepEqual(segments, [
      { sourceStart: 5, sourceEnd: text.length, targetStart: 5, targetEnd: result.length },
    ]);
    assert.equal(plan.assemble(['가 나.'], true).text, '  // 가 나.');
  });

  it('come at the end where a translation has too few blanks', () => {
    const sentence = 'one\n # two\n # three';
    assert.equal(jointsOf(sentence).length, 2);
    assert.equal(wrappedLike(sentence, '하나 둘'), '하나 둘\n #\n #');
    assert.equal(wrappedLike('on one line', '하나'), '하나');
  });

  it('can be taken out of a translation, and offsets go there and back', () => {
    const sentence = 'one two\n// three four\n// five';
    const shown = wrappedLike(sentence, '하나 둘 셋 넷 다섯');
    const { text, toLines, toOneLine } = unwrappedLike(sentence, shown);
    assert.equal(text, '하나 둘 셋 넷 다섯');
    for (const word of text.split(' ')) {
      assert.equal(toOneLine(shown.indexOf(word)), text.indexOf(word));
      assert.equal(toLines(text.indexOf(word)), shown.indexOf(word));
    }
  });
});
