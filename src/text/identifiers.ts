/** Names for code from words: which of them count, and how each convention writes them. */

export const NAME_CASES = ['camel', 'snake', 'pascal', 'kebab', 'constant'] as const;
export type NameCase = (typeof NAME_CASES)[number];

/** Words that say nothing in a name. Prepositions such as `from` and `by` do: copyFrom, groupBy. */
const EMPTY_WORDS = new Set(
  'a an the this that these those of is are was were be been being am do does did has have had which who whom whose it its their his her our your my please so very just'.split(
    ' ',
  ),
);

/** What a polite or full sentence begins with around what is to be named. */
const LEADS =
  /^(?:(?:this is|it is|here is|there (?:is|are)|how to|the (?:function|method|variable|class|name)(?: that| which| to| for)?|(?:a |the )?function (?:that|which|to|for)|you can|we|i|you|to)\s+)+/iu;

const MOST_WORDS = 6;

/** The words of a phrase that a name would have, in small letters; identifiers in it come apart. */
export function nameWords(phrase: string): string[] {
  const words = phrase
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[’']s\b/gu, '')
    .replace(LEADS, '')
    // English says it with `of`, names by the order of the nouns.
    .replace(/\bnumber of (?:the )?(\w+)/giu, '$1 count')
    .replace(/(\w+) of (?:the |an? )?(\w+)/giu, '$2 $1')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '' && /^[a-z0-9]+$/u.test(word));
  const telling = words.filter((word) => !EMPTY_WORDS.has(word));
  const kept = telling.length > 0 ? telling : words;
  // A name does not begin with a digit, and a seventh word is seldom part of it.
  const first = kept.findIndex((word) => !/^\d/u.test(word));
  return first < 0 ? [] : kept.slice(first, first + MOST_WORDS);
}

export function writeName(words: readonly string[], style: NameCase): string {
  const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
  switch (style) {
    case 'camel':
      return words.map((word, index) => (index === 0 ? word : capital(word))).join('');
    case 'pascal':
      return words.map(capital).join('');
    case 'snake':
      return words.join('_');
    case 'kebab':
      return words.join('-');
    case 'constant':
      return words.join('_').toUpperCase();
  }
}

const SNAKE_LANGUAGES = new Set(
  'python ruby rust c cpp cuda-cpp sql shellscript perl r lua elixir julia nix makefile yaml dockerfile php'.split(
    ' ',
  ),
);
const KEBAB_LANGUAGES = new Set('css scss less html markdown clojure lisp scheme'.split(' '));
const PASCAL_LANGUAGES = new Set('csharp vb powershell'.split(' '));

/**
 * The convention a name at this place most likely follows: that of what stands in the line (`class`, `const MAX_`), else that of
 * the language.
 */
export function likelyCase(languageId: string, line: string): NameCase {
  if (/\b(?:class|interface|struct|enum|trait|type|protocol|object|record)\s+\S*$/u.test(line)) {
    return 'pascal';
  }
  if (/#define\s+\S*$|\b[A-Z]{2,}_[A-Z_]*$/u.test(line)) return 'constant';
  if (/\b(?:final|constexpr)\b[^=(]*$/u.test(line) && /\bstatic\b/u.test(line)) return 'constant';
  if (SNAKE_LANGUAGES.has(languageId)) return 'snake';
  if (KEBAB_LANGUAGES.has(languageId)) return 'kebab';
  return PASCAL_LANGUAGES.has(languageId) ? 'pascal' : 'camel';
}

/**
 * A Korean phrase without what only a sentence needs, so that it is translated as a name would be: the polite ending and
 * the object's particle go (`사용자 이름을 가져옵니다` -> `사용자 이름 가져오기`).
 */
export function phraseForName(korean: string): string {
  return korean
    .trim()
    .replace(/[.!?。]+$/u, '')
    .replace(/(?:하는|하기 위한|해 주는|해주는)\s*(?:함수|메서드|메소드|변수|클래스|것)$/u, '하기')
    .replace(/(?:합니다|한다|하세요|해요|하십시오|할 것)$/u, '하기')
    .replace(/(?<=[가-힣]{2})(?:을|를)(?=\s)/gu, '')
    .replace(/\s+/gu, ' ');
}
