import { Random } from './random';

/** Protected spans of every kind, as they stand in the text of developers. */
export const SPANS: Readonly<Record<string, readonly string[]>> = {
  code: [
    '`foo`',
    '`map`',
    '`user.name`',
    '`npm run build`',
    '``a ` b``',
    '`List<string>`',
    '`값`',
    '`x = y + 1`',
    '`README.md`',
  ],
  url: [
    'https://example.com',
    'https://example.com/docs/a_(b)?q=1&r=2#top',
    'http://localhost:3000/',
    'www.example.org/a.b',
  ],
  path: [
    'src/text/plan.ts',
    './run.sh',
    '../lib/index.js',
    '/usr/local/bin',
    '~/.bashrc',
    'C:\\Users\\me\\file.txt',
    '.gitignore',
    'package.json',
  ],
  name: [
    'HttpClient',
    'getUserName',
    'MAX_SIZE',
    'snake_case_name',
    'os.path',
    'foo()',
    'foo.bar(x, y)',
    'std::vector',
    '__init__',
    'isEmpty()',
  ],
  placeholder: [
    '%s',
    '%1$d',
    '%(name)s',
    '{name}',
    '{0}',
    '{{ value }}',
    '${x}',
    "$t('a.b')",
    '$HOME',
    '%PATH%',
  ],
  flag: ['--verbose', '--out-dir=dist', '-v'],
  version: ['v1.2.3', '2.0.0-beta.1', '10.0.0.1', '3.x'],
  hash: ['a1b2c3d', '#123', '#ff00aa', '0xFF', '123e4567-e89b-12d3-a456-426614174000'],
  mail: ['dev@example.com'],
  literal: ['<c3>', '<2ko>', '<nl>', '<T>', '<your name>'],
};

/** `@kind` stands for a span of the kind. */
export const ENGLISH: readonly string[] = [
  'Returns @code if the file does not exist.',
  'The value of @name must be greater than 3.',
  'Call @name before you open @path.',
  'See @url for more information.',
  'Run @code with @flag to see all 25 messages.',
  'Could not open @path: permission denied.',
  'Upgrade to @version or later.',
  'Fixed in @hash by the same author.',
  'Hello @placeholder, you have 2 new messages.',
  'This option is deprecated, use @flag instead.',
  'Send a report to @mail.',
  'The tag @literal is written as it is.',
  'Press <b>Enter</b> to continue.',
  'Read [the guide](https://example.com/guide) first.',
  'The cache is cleared when the process ends.',
  'It is fast. It is small. It works offline.',
  'Use a linter, e.g. the default one.',
  'Each item has a name and a value.',
  'Do not change this file by hand!',
  'Is the server running?',
  'Copies all files from @path to @path.',
  'If @code is empty, @code is used.',
  'TODO: remove this after the next release.',
  'Sorts the list and removes all duplicates.',
  'The default is 10, the maximum is 1,000.',
];

export const KOREAN: readonly string[] = [
  '파일이 없으면 @code 값을 반환합니다.',
  '@name 함수를 호출하기 전에 @path 파일을 엽니다.',
  '자세한 내용은 @url 문서를 참조하세요.',
  '@flag 옵션으로 메시지 25개를 모두 볼 수 있습니다.',
  '@path 파일을 열 수 없습니다.',
  '@version 이상으로 업그레이드하세요.',
  '@hash 커밋에서 수정되었습니다.',
  '@placeholder 님, 새 메시지가 2개 있습니다.',
  '이 옵션은 더 이상 사용되지 않습니다. @flag 옵션을 사용하세요.',
  '@mail 주소로 보고서를 보내 주세요.',
  '@literal 태그는 그대로 씁니다.',
  '프로세스가 끝나면 캐시를 지웁니다.',
  '빠릅니다. 작습니다. 오프라인에서 동작합니다.',
  '각 항목에는 이름과 값이 있습니다.',
  '이 파일을 직접 수정하지 마세요!',
  '서버가 실행 중인가요?',
  '@code 값이 비어 있으면 @code 값을 사용합니다.',
  '목록을 정렬하고 중복을 제거함.',
  '기본값은 10이며 최댓값은 1,000입니다.',
  '[가이드](https://example.com/guide)를 먼저 읽으세요.',
  '설정을 바꾼 다음에는 편집기를 다시 시작해야 합니다.',
];

/** Structure around one line: `@` stands for the text. */
export const FRAMES: readonly string[] = [
  '@',
  '@',
  '@',
  '  @',
  '\t@',
  '// @',
  '    // @',
  '/// @',
  ' * @',
  '/** @ */',
  '/* @ */',
  '# @',
  '## @',
  '-- @',
  ';; @',
  '<!-- @ -->',
  '- @',
  '* @',
  '  - @',
  '1. @',
  '12) @',
  'a. @',
  '- [ ] @',
  '- [x] @',
  '> @',
  '> > @',
  '"""@"""',
  '| @ | @ |',
  '@  ',
  '- **@**',
  '   * @param name - @',
  '    :param name: @',
  '# - @',
  '// TODO(me): @',
];

/** Lines with nothing to translate. */
export const KEPT: readonly string[] = [
  '',
  '',
  '   ',
  '---',
  '====',
  '}',
  '});',
  '|---|---|',
  'const x = 1;',
  'import a from "b";',
  'return foo(bar);',
  '***',
  '12',
  '`code only`',
  'https://example.com',
  '#!/bin/sh',
  'if (x) {',
];

export function fill(template: string, random: Random): string {
  return template.replaceAll(/@([a-z]+)/gu, (whole, kind: string) => {
    const spans = SPANS[kind];
    return spans ? random.pick(spans) : whole;
  });
}

export function sentence(random: Random): string {
  return fill(random.pick(random.chance(0.6) ? ENGLISH : KOREAN), random);
}

/** One line of text as developers have it, in English or in Korean. */
export function mixedLine(random: Random): string {
  if (random.chance(0.1)) return random.pick(KEPT);
  return random.pick(FRAMES).replaceAll(/@(?![a-z])/gu, () => sentence(random));
}

export function mixedLines(count: number, seed: number): string[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => mixedLine(random));
}
