import type { AttentionRun } from '../../protocol/attentionRun';
import { ALIGNMENT_MODES, type PanelState } from '../../protocol/panelState';
import type { PanelStrings } from '../../protocol/panelStrings';
import { buttonControl, checkboxControl, numbered, selectControl, type Control } from '../controls';
import { element } from '../dom';

type Alignment = PanelState['alignment'];

/** Row, layer and heads that the alignment is read from. */
export class AlignmentControls {
  readonly root: HTMLElement;
  private readonly mode;
  private readonly layer;
  private readonly reset: HTMLElement;
  private readonly heads = element('div', { class: 'head-set', role: 'group' });
  private boxes: readonly Control<boolean>[] = [];
  private all: Control<boolean> | undefined;
  private state: Alignment | undefined;
  private run: AttentionRun | undefined;

  constructor(
    private readonly strings: PanelStrings,
    private readonly onChange: (alignment: Alignment) => void,
    copy: () => void,
  ) {
    this.mode = selectControl(
      strings.alignMethod,
      ALIGNMENT_MODES.map((mode) => ({ value: mode, label: strings[`alignMethod_${mode}`] })),
      (mode) => this.change({ mode }),
    );
    this.layer = selectControl(strings.layerTitle, [], (layer) =>
      this.change({ layer: Number(layer) }),
    );
    this.reset = buttonControl(strings.alignDefault, () => {
      if (this.run) this.onChange({ ...this.run.alignment, heads: [] });
    });
    this.heads.setAttribute('aria-label', strings.alignHeads);
    this.root = element(
      'div',
      { class: 'controls' },
      this.mode.root,
      this.layer.root,
      this.heads,
      this.reset,
      buttonControl(strings.copyPharaoh, copy),
    );
  }

  show(run: AttentionRun, alignment: Alignment): void {
    this.run = run;
    this.state = alignment;
    this.layer.offer(numbered(run.decoderLayers, this.strings.layer));
    this.layer.set(String(alignment.layer));
    this.mode.set(alignment.mode);
    if (this.boxes.length !== run.heads) this.buildHeads(run.heads);
    this.all?.set(alignment.heads.length === 0);
    this.boxes.forEach((box, head) => box.set(alignment.heads.includes(head)));
    const { layer, mode } = run.alignment;
    const isDefault =
      alignment.heads.length === 0 && alignment.layer === layer && alignment.mode === mode;
    this.reset.hidden = isDefault;
  }

  private buildHeads(count: number): void {
    const { strings } = this;
    this.all = checkboxControl(strings.allHeads, () => this.change({ heads: [] }));
    this.boxes = Array.from({ length: count }, (_, head) =>
      checkboxControl(String(head + 1), (on) => {
        const others = this.state?.heads.filter((one) => one !== head) ?? [];
        this.change({ heads: on ? [...others, head].sort((a, b) => a - b) : others });
      }),
    );
    const roots = [this.all, ...this.boxes].map(({ root }) => root);
    const name = element('span', { class: 'control-label' }, strings.alignHeads);
    this.heads.replaceChildren(name, ...roots);
  }

  private change(change: Partial<Alignment>): void {
    if (this.state) this.onChange({ ...this.state, ...change });
  }
}
