import type { AttentionRun } from '../../protocol/attentionRun';
import { layersOf, ATTENTION_KINDS } from '../../protocol/attentionRun';
import type { AttentionKind } from '../../attention/headMetrics';
import { OUTPUTS, type OutputName } from '../../protocol/panel';
import type { PanelState, ViewId } from '../../protocol/panelState';
import type { PanelStrings } from '../../protocol/panelStrings';
import { buttonControl, checkboxControl, numbered, selectControl } from '../controls';
import { element } from '../dom';
import { onlyHead } from '../state';
import type { ExportParts } from '../export/parts';
import { ExportMenu, type ExportRequest } from '../export/menu';

export interface ToolbarEvents {
  update(change: Partial<PanelState>): void;
  /** -1: all sentences together. */
  chooseSentence(sentence: number): void;
  chooseOutput(output: OutputName): void;
  export(request: ExportRequest): void;
}

/** Which head and sentence is shown, and what can be done with it. */
export class Toolbar {
  readonly root: HTMLElement;
  private readonly output;
  private readonly sentence;
  private readonly kind;
  private readonly layer;
  private readonly head;
  private readonly tables;
  private readonly exports: ExportMenu;
  private readonly heads: HTMLElement;
  private state: PanelState | undefined;

  constructor(
    private readonly strings: PanelStrings,
    events: ToolbarEvents,
    toggleFilters: () => void,
  ) {
    this.sentence = selectControl(strings.sentence, [], (value) =>
      events.chooseSentence(Number(value)),
    );
    this.output = selectControl<OutputName>(
      strings.modelWrites,
      OUTPUTS.map((output) => ({ value: output, label: strings[`modelWrites_${output}`] })),
      (output) => events.chooseOutput(output),
    );
    this.kind = selectControl<AttentionKind>(
      strings.kind,
      ATTENTION_KINDS.map((kind) => ({ value: kind, label: strings[kind] })),
      (kind) => events.update(onlyHead({ kind, layer: 0, head: 0 })),
    );
    this.layer = selectControl(strings.layerTitle, [], (value) =>
      this.choose(events, 'layer', value),
    );
    this.head = selectControl(strings.headTitle, [], (value) => this.choose(events, 'head', value));
    this.heads = element('div', { class: 'controls' });
    this.heads.append(this.kind.root, this.layer.root, this.head.root);
    this.tables = checkboxControl(strings.tableTwin, (tables) => events.update({ tables }));
    this.exports = new ExportMenu(strings, (request) => events.export(request));
    const filters = buttonControl(strings.filters, toggleFilters);
    this.root = element(
      'div',
      { class: 'toolbar' },
      this.output.root,
      this.sentence.root,
      this.heads,
      this.tables.root,
      filters,
      this.exports.root,
    );
  }

  show(run: AttentionRun, state: PanelState, view: ViewId): void {
    const { strings } = this;
    this.state = state;
    this.output.set(run.task?.name ?? 'translation');
    this.showSentences(run);
    // The overview shows all heads, the model view and the others have controls of their own.
    this.heads.hidden = view !== 'matrix' && view !== 'text';
    this.kind.set(state.kind);
    this.layer.offer(numbered(layersOf(run, state.kind), strings.layer));
    this.layer.set(String(state.layer));
    const mean = { value: '-1', label: strings.meanOfHeads };
    this.head.offer([...numbered(run.heads, strings.head), mean]);
    this.head.set(String(state.head));
    this.tables.set(state.tables);
  }

  offerExports(parts: ExportParts | undefined): void {
    this.exports.show(parts);
  }

  openExport(): void {
    this.exports.open();
  }

  private showSentences(run: AttentionRun): void {
    const { strings } = this;
    this.sentence.root.hidden = run.sentences.length < 2;
    const all = { value: '-1', label: strings.allSentences };
    this.sentence.offer([all, ...numbered(run.sentences.length, strings.sentence)]);
    this.sentence.set(String(run.sentence));
  }

  private choose(events: ToolbarEvents, part: 'layer' | 'head', value: string): void {
    if (!this.state) return;
    const { kind, layer, head } = this.state;
    events.update(onlyHead({ kind, layer, head, [part]: Number(value) }));
  }
}
