import type { HeadDetail } from '../../protocol/attentionQueries';
import { ATTENTION_KINDS, layersOf, mapShape } from '../../protocol/attentionRun';
import type { PanelStrings } from '../../protocol/panelStrings';
import { numbered, selectControl } from '../controls';
import { element, visibleToken } from '../dom';
import type { CsvTable, ExportOptions } from '../export/parts';
import { fill, formatWeight } from '../format';
import { keyTokens, queryTokens } from '../shownMap';
import { onlyHead } from '../state';
import type { ViewContext } from '../view';
import { keysTable, strongestKeys } from './keysTable';
import { pairTable } from './pairTable';
import { formatNumber, Latest, type Part } from './part';
import { largestOf, strip } from './strip';

/** One query of one head in numbers: query, key, score, scaling, mask, softmax, value. Follows the head that the panel has chosen. */
export class OpenHead implements Part {
  readonly title: string;
  readonly root: HTMLElement;
  private readonly controls;
  private readonly place = element('div', { class: 'open-head' });
  private readonly latest = new Latest();
  private context: ViewContext | undefined;
  private detail: HeadDetail | undefined;
  private runId = -1;
  private query = 0;
  /** The key that is shown number by number; -1: the strongest. */
  private key = -1;
  private all = false;

  constructor(private readonly strings: PanelStrings) {
    this.title = strings.modelHead;
    const choose = (change: Partial<Pick<HeadDetail, 'kind' | 'layer' | 'head'>>): void => {
      if (!this.context) return;
      const { kind, layer, head } = this.context.state;
      this.context.update(onlyHead({ kind, layer, head, ...change }));
    };
    const kinds = ATTENTION_KINDS.map((kind) => ({ value: kind, label: strings[kind] }));
    this.controls = {
      kind: selectControl(strings.kind, kinds, (kind) => choose({ kind, layer: 0, head: 0 })),
      layer: selectControl(strings.layerTitle, [], (layer) => choose({ layer: Number(layer) })),
      head: selectControl(strings.headTitle, [], (head) => choose({ head: Number(head) })),
      query: selectControl(strings.modelQueryToken, [], (query) => {
        this.query = Number(query);
        this.key = -1;
        if (this.context) this.show(this.context);
      }),
    };
    const roots = Object.values(this.controls).map(({ root }) => root);
    this.root = element('div', {}, element('div', { class: 'controls' }, ...roots), this.place);
  }

  show(context: ViewContext): void {
    this.context = context;
    const { run, state } = context;
    const { kind, layer, head } = state;
    if (run.runId !== this.runId) {
      this.runId = run.runId;
      this.all = false;
      this.query = Math.min(1, mapShape(run, kind).queries - 1);
      this.key = -1;
    }
    this.query = Math.min(this.query, mapShape(run, kind).queries - 1);
    this.showControls(context);
    if (head < 0) {
      this.detail = undefined;
      this.place.replaceChildren(element('p', {}, this.strings.modelMeanHead));
      return;
    }
    const params = { kind, layer, head, query: this.query };
    this.latest.ask(context, 'headDetail', params, (detail) => {
      this.detail = detail;
      this.draw(detail, context);
    });
  }

  csv({ omitText }: ExportOptions): readonly CsvTable[] {
    const { detail, context, strings } = this;
    if (!detail || !context) return [];
    const keys = keyTokens(context.run, detail.kind);
    const header = [
      strings.key,
      strings.modelScore,
      strings.modelScaled,
      strings.modelMask,
      strings.modelSoftmax,
    ];
    const rows = [...detail.weights.keys()].map((key) => [
      omitText ? key : `${key} ${visibleToken(keys[key]?.text ?? '')}`,
      detail.scores[key] ?? 0,
      detail.scaled[key] ?? 0,
      detail.mask[key] ?? 0,
      detail.weights[key] ?? 0,
    ]);
    return [{ name: 'head', rows: [header, ...rows] }];
  }

  private showControls({ run, state }: ViewContext): void {
    const { controls, strings } = this;
    const { kind, layer, head } = state;
    controls.kind.set(kind);
    controls.layer.offer(numbered(layersOf(run, kind), strings.layer));
    controls.layer.set(String(layer));
    controls.head.offer(numbered(run.heads, strings.head));
    controls.head.set(String(head));
    const predicts = kind === 'encoder' ? '' : `${strings.predicts} `;
    controls.query.offer(
      queryTokens(run, kind, 'predicted').map(({ text }, index) => ({
        value: String(index),
        label: `${index + 1}: ${predicts}${visibleToken(text)}`,
      })),
    );
    controls.query.set(String(this.query));
  }

  private draw(detail: HeadDetail, context: ViewContext): void {
    const { strings } = this;
    const { run, locale, colours } = context;
    const size = detail.queryVector.length;
    const valueSize = detail.output.length;
    const keys = keyTokens(run, detail.kind).map(({ text }) => visibleToken(text));
    const query = visibleToken(
      queryTokens(run, detail.kind, 'predicted')[detail.query]?.text ?? '',
    );
    const [strongest = 0] = strongestKeys(detail.weights, 1);
    const key = this.key < 0 ? strongest : this.key;
    const limit = largestOf(detail.queryVector, detail.keyVectors, detail.valueVectors);
    const table = colours.diverging;
    const step = (text: string, ...content: HTMLElement[]): HTMLElement =>
      element('section', { class: 'step' }, element('h4', {}, text), ...content);
    const focused = document.activeElement?.getAttribute('data-key');
    this.place.replaceChildren(
      element('p', { class: 'muted' }, fill(strings.modelStripNote, formatNumber(limit, locale))),
      step(fill(strings.modelStepQuery, size), strip(detail.queryVector, limit, table)),
      step(
        fill(strings.modelStepKeys, size, formatNumber(Math.sqrt(size), locale)),
        keysTable(detail, {
          strings,
          locale,
          keys,
          query,
          key,
          all: this.all,
          limit,
          colours: table,
          choose: (chosen) => {
            this.key = chosen;
            this.draw(detail, context);
            const said = `${keys[chosen] ?? ''}: ${strings.weight} ${formatWeight(detail.weights[chosen] ?? 0, locale)}`;
            context.announce(said);
          },
          showAll: () => {
            this.all = true;
            this.draw(detail, context);
          },
        }),
      ),
      step(
        fill(strings.modelStepPair, query, keys[key] ?? ''),
        pairTable(detail, key, { strings, locale, query, name: keys[key] ?? '' }),
      ),
      step(fill(strings.modelStepOutput, valueSize), strip(detail.output, limit, table)),
    );
    if (typeof focused === 'string')
      this.place.querySelector<HTMLElement>(`[data-key="${focused}"]`)?.focus();
  }
}
