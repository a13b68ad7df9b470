const SUBJECTS = [
  'The extension',
  'A reader of the documentation',
  'Every request that the editor sends to the engine',
  'It',
  'The function with the longest name in this file',
  '이 함수는',
  '편집기가 엔진에 보내는 모든 요청은',
  '사용자가',
  '설정 파일을 읽는 코드는',
  '그것은',
];
const PREDICATES = [
  'opens the file',
  'returns `null` when there is nothing left to do, and otherwise waits for the next event',
  'is called once.',
  '값을 돌려줍니다.',
  '오류가 나면 다시 시도하지 않고 사용자에게 알린 다음 조용히 끝납니다.',
];

/** 50 texts of 2 to some 60 pieces, in both languages and mixed. */
export const SENTENCES: readonly string[] = SUBJECTS.flatMap((subject) =>
  PREDICATES.map((predicate) => `${subject} ${predicate}`),
);
