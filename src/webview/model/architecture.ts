import type { ModelBlock, ModelFacts } from '../../protocol/attentionQueries';
import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';
import type { CsvTable } from '../export/parts';
import { fill } from '../format';
import { onlyHead } from '../state';
import { dataTable } from '../table';
import type { ViewContext } from '../view';
import { blockButton, blockName } from './block';
import { blockColumns, type BlockGroup } from './groups';
import { formatCount, formatShape, Latest, type Part } from './part';
import { rove } from './roving';

/** From the input embedding to the softmax: encoder and decoder side by side, equal layers folded into one. */
export class Architecture implements Part {
  readonly title: string;
  readonly root: HTMLElement;
  private readonly diagram: HTMLElement;
  private readonly about = element('div', { class: 'about', 'aria-live': 'polite' });
  private readonly sum = element('p', {});
  private readonly latest = new Latest();
  private readonly unfolded = new Set<string>();
  private facts: ModelFacts | undefined;
  private context: ViewContext | undefined;
  private selected = '';

  constructor(
    private readonly strings: PanelStrings,
    private readonly openHead: () => void,
  ) {
    this.title = strings.modelArchitecture;
    this.diagram = element('div', {
      class: 'architecture',
      role: 'toolbar',
      'aria-label': strings.modelBlocksTable,
    });
    rove(this.diagram);
    const note = element('p', { class: 'muted' }, strings.modelShapeNote);
    const stored = element('p', { class: 'muted' }, strings.modelStoredNote);
    this.root = element('div', {}, note, this.diagram, this.about, this.sum, stored);
  }

  show(context: ViewContext): void {
    this.context = context;
    this.latest.ask(context, 'model', {}, (facts) => {
      if (facts === this.facts) return;
      this.facts = facts;
      this.draw();
      context.changed();
    });
  }

  table(): HTMLElement | undefined {
    if (!this.facts) return undefined;
    const [{ rows } = { rows: [] }] = this.csv();
    const [columns = [], ...lines] = rows.map((row) => row.map(String));
    return dataTable(this.strings.modelBlocksTable, columns, lines);
  }

  csv(): readonly CsvTable[] {
    const { facts, strings } = this;
    if (!facts) return [];
    const columns = [
      strings.modelBlock,
      strings.modelShape,
      strings.modelInner,
      strings.modelParameters,
      strings.modelStored,
    ];
    const rows = facts.blocks.map((block) => [
      block.id,
      formatShape(block.shape),
      formatShape(block.inner ?? []),
      block.parameters,
      block.stored,
    ]);
    const sum = [strings.modelSum, '', '', facts.parameters, facts.stored];
    return [{ name: 'blocks', rows: [columns, ...rows, sum] }];
  }

  private draw(): void {
    const { facts, context, strings } = this;
    if (!facts || !context) return;
    const { locale } = context;
    const columns = blockColumns(facts.blocks).map(({ side, groups }) =>
      element(
        'div',
        { class: 'side', role: 'group', 'aria-label': this.sideName(side) },
        element('h3', {}, this.sideName(side)),
        ...groups.map((group) => this.group(group, facts, context)),
        ...(side === 'encoder'
          ? [element('p', { class: 'to-decoder' }, `↳ ${strings.modelToDecoder}`)]
          : []),
      ),
    );
    this.diagram.replaceChildren(...columns);
    rove.reset(this.diagram);
    const total = fill(strings.modelParameterCount, formatCount(facts.parameters, locale));
    const stored = `${strings.modelStored}: ${formatCount(facts.stored, locale)}`;
    this.sum.textContent = `${strings.modelSum}: ${total}. ${stored}.`;
    this.describe();
  }

  private sideName(side: 'encoder' | 'decoder'): string {
    return side === 'encoder' ? this.strings.modelEncoder : this.strings.modelDecoder;
  }

