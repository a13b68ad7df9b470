/**
 * Numbers come out of a translation unchanged. The rule, per number written in digits on either side:
 * it must have a partner of equal value on the other side, each partner used once. Values are compared, not spellings:
 * thousands separators, full-width digits and leading zeros do not count; 3만 5천 is 35,000, 3.5 million is 3,500,000
 * (or 3.5, if the unit was translated by a word). A number may be spelled out on the other side: `2 files` and `두 개의
 * 파일`, `March` and `3월`, `twice` and `2배`; `:00` of a time and a lone 1 (`a file`, `1개의 파일`) may appear or go.
 * Anything else is a number lost, made up or changed.
 */
export interface NumberCheck {
  readonly ok: boolean;
  /** Numbers of the source without a partner, as written. */
  readonly missing: readonly string[];
  /** Numbers of the translation without a partner, as written. */
  readonly extra: readonly string[];
}

interface Quantity {
  readonly written: string;
  /** Any of these values may be meant. */
  readonly values: readonly number[];
  /** May go without a partner. */
  readonly soft: boolean;
}

/** Placeholders on either side are left out. */
export function checkNumbers(source: string, target: string): NumberCheck {
  const from = quantities(source);
  const to = quantities(target);
  const unused = [...to];
  const missing: Quantity[] = [];
  for (const quantity of from) {
    const at = unused.findIndex((other) => agree(quantity, other));
    if (at >= 0) unused.splice(at, 1);
    else missing.push(quantity);
  }
  // 3만 5천 is one number or two, and 1 million may come out as 100만: parts of a sum have the whole as a partner.
  const left = missing.filter((quantity) => !quantity.soft && !spelledOut(quantity, target));
  const extra = unused.filter((quantity) => !quantity.soft && !spelledOut(quantity, source));
  return {
    ok: left.length === 0 && extra.length === 0,
    missing: left.map(({ written }) => written),
    extra: extra.map(({ written }) => written),
  };
}

function agree(a: Quantity, b: Quantity): boolean {
  return a.values.some((value) => b.values.some((other) => nearlyEqual(value, other)));
}

