import assert from 'node:assert/strict';
import {
  likelyCase,
  NAME_CASES,
  nameWords,
  phraseForName,
  writeName,
} from '../../../src/text/identifiers';

describe('identifiers', () => {
  const named = (phrase: string): string => writeName(nameWords(phrase), 'snake');

  it('keeps the words that tell, in the order of names', () => {
    assert.equal(named('Get the user name'), 'get_user_name');
    assert.equal(named('Check the size of the file'), 'check_file_size');
    assert.equal(named('Maximum number of retries'), 'maximum_retries_count');
    assert.equal(named('This is a function that returns the last item.'), 'returns_last_item');
    assert.equal(named("Copies the user's café order"), 'copies_user_cafe_order');
  });

  it('takes identifiers and acronyms apart', () => {
    assert.deepEqual(nameWords('the XMLHttpRequest of userID'), [
      'user',
      'id',
      'xml',
      'http',
      'request',
    ]);
  });

  it('has nothing to say of marks, of digits alone and of letters no language of code takes', () => {
    for (const phrase of ['', '...', '42', '사용자']) assert.deepEqual(nameWords(phrase), []);
    assert.deepEqual(nameWords('3 retries'), ['retries']);
  });

  it('is never longer than six words', () => {
    assert.equal(nameWords('open read write close delete rename move').length, 6);
  });

  it('writes all conventions', () => {
    assert.deepEqual(
      NAME_CASES.map((style) => writeName(['get', 'user', 'name'], style)),
      ['getUserName', 'get_user_name', 'GetUserName', 'get-user-name', 'GET_USER_NAME'],
    );
  });

  it('guesses the convention by the place and the language', () => {
    assert.equal(likelyCase('typescript', 'const '), 'camel');
    assert.equal(likelyCase('typescript', 'export class '), 'pascal');
    assert.equal(likelyCase('python', '    '), 'snake');
    assert.equal(likelyCase('css', '.'), 'kebab');
    assert.equal(likelyCase('c', '#define '), 'constant');
    assert.equal(likelyCase('java', 'private static final int '), 'constant');
    assert.equal(likelyCase('csharp', 'public void '), 'pascal');
  });

  it('takes from a Korean sentence what a name does not have', () => {
    assert.equal(phraseForName('사용자 이름을 확인합니다.'), '사용자 이름 확인하기');
    assert.equal(phraseForName('파일을 삭제하는 함수'), '파일 삭제하기');
    assert.equal(phraseForName('최대 재시도 횟수'), '최대 재시도 횟수');
  });
});
