import assert from 'node:assert/strict';
import { finish } from '../../../src/text/finish';

describe('the stop at the end of a translation', () => {
  for (const [source, output, expected] of [
    ['Opens a file', '파일을 엽니다.', '파일을 엽니다'],
    ['Runs <c0>', '<c0>을 실행합니다.', '<c0>을 실행합니다'],
    ['옵션 3', 'Option 3.', 'Option 3'],
    // Left alone: the same mark, other marks, what only looks like a stop.
    ['The types are:', '형식은 다음과 같습니다.', '형식은 다음과 같습니다.'],
    ['형식은 다음과 같습니다.', 'The types are as follows:', 'The types are as follows:'],
    ['Opens a file.', '파일을 엽니다.', '파일을 엽니다.'],
    ['Is it open?', '열려 있습니다.', '열려 있습니다.'],
    ['Wait...', '기다리세요...', '기다리세요...'],
    ['기다리는 중', 'Waiting...', 'Waiting...'],
    ['파일, 폴더 등', 'Files, folders, etc.', 'Files, folders, etc.'],
    ['미국', 'The U.S.', 'The U.S.'],
    ['It works (mostly)', '작동합니다.', '작동합니다.'],
    ['Types', '형식:', '형식:'],
  ] as const) {
    it(`is there where the source has one: ${source}`, () => {
      assert.equal(finish(output, source, /[가-힣]/u.test(output) ? 'ko' : 'en'), expected);
    });
  }

  it('is the model’s where the source is not known', () => {
    assert.equal(finish('파일을 엽니다.', undefined, 'ko'), '파일을 엽니다.');
  });
});

describe('blanks of a translation', () => {
  for (const [source, output, expected] of [
    ['주소(의 형태).', 'A place ( of an address ).', 'A place (of an address).'],
    ['값, 이름.', 'A value , a name .', 'A value, a name.'],
    ['값과 이름.', 'A value  and a name.', 'A value and a name.'],
    ['예: <c0>.', 'For example : <c0> .', 'For example: <c0>.'],
    // Excused by the source, or no such blank.
    ['( 값 )', '( value )', '( value )'],
    ['왜 ?', 'Why ?', 'Why ?'],
    ['.NET 앱.', 'An app for .NET and .mof.', 'An app for .NET and .mof.'],
    ['a  b.', 'a  b.', 'a  b.'],
  ] as const) {
    it(`stand where they may: ${output}`, () => {
      assert.equal(finish(output, source, 'en'), expected);
    });
  }
});

describe('particles of a translation', () => {
  for (const [output, expected] of [
    ['포털으로 이동합니다.', '포털로 이동합니다.'],
    ['서버으로부터 받습니다.', '서버로부터 받습니다.'],
    ['값를 읽습니다.', '값을 읽습니다.'],
    ['차이(그리고 열 사이)은 없습니다.', '차이(그리고 열 사이)는 없습니다.'],
    ['아키텍처(ISA)은 다릅니다.', '아키텍처(ISA)는 다릅니다.'],
    ['파일(<c0>)를 엽니다.', '파일(<c0>)을 엽니다.'],
    ['값(a)를 서버으로 보냅니다.', '값(a)을 서버로 보냅니다.'],
    // Right already, or no particles.
    ['앞으로 파일로 씁니다.', '앞으로 파일로 씁니다.'],
    ['가을 하늘과 받는 사람', '가을 하늘과 받는 사람'],
    ['코드를 파일(사본)에서 읽습니다.', '코드를 파일(사본)에서 읽습니다.'],
    ['함수(예: a)이름', '함수(예: a)이름'],
  ] as const) {
    it(`follow the word in front: ${output}`, () => {
      assert.equal(finish(output, undefined, 'ko'), expected);
      assert.equal(finish(expected, undefined, 'ko'), expected);
    });
  }

  it('are Korean', () => {
    assert.equal(finish('"값를" is wrong', undefined, 'en'), '"값를" is wrong');
  });
});
