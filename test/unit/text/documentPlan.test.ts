import assert from 'node:assert/strict';
import type { Nodes } from 'mdast';
import {
  DocumentMemory,
  type DocumentPlan,
  planDocument,
  planDocumentGently,
  type RunTranslation,
} from '../../../src/text/documentPlan';
import { childrenOf, parseMarkdown } from '../../../src/text/markdown/parse';
import { splitParts } from '../../../src/text/markdown/parts';
import { markdownRuns } from '../../../src/text/markdown/runs';
import { planText } from '../../../src/text/plan';
import { PLACEHOLDER, restore } from '../../../src/text/protect';
import { MarkdownGenerator } from './generateMarkdown';

const DOCUMENTS = 500;

/** Translates as the engine does: sentence by sentence, spans protected and put back, what may not stand kept. */
function translating(write: (text: string) => string): (text: string) => RunTranslation {
  return (text) => {
    const plan = planText(text, { protectPatterns: [], target: 'ko' });
    const translations = plan.sentences.map((sentence) => {
      if (sentence.keep) return undefined;
      const restored = restore(write(sentence.text), sentence.spans);
      return restored.ok ? restored.text : undefined;
    });
    return plan.assemble(translations);
  };
}

function outsidePlaceholders(text: string, change: (part: string) => string): string {
  let result = '';
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    result += change(text.slice(end, match.index)) + match[0];
    end = match.index + match[0].length;
  }
  return result + change(text.slice(end));
}

const FIRST_HANGUL = '가'.charCodeAt(0);

/** Each small letter as a syllable of its own: every other byte can then be compared by writing the letters back. */
const enciphered = (text: string): string =>
  outsidePlaceholders(text, (part) =>
    part.replace(/[a-z]/g, (letter) =>
      String.fromCharCode(FIRST_HANGUL + letter.charCodeAt(0) - 97),
    ),
  );

const deciphered = (text: string): string =>
  text.replace(/[가-같]/g, (letter) =>
    String.fromCharCode(letter.charCodeAt(0) - FIRST_HANGUL + 97),
  );

/** Words in another order and twice as many: what a language with another grammar does. */
const reordered = (text: string): string => {
  const words = text.split(' ');
  return words
    .map((word, index) => (/<c\d+>/u.test(word) ? word : `${word} 그리고 ${index}번째로`))
    .reverse()
    .join(' ');
};

/** Blocks in order, with everything in them that is not text in any order, and whether they hold text. */
function structure(source: string): string[] {
  const blocks: string[] = [];
  const visit = (node: Nodes): void => {
    const inline = ['paragraph', 'heading', 'tableCell'].includes(node.type);
    const value = 'value' in node ? node.value : '';
    blocks.push(inline ? `${node.type} ${inlineMarks(node).join(' ')}` : `${node.type} ${value}`);
    if (!inline) childrenOf(node).forEach(visit);
  };
  visit(parseMarkdown(source));
  return blocks;
}

function inlineMarks(node: Nodes): string[] {
  return childrenOf(node)
    .flatMap((child) => {
      const value = child.type !== 'text' && 'value' in child ? child.value : '';
      const url = 'url' in child ? child.url : '';
      return child.type === 'text' ? [] : [`${child.type}:${value}${url}`, ...inlineMarks(child)];
    })
    .sort();
}

function translated(plan: DocumentPlan, write: (text: string) => string): string {
  return plan.assemble(translating(write)).text;
}

