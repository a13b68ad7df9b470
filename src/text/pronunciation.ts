import { isSyllable } from './characters';
import {
  CAPITAL_WORDS,
  LETTER_WORDS,
  SPOKEN_SUFFIXES,
  SPOKEN_WORDS,
  type Ending,
} from './spokenWords';

const FIRST_SYLLABLE = 0xac00;
const FINALS = 28;
const FINAL_RIEUL = 8;

/** Final consonant of a Hangul syllable: (code - U+AC00) mod 28, 0 for none (Unicode, section 3.12). */
function hangulEnding(syllable: string): Ending {
  const final = (syllable.charCodeAt(0) - FIRST_SYLLABLE) % FINALS;
  return final === 0 ? 'vowel' : final === FINAL_RIEUL ? 'rieul' : 'consonant';
}

/** The ending of a text: of what is heard last, brackets, quotation marks and empty calls left out. */
export function endingOf(text: string): Ending {
  const heard = text.slice(-200).replace(/(?:\(\s*\)|\[\s*\]|["'`’”»)\]}>」』*_~.,:;!?…])+$/gu, '');
  const last = heard.at(-1);
  if (last === undefined) return 'unknown';
  if (isSyllable(last)) return hangulEnding(last);
  if (/[0-9０-９]/u.test(last)) return numberEnding(heard);
  if (/[A-Za-zÀ-ɏ]/u.test(last)) return latinEnding(heard);
  return SIGNS[last] ?? (heard.endsWith('++') ? 'vowel' : 'unknown');
}

/** 퍼센트, 앤드, 플러스, 샵 (as in C#), 슬래시, 도, 달러, 원. */
const SIGNS: Readonly<Record<string, Ending>> = {
  '%': 'vowel',
  '&': 'vowel',
  '+': 'vowel',
  '#': 'consonant',
  '/': 'vowel',
  '°': 'vowel',
  $: 'vowel',
  '₩': 'consonant',
  '℃': 'vowel',
};

/** 영 일 이 삼 사 오 육 칠 팔 구 */
const DIGITS: readonly Ending[] = [
  'consonant',
  'rieul',
  'vowel',
  'consonant',
  'vowel',
  'vowel',
  'consonant',
  'rieul',
  'rieul',
  'vowel',
];

/**
 * Digits are read in Sino-Korean; a number that ends in zeros by its power of ten: 십, 백, 천, 만, 억 close with a consonant,
 * 조 with a vowel. Behind a decimal point, and in a number with a leading zero, every digit is read by itself.
 */
function numberEnding(text: string): Ending {
  // `V3`, `IPv6`: 삼, 육 and 쓰리, 식스 are both heard, and close differently.
  if (/[A-Za-z]-?[36]$/u.test(text)) return 'unknown';
  const match = /(?:^|[^\d.])((?:\d{1,3}(?:,\d{3})+|\d+))$/u.exec(text);
  const digits = (match?.[1] ?? text.slice(-1)).replaceAll(',', '');
  const last = DIGITS[Number(digits.at(-1))] ?? 'unknown';
  if (!digits.endsWith('0') || digits.startsWith('0') || !match) return last;
  const zeros = /0+$/u.exec(digits)![0].length;
  return zeros >= 12 && zeros < 16 ? 'vowel' : 'consonant';
}

/** 엘, 엠, 엔, 알 close; all other names of letters are open. */
function letterEnding(letter: string): Ending {
  const lower = letter.toLowerCase();
  if (lower === 'l' || lower === 'r') return 'rieul';
  return lower === 'm' || lower === 'n' ? 'consonant' : 'vowel';
}

const VOWEL = /[aeiouyàáâäèéêëìíîïòóôöùúûü]/iu;

function latinEnding(text: string): Ending {
  const run = /[A-Za-zÀ-ɏ]+$/u.exec(text)![0];
  const whole = SPOKEN_WORDS.get(run.toLowerCase());
  if (whole) return whole;
  // The last hump: `getURL` ends as URL, `HttpClient` as Client.
  const hump = /(?:[A-Z]?[a-zÀ-ɏ]+|[A-Z]+)$/u.exec(run)![0];
  const part = SPOKEN_WORDS.get(hump.toLowerCase());
  if (part) return part;
  if (hump.length === 1) return letterEnding(hump);
  const capitals = hump === hump.toUpperCase();
  if (capitals && !CAPITAL_WORDS.has(hump) && (hump.length <= 4 || !VOWEL.test(hump))) {
    // `MAX_SIZE` is made of words, `API` of letters.
    const inConstant = /[A-Z]_[A-Z]+$/u.test(text) || /^[A-Z]+_/u.test(text);
    if (!inConstant || !VOWEL.test(hump) || LETTER_WORDS.has(hump))
      return letterEnding(hump.at(-1)!);
  }
  const word = hump.toLowerCase();
  for (const [suffix, ending] of SPOKEN_SUFFIXES) if (suffix.test(word)) return ending;
  return VOWEL.test(word) ? wordEnding(word) : letterEnding(word.at(-1)!);
}

/**
 * English words by their spelling, as the rules of loanwords write them (외래어 표기법): l, m, n, ng close; r is silent;
 * s, z, f, v, d, g, j, th, sh, ch, x get a vowel behind them; p, t, k, b close only behind a short vowel.
 */
function wordEnding(word: string): Ending {
  if (/l(?:e|le)?$/u.test(word)) return 'rieul';
  if (/(?:mb|m|n|me|ne|ng|ngue)$/u.test(word)) return 'consonant';
  if (/[aeiouwyrhszfvdjxq]$/u.test(word)) return 'vowel';
  if (/g$/u.test(word)) return 'vowel';
  if (/[^aeiou]c$|nc$/u.test(word)) return 'vowel';
  if (/c$/u.test(word)) return 'consonant';
  return stopEnding(word);
}

/** Words in p, t, k, b: 맵, 셋, 블록, 웹; but 루프, 헬프, 포트, 네트워크. */
function stopEnding(word: string): Ending {
  if (/(?:ck|ook)$/u.test(word)) return 'consonant';
  if (/(?:ee|ea|ai|oa|ou|oi|ei|ie|au|aw|ew|ow|igh|oo|ui|ue)[ptkb]$/u.test(word)) {
    // 그룹, 아웃, 슬립, 힙 are short in Korean, too.
    return /(?:out|oup|eep|eap)$/u.test(word) ? 'consonant' : 'vowel';
  }
  return /[aeiouy](?:pp?|tt?|k|bb?)$/u.test(word) ? 'consonant' : 'vowel';
}
