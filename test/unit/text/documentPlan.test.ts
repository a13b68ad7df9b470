import assert from 'node:assert/strict';
import type { Nodes } from 'mdast';
import {
  type DocumentPlan,
  planDocument,
  type RunTranslation,
} from '../../../src/text/documentPlan';
import { childrenOf, parseMarkdown } from '../../../src/text/markdown/parse';
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
});