describe('planDocument of Markdown', function () {
  this.timeout(120_000);
  const documents = Array.from({ length: DOCUMENTS }, (_, seed) =>
    new MarkdownGenerator(seed + 1).document(3 + (seed % 12)),
  );

  it(`gives ${DOCUMENTS} generated documents back byte for byte when nothing is translated`, () => {
    for (const source of documents) {
      const plan = planDocument(source, 'markdown');
      assert.equal(plan.assemble(() => undefined).text, source);
      assert.equal(
        translated(plan, (text) => text),
        source,
      );
    }
  });

  it('changes nothing but words, and nearly all of them', () => {
    let changed = 0;
    let words = 0;
    for (const source of documents) {
      const result = translated(planDocument(source, 'markdown'), enciphered);
      assert.equal(deciphered(result), source);
      changed += result.match(/[가-같]+/gu)?.length ?? 0;
      words +=
        planDocument(source, 'markdown')
          .texts.join(' ')
          .match(/(?<!\S)[a-z]+(?!\S)/gu)?.length ?? 0;
    }
    assert.ok(changed > 0.95 * words, `${changed} of ${words}`);
  });

  it('keeps lines, blocks and marks when words move and multiply', () => {
    for (const source of documents) {
      const result = translated(planDocument(source, 'markdown'), reordered);
      assert.deepEqual(structure(result), structure(source));
      assert.equal(result.split('\n').length, source.split('\n').length);
    }
  });

  it('plans a document in parts as it plans the whole, and after an edit only what changed', async () => {
    const source = documents.slice(0, 120).join('\n\n## Next\n\n');
    const parts = splitParts(source);
    assert.ok(parts.length > 10, `${parts.length} parts`);
    assert.equal(parts.join(''), source);
    assert.deepEqual(
      planDocument(source, 'markdown').texts,
      markdownRuns(source).runs.map(({ text }) => text),
    );
    const memory = new DocumentMemory();
    let pauses = 0;
    const breathe = (): Promise<void> => Promise.resolve(void pauses++);
    await planDocumentGently(source, 'markdown', memory, breathe);
    assert.equal(pauses, new Set(parts).size);
    pauses = 0;
    const edited = `${source}\n\nOne more paragraph.\n`;
    const plan = await planDocumentGently(edited, 'markdown', memory, breathe);
    assert.equal(pauses, 1);
    assert.equal(plan.texts.at(-1), 'One more paragraph.');
  });
});

describe('markup that does not come back', () => {
  const source = 'Open **the file** now. Close `it` then.\n';
  const answer = (first: string, second: string): RunTranslation => ({
    text: `${first} ${second}`,
    segments: [
      { sourceStart: 0, sourceEnd: 22, targetStart: 0, targetEnd: first.length },
      {
        sourceStart: 23,
        sourceEnd: 39,
        targetStart: first.length + 1,
        targetEnd: first.length + 1 + second.length,
      },
    ],
  });
  const written = (first: string, second: string) =>
    planDocument(source, 'markdown').assemble(() => answer(first, second));

  it('keeps the sentence that lost it, and the other is translated', () => {
    assert.deepEqual(written('이제 파일을 여세요.', '그리고 `it`을 닫으세요.'), {
      text: 'Open **the file** now. 그리고 `it`을 닫으세요.\n',
      lost: 1,
    });
    assert.deepEqual(written('이제 **파일**을 여세요.', '그리고 닫으세요.'), {
      text: '이제 **파일**을 여세요. Close `it` then.\n',
      lost: 1,
    });
  });

  it('keeps a sentence that would become a list, a heading or a table', () => {
    for (const first of ['1. **파일**', '# **파일**', '- **파일**', '> **파일**']) {
      assert.equal(written(first, 'Close `it` then.').text, source);
    }
    const cell = '| a |\n| - |\n| The file. |\n';
    const plan = planDocument(cell, 'markdown');
    const segments = [{ sourceStart: 0, sourceEnd: 9, targetStart: 0, targetEnd: 5 }];
    assert.equal(plan.assemble(() => ({ text: '파 | 일', segments })).text, cell);
    assert.equal(
      plan.assemble(() => ({ text: '파일 한개', segments })).text,
      cell.replace('The file.', '파일 한개'),
    );
  });

  it('counts nothing that simply stays', () => {
    assert.deepEqual(written('Open **the file** now.', 'Close `it` then.'), {
      text: source,
      lost: 0,
    });
  });
});

describe('planDocument of plain text', () => {
  it('joins wrapped lines and gives them back on as many', () => {
    const source = 'The cache keeps\nthe results.\n\n  - An item of\n    the list.\n';
    const plan = planDocument(source, 'plain');
    assert.deepEqual(plan.texts, ['The cache keeps the results.', 'An item of the list.']);
    assert.equal(
      translated(plan, (text) => text),
      source,
    );
    assert.equal(deciphered(translated(plan, enciphered)), source);
  });

  it('leaves literal blocks and directives of reStructuredText and AsciiDoc', () => {
    const source =
      'Run it::\n\n    make all of it now\n\n.. code-block:: sh\n\n   make the rest\n\n.. note::\n   Read the note.\n\n' +
      '----\nliteral text of AsciiDoc\n----\n\nText goes on.\n';
    assert.deepEqual(planDocument(source, 'plain').texts, [
      'Run it::',
      'Read the note.',
      'Text goes on.',
    ]);
  });
});
