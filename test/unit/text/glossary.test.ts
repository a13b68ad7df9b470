import { deepEqual, equal } from 'node:assert/strict';
import { Glossary, formatEntry, parseGlossary } from '../../../src/text/glossary';
import { planText } from '../../../src/text/plan';
import { restore } from '../../../src/text/protect';
import { findSpans } from '../../../src/text/spans';

const ENTRIES = [
  { term: 'endpoint', translation: '엔드포인트' },
  { term: 'attention head', translation: '어텐션 헤드' },
  { term: 'attention', translation: '어텐션' },
  { term: '배포', translation: 'rollout' },
  { term: 'Headlight' },
];

function found(text: string, target: 'ko' | 'en', entries = ENTRIES): string[] {
  const spans = new Glossary(entries, target).find(text, findSpans(text));
  return spans.map((span) => `${text.slice(span.start, span.end)}=${span.replacement}`);
}

describe('glossary', () => {
  it('finds whole words in any case, longest terms first, with plural endings', () => {
    deepEqual(found('Endpoints have one ENDPOINT; the attention head pays attention.', 'ko'), [
      'Endpoints=엔드포인트',
      'ENDPOINT=엔드포인트',
      'attention head=어텐션 헤드',
      'attention=어텐션',
    ]);
    deepEqual(found('Checkpoints, endpointing, my_endpoint and endpoint2 are others.', 'ko'), []);
    deepEqual(found('attention\thead', 'ko'), ['attention\thead=어텐션 헤드']);
  });

  it('finds Korean words with their particles, and not as parts of other words', () => {
    deepEqual(found('엔드포인트를 배포에서 봅니다. 재배포와 배포판, 배포합니다.', 'en'), [
      '엔드포인트=endpoint',
      '배포=rollout',
    ]);
    deepEqual(found('배포는 rollout을 뜻합니다.', 'en'), ['배포=rollout']);
    // English inside Korean text is looked up by its own side only.
    deepEqual(found('endpoint를 엽니다.', 'en'), []);
    deepEqual(found('endpoint를 엽니다.', 'en', [{ term: 'endpoint' }]), ['endpoint=endpoint']);
  });

  it('keeps a term that has no translation, as it is written, in both directions', () => {
    deepEqual(found('Start headlight.', 'ko'), ['headlight=headlight']);
    deepEqual(found('Headlight를 켭니다.', 'en'), ['Headlight=Headlight']);
  });

  it('never reaches into what is protected', () => {
    deepEqual(found('See `endpoint`, https://a.example/endpoint and the endpoint.', 'ko'), [
      'endpoint=엔드포인트',
    ]);
  });

  it('takes the later of two entries, and terms with any marks', () => {
    const twice = [...ENTRIES, { term: 'Endpoint', translation: '끝점' }];
    deepEqual(found('the endpoint', 'ko', twice), ['endpoint=끝점']);
    const marked = [
      { term: 'C++ (new)', translation: '새 씨플플' },
      { term: '$&', translation: '달러' },
    ];
    deepEqual(found('Use C++ (new), not $&.', 'ko', marked), ['C++ (new)=새 씨플플', '$&=달러']);
  });

  it('stays linear for thousands of terms and a long line', () => {
    const many = Array.from({ length: 3000 }, (_, index) => ({
      term: `term number ${index}x`,
      translation: `용어${index}`,
    }));
    const text = 'This line names term number 2999x again and again. '.repeat(500);
    equal(found(text, 'ko', many).length, 500);
  });
});

describe('a plan with a glossary', () => {
  const plan = (text: string) =>
    planText(text, { protectPatterns: [], target: 'auto', glossary: ENTRIES });

  it('gives the model placeholders, and puts the translation in their places', () => {
    const [sentence] = plan('Open the endpoint with `curl` and close the endpoint.').sentences;
    equal(sentence?.text, 'Open the <c0> with <c1> and close the <c0>.');
    const restored = restore('<c1>로 <c0>를 열고 <c0>를 닫으세요.', sentence?.spans ?? []);
    equal(restored.ok && restored.text, '`curl`로 엔드포인트를 열고 엔드포인트를 닫으세요.');
    deepEqual(sentence?.plain, {
      text: 'Open the endpoint with <c0> and close the endpoint.',
      spans: sentence?.plain?.spans,
    });
  });

  it('needs no model where a sentence is nothing but terms', () => {
    deepEqual(
      plan('Attention head, endpoint').sentences.map(({ ready, keep }) => [ready, keep]),
      [['어텐션 헤드, 엔드포인트', undefined]],
    );
    deepEqual(
      plan('Headlight').sentences.map(({ ready, keep }) => [ready, keep]),
      [[undefined, 'noText']],
    );
  });
});

describe('a glossary file', () => {
  it('is read with quotes, comments, a header, any line ends and a byte order mark', () => {
    const text =
      '\uFEFFterm,translation,do-not-translate\r\n# ours\r\n\r\nendpoint,엔드포인트\r\n' +
      '"a, b","말 ""인용"""\nHeadlight,,yes\n배포 , rollout ,no\n';
    deepEqual(parseGlossary(text), {
      entries: [
        { term: 'endpoint', translation: '엔드포인트' },
        { term: 'a, b', translation: '말 "인용"' },
        { term: 'Headlight' },
        { term: '배포', translation: 'rollout' },
      ],
      problems: [],
    });
  });

  it('reports what it cannot read by line, and keeps the rest', () => {
    const text = `one,하나\n,둘\nthree\nfour,넷,,\n${'x'.repeat(201)},y\nsix,여섯\n"open,일곱\n`;
    deepEqual(parseGlossary(text), {
      entries: [
        { term: 'one', translation: '하나' },
        { term: 'six', translation: '여섯' },
      ],
      problems: [
        { line: 2, reason: 'empty' },
        { line: 3, reason: 'empty' },
        { line: 4, reason: 'columns' },
        { line: 5, reason: 'tooLong' },
        { line: 7, reason: 'quote' },
      ],
    });
  });

  it('reads back what it writes', () => {
    for (const entry of [...ENTRIES, { term: 'a "b", c', translation: '#가' }]) {
      deepEqual(parseGlossary(`${formatEntry(entry)}\n`).entries, [entry]);
    }
  });
});
