/**
 * How a word ends when it is read in Korean, which is what particles go by: in a vowel, in ㄹ (which counts as a vowel
 * before 로), in another final consonant. `unknown` where nobody can say.
 */
export type Ending = 'vowel' | 'rieul' | 'consonant' | 'unknown';

/**
 * Words whose Korean reading does not follow from their spelling, or is settled by custom (비트, 루프, 체크 but 셋, 맵,
 * 타입, 템플릿). One list per ending.
 */
const BY_ENDING: Readonly<Record<Exclude<Ending, 'unknown'>, string>> = {
  vowel:
    'ab ajax apache ascii await bat bios bit boot cache check cookie crud edit en exec exit explicit float ' +
    'glob godot gui hub hypertext implicit init inherit int ios kit knob lib limit loc loop macos me mut ne ob ' +
    'ok op pip prob qubit raid readme recipe repeat root sheet split sqlite stat sub sudo timeit unix visit wait wifi',
  rieul:
    'addr attr ctrl curl dir expr idle null ptr repr singular signalr str toml url util xml yaml yml',
  consonant:
    'chrome column datatype deep enum format group hadoop heap json keep map mime rom set setup sleep startup ' +
    'stdin template trait type subtype',
};

export const SPOKEN_WORDS: ReadonlyMap<string, Ending> = new Map(
  (Object.entries(BY_ENDING) as [Ending, string][]).flatMap(([ending, words]) =>
    words.split(' ').map((word) => [word, ending] as const),
  ),
);

/** The same for the ends of words written together: `nullptr`, `dtype`, `GitHub`, `matplotlib`. */
export const SPOKEN_SUFFIXES: readonly (readonly [RegExp, Ending])[] = [
  [/(?:attr|expr|repr|ptr|str|addr)$/u, 'rieul'],
  [/(?:type|template)$/u, 'consonant'],
  [/(?:lib|exit|hub|init|loop|root|boot|bit|wait|kit)$/u, 'vowel'],
];

/** Words in capitals that are spelled out even inside a constant: `BASE_URL`, `API_KEY_ID`. */
export const LETTER_WORDS: ReadonlySet<string> = new Set(
  'URL URI API ID UI OS IP DB SQL HTML XML CSS CPU GPU SDK CLI TCP UDP UTF SSL TLS SSH DNS AWS USB PDF CSV GUID UUID'.split(
    ' ',
  ),
);

/** Short words in capitals that are read as words, where the name of the last letter would close differently. */
export const CAPITAL_WORDS: ReadonlySet<string> = new Set(
  (
    'APP BACK BLOB BOOK BOT CHAR CLIP CUT DOC DONE DOT DROP FILE FOR GET GREP HOME HOOK HOUR JAR JOB KEEP LINE LOCK LONG LOOK MAC ' +
    'MAP MOCK NAME NET NONE NOT ONE OVER PING PUT ROLE RULE SET SKIP STEP STOP SWAP TAB TAR TIME TOP UP USER WEB YEAR ZIP'
  ).split(' '),
);
