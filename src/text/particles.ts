import { isHangul } from './characters';
import { endingOf } from './pronunciation';
import type { Span } from './span';
import type { Ending } from './spokenWords';

/** A particle in its two forms, and the way both are written where nobody can say. */
interface Particle {
  readonly closed: string;
  readonly open: string;
  readonly both: string;
  /** 로 follows ㄹ like a vowel. */
  readonly openAfterRieul?: boolean;
}

/**
 * Particles whose form goes by the word in front, longest first, so that 으로 is not read as 로. Where the form with 이
 * may also follow a vowel (이며, 이고, 이든, 이랑) only the other direction is corrected, see OPTIONAL.
 */
const PARTICLES: readonly Particle[] = [
  ...['부터', '써', '서', '의', '만', '도', '는', ''].map((tail) => ({
    closed: `으로${tail}`,
    open: `로${tail}`,
    both: `(으)로${tail}`,
    openAfterRieul: true,
  })),
  ...['라는', '라고', '라도', '라면', '라서', '라며', '란', '나', '라'].map((tail) => ({
    closed: `이${tail}`,
    open: tail,
    both: `(이)${tail}`,
  })),
  { closed: '이에요', open: '예요', both: '이에요' },
  { closed: '을', open: '를', both: '을(를)' },
  { closed: '은', open: '는', both: '은(는)' },
  { closed: '이', open: '가', both: '이(가)' },
  { closed: '과', open: '와', both: '과(와)' },
  { closed: '과의', open: '와의', both: '과(와)의' },
  { closed: '과는', open: '와는', both: '과(와)는' },
  { closed: '과도', open: '와도', both: '과(와)도' },
  { closed: '은커녕', open: '는커녕', both: '은(는)커녕' },
];

/** After a closing consonant 이 must stand; after a vowel it may. */
const OPTIONAL: readonly Particle[] = ['며', '고', '든', '든지', '지만', '랑', '면', '므로'].map(
  (tail) => ({ closed: `이${tail}`, open: tail, both: `(이)${tail}` }),
);

/** Ways of writing both forms, as translators and models do. */
const UNDECIDED = new Map<string, Particle>(
  PARTICLES.flatMap((particle) => {
    const { closed, open, both } = particle;
    const spellings = [
      both,
      `${closed}(${open})`,
      `${open}(${closed})`,
      `${closed}/${open}`,
      `${open}/${closed}`,
    ];
    return spellings.map((spelling) => [spelling, particle] as const);
  }),
);

/** What may stand behind a particle: not another syllable, which would make it the beginning of a word. */
function endsHere(text: string, at: number): boolean {
  const next = text.charAt(at);
  return !isHangul(next) && !/[A-Za-z0-9]/u.test(next);
}

/** Longest forms first, so that the first that fits is the whole particle. */
const FORMS: readonly { readonly form: string; readonly particle: Particle }[] = [
  ...[...UNDECIDED].map(([form, particle]) => ({ form, particle })),
  ...PARTICLES.flatMap((particle) => [
    { form: particle.closed, particle },
    { form: particle.open, particle },
  ]),
].sort((a, b) => b.form.length - a.form.length);

/** The form of a particle that follows a word, `(으)로` style where the word's end is unknown. */
function choose(particle: Particle, ending: Ending): string {
  if (ending === 'unknown') return particle.both;
  if (ending === 'rieul') return particle.openAfterRieul ? particle.open : particle.closed;
  return ending === 'vowel' ? particle.open : particle.closed;
}

/**
 * The right form of a particle after a word: `attachParticle('map', '를')` is `을`. `particle` is given in either form or
 * in both; what is no particle with two forms comes back as it is.
 */
export function attachParticle(word: string, particle: string): string {
  const known = FORMS.find(({ form }) => form === particle);
  if (known) return choose(known.particle, endingOf(word));
  return chooseOptional(particle, endingOf(word)) ?? particle;
}

function chooseOptional(form: string, ending: Ending): string | undefined {
  const particle = OPTIONAL.find(({ open }) => open === form);
  return particle && (ending === 'consonant' || ending === 'rieul') ? particle.closed : undefined;
}

/** A place in a text behind which a particle may have the wrong form. */
export interface Attachment {
  /** Offset directly behind the word and its closing marks. */
  readonly at: number;
  /** The word in front, as far as it matters for its sound. */
  readonly word: string;
  /** The word stands for something not known here (`{name}`, `%s`): both forms are written. */
  readonly unknown?: boolean;
}

/**
 * Corrects the particles directly behind restored spans, whatever closing marks stand between: `map`를 becomes `map`을,
 * "{name}"를 becomes "{name}"을(를). `ranges` are ordered, as restore gives them.
 */
export function fixParticles(text: string, ranges: readonly Span[]): string {
  return correctParticles(
    text,
    ranges.map((range) => attachmentOf(text, range)),
  );
}

const CLOSING = /["'”’»\])}>`*_」』]/u;
/** How far back a word, or the bracket that belongs to it, is looked for. */
const WINDOW = 200;

/** Where a particle would stand behind a span, and what it would go by. */
function attachmentOf(text: string, range: Span): Attachment {
  let at = range.end;
  let word = text.slice(Math.max(range.start, range.end - WINDOW), range.end);
  let unknown = range.kind === 'placeholder' && !/^\$[A-Za-z_]\w*$/u.test(word);
  // A closing tag is not heard, what stands between the tags is.
  if (range.kind === 'emphasis' || (range.kind === 'tag' && word.startsWith('</'))) {
    word = text.slice(Math.max(0, range.start - WINDOW), range.start);
    unknown = false;
  }
  for (; CLOSING.test(text.charAt(at)); at++) {
    if (text[at] !== ')' && text[at] !== ']') continue;
    const before = text.slice(Math.max(0, range.start - WINDOW), range.start);
    const open = before.lastIndexOf(text[at] === ')' ? '(' : '[');
    // What is in brackets behind a word is not heard: 파일(`a.txt`)을, [가이드](url)를.
    if (open <= 0 || /\s/u.test(before.charAt(open - 1))) continue;
    word = before.slice(0, open);
    unknown = false;
  }
  return { at, word, unknown };
}

/**
 * Corrects the particles that directly follow the attachments (ordered by offset); everything else stays. A particle is
 * only recognized where a blank, a mark or the end of the text follows it.
 */
export function correctParticles(text: string, attachments: readonly Attachment[]): string {
  let result = '';
  let end = 0;
  for (const { at, word, unknown } of attachments) {
    if (at < end) continue;
    const found = particleAt(text, at);
    if (found === undefined) continue;
    const ending = unknown ? 'unknown' : endingOf(word);
    const right = found.particle
      ? choose(found.particle, ending)
      : chooseOptional(found.form, ending);
    if (right === undefined || right === found.form) continue;
    result += text.slice(end, at) + right;
    end = at + found.form.length;
  }
  return result + text.slice(end);
}

function particleAt(text: string, at: number): { form: string; particle?: Particle } | undefined {
  if (!/[가-힣(]/u.test(text.charAt(at))) return undefined;
  for (const { form, particle } of FORMS) {
    if (text.startsWith(form, at) && endsHere(text, at + form.length)) return { form, particle };
  }
  const optional = OPTIONAL.find(
    ({ open }) => text.startsWith(open, at) && endsHere(text, at + open.length),
  );
  return optional && { form: optional.open };
}
