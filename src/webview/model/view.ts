import type { ModelFacts } from '../../protocol/attentionQueries';
import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';
import type { ExportParts } from '../export/parts';
import { fill } from '../format';
import type { View, ViewContext } from '../view';
import { Architecture } from './architecture';
import { Cost } from './cost';
import { Neighbours } from './neighbours';
import { OpenHead } from './openHead';
import { Parameters } from './parameters';
import { formatCount, Latest, type Part } from './part';
import { Positions } from './positions';

/** The loaded model in its own numbers. Each part is folded away until it is wanted. */
class ModelView implements View {
  readonly id = 'model';
  readonly root: HTMLElement;
  private readonly summary = element('div', { class: 'model-summary' });
  private readonly parts: ReadonlyMap<Part, HTMLDetailsElement>;
  private readonly latest = new Latest();
  private context: ViewContext | undefined;
  private facts: ModelFacts | undefined;

  constructor(private readonly strings: PanelStrings) {
    const head = new OpenHead(strings);
    const parts: readonly Part[] = [
      new Architecture(strings, () => this.open(head)),
      new Parameters(strings),
      new Positions(strings),
      new Neighbours(strings),
      head,
      new Cost(strings),
    ];
    this.parts = new Map(parts.map((part, index) => [part, this.fold(part, index === 0)]));
    this.root = element('div', { class: 'model' }, this.summary, ...this.parts.values());
  }

  show(context: ViewContext): void {
    this.context = context;
    this.latest.ask(context, 'model', {}, (facts) => {
      this.facts = facts;
      this.summarize(facts, context.locale);
    });
    for (const [part, { open }] of this.parts) if (open) part.show(context);
  }

  table(): HTMLElement {
    const tables = this.openParts().flatMap((part) => part.table?.() ?? []);
    return element('div', {}, ...tables);
  }

  exports(): ExportParts {
    return {
      json: () => this.facts,
      csv: (options) => this.openParts().flatMap((part) => part.csv?.(options) ?? []),
    };
  }

  private openParts(): Part[] {
    return [...this.parts].flatMap(([part, { open }]) => (open ? [part] : []));
  }

  private fold(part: Part, open: boolean): HTMLDetailsElement {
    const title = element('summary', {}, element('h2', {}, part.title));
    const details = element('details', { open, class: 'part' }, title, part.root);
    details.addEventListener('toggle', () => {
      if (details.open && this.context) part.show(this.context);
      this.context?.changed();
    });
    return details;
  }

  private open(part: Part): void {
    const details = this.parts.get(part);
    if (!details) return;
    details.open = true;
    details.scrollIntoView({ block: 'start' });
    details.querySelector('summary')?.focus();
  }

  private summarize(facts: ModelFacts, locale: string): void {
    const { strings } = this;
    const count = (value: number): string => formatCount(value, locale);
    const lines = [
      fill(
        strings.modelSummary,
        facts.name,
        facts.precision,
        count(facts.parameters),
        count(facts.stored),
      ),
      fill(
        strings.modelSizes,
        facts.modelSize,
        count(facts.feedForwardSize),
        facts.heads,
        facts.keySize,
        count(facts.vocabularySize),
        facts.maxPositions,
      ),
      fill(strings.modelHabits, facts.norm, facts.activation, facts.positions),
    ];
    this.summary.replaceChildren(...lines.map((line) => element('p', {}, line)));
  }
}

export function createModelView(strings: PanelStrings): View {
  return new ModelView(strings);
}