function nearlyEqual(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

const UNITS: Readonly<Record<string, number>> = {
  십: 10,
  백: 100,
  천: 1e3,
  만: 1e4,
  억: 1e8,
  조: 1e12,
  hundred: 100,
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
  k: 1e3,
  m: 1e6,
  b: 1e9,
  bn: 1e9,
  dozen: 12,
};

const NUMBER =
  /(\d+(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)*)((?:\s?(?:십|백|천|만|억|조)){1,3}(?![가-힣]*(?:큼|약|일)\b)|\s?(?:hundred|thousand|million|billion|trillion|dozen|bn)\b|[kKMB](?![\w]))?/giu;

function quantities(text: string): Quantity[] {
  const plain = text
    .replace(/<c\d+>/gu, ' _ ')
    .replace(/[\uFF10-\uFF19]/gu, (digit) => String(digit.charCodeAt(0) - 0xff10));
  const found: { start: number; end: number; quantity: Quantity; korean: boolean; sum: number }[] =
    [];
  for (const match of plain.matchAll(NUMBER)) {
    const digits = match[1]!;
    const unit = match[2]?.trim() ?? '';
    const start = match.index;
    if (isNumeronym(plain, start, digits.length)) continue;
    const values = valuesOf(digits);
    const factor = unitFactor(unit);
    const scaled = factor === 1 ? values : [...values.map((value) => value * factor), ...values];
    const soft = digits === '1' || isZeroMinutes(plain, start, digits);
    const entry = {
      start,
      end: start + match[0].length,
      quantity: { written: match[0].trim(), values: scaled, soft },
      korean: /[십백천만억조]/u.test(unit),
      sum: scaled[0]!,
    };
    const last = found.at(-1);
    // 3만 5천, 1억 2,000만, 3만 500: a smaller part directly behind a Korean unit belongs to the same number.
    if (last?.korean && entry.sum < last.sum && /^\s?$/u.test(plain.slice(last.end, start))) {
      const sum = last.sum + entry.sum;
      last.quantity = {
        written: `${last.quantity.written} ${entry.quantity.written}`,
        values: [sum],
        soft: false,
      };
      last.end = entry.end;
      last.sum = sum;
      last.korean = entry.korean;
    } else found.push(entry);
  }
  return found.map(({ quantity }) => quantity);
}

/** 1,234.5 is 1234.5; 1.2.3 is three numbers nobody sums up, kept as one by their digits. */
function valuesOf(digits: string): number[] {
  const plain = digits.replaceAll(',', '');
  if (/^\d+(?:\.\d+)?$/u.test(plain)) return [Number(plain)];
  // Dates and sections with several stops: equal only to the same digits. A negative value meets no quantity.
  return [-Number(plain.replaceAll('.', '').slice(0, 15)) - 1];
}

function unitFactor(unit: string): number {
  if (unit === '') return 1;
  const whole = UNITS[unit.toLowerCase()];
  if (whole !== undefined) return whole;
  return [...unit.replaceAll(/\s/gu, '')].reduce(
    (product, sign) => product * (UNITS[sign] ?? 1),
    1,
  );
}

/** `i18n`, `K8s`: digits between letters, read as a word. */
function isNumeronym(text: string, start: number, length: number): boolean {
  return /[A-Za-z]/u.test(text.charAt(start - 1)) && /[a-z]/u.test(text.charAt(start + length));
}

/** The minutes of 15:00 and 3:00. */
function isZeroMinutes(text: string, start: number, digits: string): boolean {
  return digits === '00' && text[start - 1] === ':';
}

const MONTHS =
  'january february march april may june july august september october november december'.split(
    ' ',
  );

const ENGLISH: readonly (readonly [number, RegExp])[] = [
  [0, /\b(?:zero|no|none|nil|noon|midnight)\b/iu],
  [1, /\b(?:an?|one|once|single|first|each|per|every|primary)\b/iu],
  [2, /\b(?:two|twice|second|double|doubled|doubles|both|pair|couple|half|two-\w+|binary)\b/iu],
  [3, /\b(?:three|third|thrice|triple|three-\w+)\b/iu],
  [4, /\b(?:four|fourth|quarter|quadruple|four-\w+)\b/iu],
  [5, /\b(?:five|fifth|five-\w+)\b/iu],
  [6, /\b(?:six|sixth|six-\w+)\b/iu],
  [7, /\b(?:seven|seventh|week)\b/iu],
  [8, /\b(?:eight|eighth)\b/iu],
  [9, /\b(?:nine|ninth)\b/iu],
  [10, /\b(?:ten|tenth|tens|decade|decades)\b/iu],
  [11, /\b(?:eleven|eleventh)\b/iu],
  [12, /\b(?:twelve|twelfth|dozen|noon|midnight)\b/iu],
  [13, /\b(?:thirteen|thirteenth)\b/iu],
  [14, /\b(?:fourteen|fourteenth|fortnight)\b/iu],
  [15, /\b(?:fifteen|fifteenth)\b/iu],
  [16, /\b(?:sixteen|sixteenth)\b/iu],
  [17, /\b(?:seventeen|seventeenth)\b/iu],
  [18, /\b(?:eighteen|eighteenth)\b/iu],
  [19, /\b(?:nineteen|nineteenth)\b/iu],
  [20, /\b(?:twenty|twentieth|twenties)\b/iu],
  [30, /\b(?:thirty|thirtieth|thirties|half)\b/iu],
  [40, /\b(?:forty|fortieth|forties)\b/iu],
  [50, /\b(?:fifty|fiftieth|fifties|half)\b/iu],
  [60, /\b(?:sixty|sixtieth|sixties)\b/iu],
  [70, /\b(?:seventy|seventieth|seventies)\b/iu],
  [80, /\b(?:eighty|eightieth|eighties)\b/iu],
  [90, /\b(?:ninety|ninetieth|nineties)\b/iu],
  [100, /\b(?:hundred|hundredth|hundreds|century|centuries|centennial)\b/iu],
  [1000, /\b(?:thousand|thousands|thousandth|millennium)\b/iu],
  [1e6, /\b(?:million|millions)\b/iu],
  [1e9, /\b(?:billion|billions)\b/iu],
];

const KOREAN: readonly (readonly [number, RegExp])[] = [
  [0, /영|제로|없/u],
  [1, /하나|한|첫|일|단일|홀로|각|매|유일|최초/u],
  [2, /둘|두|이중|양쪽|양측|쌍|절반|반|이진|갑절|두\s?배/u],
  [3, /셋|세|석|삼/u],
  [4, /넷|네|넉|사분|사각/u],
  [5, /다섯|오각|오분/u],
  [6, /여섯|육각|유월/u],
  [7, /일곱|칠|주일|일주/u],
  [8, /여덟|팔/u],
  [9, /아홉|구/u],
  [10, /열|십/u],
  [11, /열한|열하나|십일/u],
  [12, /열두|열둘|십이|정오|자정/u],
  [20, /스물|스무|이십/u],
  [30, /서른|삼십|반/u],
  [40, /마흔|사십/u],
  [50, /쉰|오십|절반/u],
  [60, /예순|육십/u],
  [70, /일흔|칠십/u],
  [80, /여든|팔십/u],
  [90, /아흔|구십/u],
  [100, /백|세기/u],
  [1000, /천/u],
  [10000, /만/u],
  [1e6, /백만/u],
  [1e8, /억/u],
];

/** Does the text have the number as a word? */
function spelledOut(quantity: Quantity, text: string): boolean {
  const words = [...ENGLISH, ...KOREAN];
  return quantity.values.some((value) => {
    if (words.some(([number, pattern]) => number === value && pattern.test(text))) return true;
    const month = MONTHS[value - 1];
    return (
      month !== undefined &&
      new RegExp(String.raw`\b(?:${month}|${month.slice(0, 3)}|sept)\b`, 'iu').test(text)
    );
  });
}
