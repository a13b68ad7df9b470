import assert from 'node:assert/strict';
import { chooseDirection, detectLanguage } from '../../../src/text/direction';

const KOREAN = [
  '안녕하세요',
  '값을 반환합니다.',
  'React Server Component를 사용하면 bundle size를 줄일 수 있다.',
  'Kubernetes Service를 배포한다.',
  'GitHub Actions workflow file name을 변경합니다.',
  'API를 호출',
  'HTTP request header의 Content-Type을 확인',
  '`the value of the thing`을 반환합니다.',
  'https://example.com/the/value/of/the/thing 참조',
  '이 함수는 "the value is not in the list"를 반환합니다.',
  'ㅋㅋㅋ',
  '미국은 A.I.',
  '한글'.normalize('NFD'),
  'npm install을 실행하세요',
];
const ENGLISH = [
  'Hello',
  'Returns the value.',
  'The word "안녕하세요" means hello.',
  'Type 예 or 아니요 in the box.',
  'Call `값을_반환하는_함수()` first.',
  'OK',
  'Press (확인) to continue.',
  'See https://example.com/한국어/문서 there.',
  'Café and naïve',
  'The Korean text 한국어 is in the file.',
];
const OTHER = ['这是一句话。', 'これは日本語です。', 'Привет, мир', 'שלום עולם'];
const NONE = [
  '',
  '123',
  '---',
  '`foo`',
  'https://example.com',
  '→ ← ↑',
  '{name}',
  'foo_bar()',
  '🙂',
];

describe('the language of a text', () => {
  for (const text of KOREAN) {
    it(`is Korean: ${text}`, () => assert.equal(detectLanguage(text), 'ko'));
  }
  for (const text of ENGLISH) {
    it(`is English: ${text}`, () => assert.equal(detectLanguage(text), 'en'));
  }
  for (const text of OTHER) {
    it(`is another one: ${text}`, () => assert.equal(detectLanguage(text), 'other'));
  }
  for (const text of NONE) {
    it(`is none: ${JSON.stringify(text)}`, () => assert.equal(detectLanguage(text), 'none'));
  }
});

describe('the direction', () => {
  it('is from Korean to English, from anything else to Korean', () => {
    for (const text of KOREAN) {
      assert.deepEqual(chooseDirection(text, 'auto'), { source: 'ko', target: 'en' });
    }
    for (const text of [...ENGLISH, ...OTHER, ...NONE]) {
      assert.deepEqual(chooseDirection(text, 'auto'), { source: 'en', target: 'ko' });
    }
  });
  it('is what a setting says', () => {
    assert.deepEqual(chooseDirection('안녕하세요', 'ko'), { source: 'en', target: 'ko' });
    assert.deepEqual(chooseDirection('Hello', 'en'), { source: 'ko', target: 'en' });
  });
  it('goes by the majority of a longer text', () => {
    const korean = '첫 줄입니다.\n둘째 줄입니다.\nThis is it.';
    assert.equal(chooseDirection(korean, 'auto').target, 'en');
    const english = 'This is the first line.\nThis is the second.\n셋째 줄.';
    assert.equal(chooseDirection(english, 'auto').target, 'ko');
  });
});
