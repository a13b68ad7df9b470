import type { ModelFacts, ParameterComparison } from '../../protocol/attentionQueries';
import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';
import type { CsvTable } from '../export/parts';
import type { ViewContext } from '../view';
import { formatCount, Latest, type Part } from './part';

/** Every term that any of the models has, in the order of the computation. */
const TERMS = [
  'embedding',
  'positions',
  'segments',
  'embeddingNorm',
  'encoderAttention',
  'encoderFeedForward',
  'encoderNorms',
  'decoderAttention',
  'crossAttention',
  'decoderFeedForward',
  'decoderNorms',
  'finalNorms',
  'output',
  'pooler',
] as const;

/** The loaded model's parameters as arithmetic, beside the paper's base and big models and BERT-base. */
export class Parameters implements Part {
  readonly title: string;
  readonly root: HTMLElement;
  private readonly place = element('div', {});
  private readonly latest = new Latest();
  private facts: ModelFacts | undefined;

  constructor(private readonly strings: PanelStrings) {
    this.title = strings.modelParameters;
    const note = element('p', { class: 'muted' }, strings.modelParametersNote);
    this.root = element('div', {}, this.place, note);
  }

  show(context: ViewContext): void {
    this.latest.ask(context, 'model', {}, (facts) => {
      if (facts === this.facts) return;
      this.facts = facts;
      this.place.replaceChildren(this.build(facts.comparisons, context.locale));
    });
  }

  csv(): readonly CsvTable[] {
    const { strings } = this;
    const sums = this.facts?.comparisons ?? [];
    if (sums.length === 0) return [];
    const header = [strings.modelTerm, ...sums.map(({ name }) => strings[`modelName_${name}`])];
    const rows = usedTerms(sums).map((id) => [
      strings[`modelTerm_${id}`],
      ...sums.map(({ terms }) => terms.find((term) => term.id === id)?.parameters ?? 0),
    ]);
    const total = [strings.modelSum, ...sums.map(({ parameters }) => parameters)];
    return [{ name: 'parameters', rows: [header, ...rows, total] }];
  }

  private build(sums: readonly ParameterComparison[], locale: string): HTMLElement {
    const { strings } = this;
    const heads = sums.map(({ name }) =>
      element('th', { scope: 'col' }, strings[`modelName_${name}`]),
    );
    const rows = usedTerms(sums).map((id) =>
      row(
        strings[`modelTerm_${id}`],
        sums.map(({ terms }) => {
          const found = terms.find((term) => term.id === id);
          if (!found) return ['–'];
          const formula = element('span', { class: 'formula' }, found.formula);
          return [formatCount(found.parameters, locale), formula];
        }),
      ),
    );
    const total = row(
      strings.modelSum,
      sums.map(({ parameters }) => [element('strong', {}, formatCount(parameters, locale))]),
    );
    const round = new Intl.NumberFormat(locale, { notation: 'compact' });
    const published = row(
      strings.modelPublished,
      sums.map(({ published: count }) => [count === undefined ? '–' : round.format(count)]),
    );
    const table = element(
      'table',
      { class: 'parameters' },
      element('caption', {}, strings.modelParameters),
      element(
        'thead',
        {},
        element('tr', {}, element('th', { scope: 'col' }, strings.modelTerm), ...heads),
      ),
      element('tbody', {}, ...rows, total, published),
    );
    const label = { 'aria-label': strings.modelParameters };
    return element('div', { class: 'table', tabindex: 0, role: 'region', ...label }, table);
  }
}

function usedTerms(sums: readonly ParameterComparison[]): (typeof TERMS)[number][] {
  const used = new Set(sums.flatMap(({ terms }) => terms.map(({ id }) => id)));
  return TERMS.filter((id) => used.has(id));
}

function row(name: string, cells: readonly (readonly (Node | string)[])[]): HTMLElement {
  const data = cells.map((content) => element('td', {}, ...content));
  return element('tr', {}, element('th', { scope: 'row' }, name), ...data);
}
