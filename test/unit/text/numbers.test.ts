import assert from 'node:assert/strict';
import { checkNumbers } from '../../../src/text/numbers';

/** Correct translations: nothing is to be refused. */
const SAME: readonly (readonly [string, string])[] = [
  ['No numbers here.', '숫자가 없습니다.'],
  ['It has 3 files.', '파일이 3개 있습니다.'],
  ['It costs 1,000 won.', '1000원입니다.'],
  ['It costs 1,234.5 won.', '1,234.5원입니다.'],
  ['In 2020 there were 15 of 20.', '2020년에는 20개 중 15개가 있었습니다.'],
  ['It has two files.', '파일이 2개 있습니다.'],
  ['It has 2 files.', '두 개의 파일이 있습니다.'],
  ['The first of 3 steps.', '3단계 중 첫 번째입니다.'],
  ['On March 4, 2020.', '2020년 3월 4일에.'],
  ['2020년 12월 25일', 'December 25, 2020'],
  ['Jan. 5', '1월 5일'],
  ['5만 명이 왔다.', '50,000 people came.'],
  ['3만 5천 명이 왔다.', '35,000 people came.'],
  ['1억 2,000만 원', '120 million won'],
  ['3.5 million users', '350만 사용자'],
  ['3.5 million users', '사용자 3.5백만 명'],
  ['2 thousand lines', '2000줄'],
  ['10K lines', '1만 줄'],
  ['1개의 파일이 있습니다.', 'There is a file.'],
  ['A file', '파일 1개'],
  ['It is 50% faster.', '50% 더 빠릅니다.'],
  ['Version 1.0 and 2.15', '1.0 및 2.15 버전'],
  ['오후 3:00에', 'at 3 p.m.'],
  ['at 15:30', '15시 30분에'],
  ['The 3rd item', '3번째 항목'],
  ['The 2nd item', '두 번째 항목'],
  ['Twice as fast', '2배 빠릅니다'],
  ['UTF-8 and Win32', 'UTF-8 및 Win32'],
  ['K8s and i18n', '쿠버네티스와 국제화'],
  ['Use <c0> and <c1>.', '<c1>과 <c0>을 사용합니다.'],
  ['In the 1990s', '1990년대에'],
  ['５개', '5 items'],
  ['007', '007'],
  ['01월 05일', 'January 5'],
  ['2020-01-05', '2020년 1월 5일'],
  ['10 years', '10년'],
  ['a decade', '10년'],
  ['12 and 12', '12와 12'],
  ['between 0 and 100', '0에서 100 사이'],
  ['There are no errors', '오류가 0개입니다'],
  ['일주일은 7일이다', 'A week has seven days'],
  ['half', '50'],
  ['셋째, 4번', 'third, number 4'],
  ['1.2.3.4', '1.2.3.4'],
];

/** What a wrong translation lost and made up. */
const DIFFERENT: readonly (readonly [string, string, string[], string[]])[] = [
  ['It has 3 files.', '파일이 5개 있습니다.', ['3'], ['5']],
  ['It has 17 files.', '파일이 있습니다.', ['17'], []],
  ['It has files.', '파일이 42개 있습니다.', [], ['42']],
  ['12 and 12', '12입니다', ['12'], []],
  ['5만 명이 왔다.', '5,000 people came.', ['5만'], ['5,000']],
  ['Version 1.10', '1.1.0 버전', ['1.10'], ['1.1.0']],
  ['In 2020', '2021년에', ['2020'], ['2021']],
  ['2020년 3월 3일에 5만 명이', '5 is true for 2020, 3', ['3'], []],
  ['between 16 and 64', '64와 64 사이', ['16'], ['64']],
  ['the maximum is 1,000', '최대 1,0000입니다', ['1,000'], ['0000']],
  ['1.5 GB', '15 GB', ['1.5'], ['15']],
  ['파일 3개를 읽습니다.', 'reads files.', ['3'], []],
];

describe('numbers', () => {
  for (const [source, target] of SAME) {
    it(`agree in ${JSON.stringify([source, target])}`, () => {
      assert.deepEqual(checkNumbers(source, target), { ok: true, missing: [], extra: [] });
    });
  }
  for (const [source, target, missing, extra] of DIFFERENT) {
    it(`differ in ${JSON.stringify([source, target])}`, () => {
      assert.deepEqual(checkNumbers(source, target), { ok: false, missing, extra });
    });
  }
});