  private group(group: BlockGroup, facts: ModelFacts, context: ViewContext): HTMLElement {
    const { strings } = this;
    if (group.layers.length === 0) return this.blocks(group.blocks, facts, context, 1);
    const open = this.unfolded.has(group.id);
    const fold = element(
      'button',
      { type: 'button', class: 'fold', 'data-fold': group.id, 'aria-expanded': String(open) },
      open ? strings.modelFold : strings.modelUnfold,
    );
    fold.addEventListener('click', () => this.toggle(group.id));
    const [first = []] = group.layers;
    const count = group.layers.length;
    const title = element(
      'div',
      { class: 'layers-title' },
      element('span', {}, fill(strings.modelLayers, count, count)),
      element('span', { class: 'times', 'aria-hidden': 'true' }, `×${count}`),
    );
    if (count > 1) title.append(fold);
    const layers = open
      ? group.layers.map((blocks, layer) =>
          element(
            'div',
            { class: 'layer', role: 'group' },
            element('h4', {}, fill(strings.modelLayer, layer + 1)),
            this.blocks(blocks, facts, context, 1),
          ),
        )
      : [this.blocks(first, facts, context, count)];
    return element('div', { class: 'layers' }, title, ...layers);
  }

  private blocks(
    blocks: readonly ModelBlock[],
    facts: ModelFacts,
    context: ViewContext,
    times: number,
  ): HTMLElement {
    const buttons = blocks.map((block) => {
      const button = blockButton(block, {
        strings: this.strings,
        locale: context.locale,
        share: (block.parameters * times) / facts.parameters,
        times,
        tiedName: this.tiedName(block, facts),
      });
      button.dataset['block'] = block.id;
      button.addEventListener('click', () => {
        this.selected = block.id;
        this.describe();
      });
      return button;
    });
    return element('div', { class: 'boxes' }, ...buttons);
  }

  private tiedName({ tied }: ModelBlock, facts: ModelFacts): string | undefined {
    const other = facts.blocks.find(({ id }) => id === tied);
    return other && blockName(other, this.strings);
  }

  private toggle(id: string): void {
    if (!this.unfolded.delete(id)) this.unfolded.add(id);
    this.draw();
    this.diagram.querySelector<HTMLElement>(`[data-fold="${id}"]`)?.focus();
  }

  /** What the chosen block computes. */
  private describe(): void {
    const { facts, context, strings } = this;
    for (const button of this.diagram.querySelectorAll<HTMLElement>('[data-block]')) {
      button.setAttribute('aria-pressed', String(button.dataset['block'] === this.selected));
    }
    const block = facts?.blocks.find(({ id }) => id === this.selected);
    this.about.replaceChildren();
    if (!block || !facts || !context) return;
    const text = fill(strings[`modelAbout_${block.kind}`], facts.activation);
    const numbers = [
      fill(strings.modelParameterCount, formatCount(block.parameters, context.locale)),
      `${strings.modelStored}: ${formatCount(block.stored, context.locale)}`,
    ].join(' · ');
    this.about.append(
      element('p', {}, element('strong', {}, blockName(block, strings)), ` ${text}`),
      element('p', { class: 'muted' }, numbers),
    );
    const button = this.headButton(block, context);
    if (button) this.about.append(button);
  }

  private headButton(block: ModelBlock, context: ViewContext): HTMLElement | undefined {
    const [, side, layer] = /^(encoder|decoder)\.(\d+)\.\w+$/.exec(block.id) ?? [];
    if (block.kind !== 'selfAttention' && block.kind !== 'crossAttention') return undefined;
    const kind =
      block.kind === 'crossAttention' ? 'cross' : side === 'encoder' ? 'encoder' : 'decoder';
    const button = element('button', { type: 'button', class: 'link' }, this.strings.modelOpenHead);
    button.addEventListener('click', () => {
      this.openHead();
      context.update(onlyHead({ kind, layer: Number(layer), head: 0 }));
    });
    return button;
  }
}
