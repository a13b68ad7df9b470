import type { GenerationStep, GenerationSteps } from '../../protocol/attentionQueries';
import type { AttentionRun } from '../../protocol/attentionRun';
import type { PanelStrings } from '../../protocol/panelStrings';
import { buttonControl } from '../controls';
import { element, visibleToken } from '../dom';
import { fill, formatMetric, formatShare } from '../format';
import { dataTable } from '../table';

/** Candidates of a step with bars of their probability; the chosen one is marked, and told with its rank. */
export class Candidates {
  readonly root = element('div', { class: 'candidates' });

  constructor(private readonly strings: PanelStrings) {}

  show(step: GenerationStep | undefined, locale: string): void {
    const { strings } = this;
    this.root.replaceChildren();
    if (!step) return;
    const { chosen, candidates } = step;
    const heads = [strings.rank, strings.candidate, strings.probability, ''].map((name) =>
      name === ''
        ? element('td', { 'aria-hidden': 'true' })
        : element('th', { scope: 'col' }, name),
    );
    const rows = candidates.map(({ text, probability }, index) => {
      const isChosen = index + 1 === chosen.rank;
      const name = isChosen ? `${visibleToken(text)} (${strings.chosenToken})` : visibleToken(text);
      return element(
        'tr',
        isChosen ? { class: 'chosen' } : {},
        element('td', {}, String(index + 1)),
        element('th', { scope: 'row' }, name),
        element('td', {}, formatShare(probability, locale)),
        element('td', { class: 'meter', 'aria-hidden': 'true' }, meter(probability)),
      );
    });
    const rank = new Intl.NumberFormat(locale).format(chosen.rank);
    const share = formatShare(chosen.probability, locale);
    const caption = fill(strings.chosenRank, visibleToken(chosen.text), rank, share);
    this.root.replaceChildren(
      element(
        'table',
        {},
        element('caption', {}, `${strings.candidates}. ${caption}`),
        element('thead', {}, element('tr', {}, ...heads)),
        element('tbody', {}, ...rows),
      ),
    );
  }
}

function meter(probability: number): HTMLElement {
  const bar = element('span', { class: 'meter-bar' });
  bar.style.width = `${Math.max(0, Math.min(1, probability)) * 100}%`;
  return bar;
}

/** What the search ended with, best first, each to be looked at; a search of each sentence by itself has no common list. */
export function hypothesesTable(
  strings: PanelStrings,
  { hypotheses, shown }: GenerationSteps,
  run: Pick<AttentionRun, 'sentences'>,
  locale: string,
  look: (hypothesis: number) => void,
): HTMLElement {
  if (hypotheses.length === 0) {
    const text = run.sentences.length > 1 ? strings.noHypotheses : '';
    return element('p', { class: 'note' }, text);
  }
  const rows = hypotheses.map(({ text, logProbability, score }, index) => [
    String(index + 1),
    text,
    formatMetric(logProbability, locale),
    formatMetric(score, locale),
    index === shown
      ? `✓ ${strings.hypothesisNow}`
      : buttonControl(fill(strings.hypothesisLook, index + 1), () => look(index)),
  ]);
  const { rank, hypothesis, logProbability, score, hypothesisNow } = strings;
  const columns = [rank, hypothesis, logProbability, score, hypothesisNow];
  return dataTable(strings.hypotheses, columns, rows);
}
