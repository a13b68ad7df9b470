import { decodeHalf } from '../../attention/half';
import { isCancelled } from '../../common/errors';
import type { Flow } from '../../protocol/attentionQueries';
import { layersOf, type AttentionRun, type PanelToken } from '../../protocol/attentionRun';
import type { PanelStrings } from '../../protocol/panelStrings';
import { numbered, selectControl } from '../controls';
import { scenePng, sceneSvg, type Scene, type Shape } from '../drawing/scene';
import { element, visibleToken } from '../dom';
import type { ExportParts } from '../export/parts';
import { fill, formatWeight } from '../format';
import { labelsOf, shownRow } from '../shownMap';
import { outputTokens } from '../steps/rows';
import { dataTable } from '../table';
import { strongest } from '../text/anchors';
import { TokenChooser } from '../text/chooser';
import { piecesOf, type TextMarks } from '../text/tokenText';
import type { View, ViewContext } from '../view';
import { LayerStrips, stripHeight, stripShapes } from './layers';

/** Distributions of the chosen token by layer, of each flow that is shown. */
type Rows = Readonly<Record<Flow, readonly (Float32Array | undefined)[]>>;

const NO_ROWS: Rows = { encoder: [], source: [], prefix: [] };

/** Width of the strips in a file. */
const FILE_WIDTH = 900;

/** Where a token comes from after each layer, by rollout: through the encoder, or from both texts through the decoder. */
class FlowView implements View {
  readonly id = 'flow';
  readonly root: HTMLElement;
  private readonly kind;
  private readonly layer;
  private readonly reading = element('p', { class: 'reading' });
  private readonly titles = {
    source: element('div', { class: 'block-title' }),
    output: element('div', { class: 'block-title' }),
  };
  private readonly source: TokenChooser;
  private readonly output: TokenChooser;
  private readonly strips: Readonly<Record<'source' | 'prefix', LayerStrips>>;
  private context: ViewContext | undefined;
  private cursorTokens: ReadonlySet<number> = new Set();
  private rows: Rows = NO_ROWS;
  private loading = 0;

  constructor(private readonly strings: PanelStrings) {
    this.kind = selectControl(
      strings.flow,
      [
        { value: 'encoder', label: strings.flow_encoder },
        { value: 'source', label: strings.flow_output },
      ],
      // The last layer of the other stack is out of range of neither.
      (flow) => this.context?.update({ flow, flowLayer: Number.MAX_SAFE_INTEGER }),
    );
    this.layer = selectControl(strings.flowLayer, [], (layer) =>
      this.context?.update({ flowLayer: Number(layer) }),
    );
    this.source = new TokenChooser(
      'flow-source',
      (index) => {
        // The source is only chosen from where it is what flows.
        const pins = { side: 'source', indices: [index] } as const;
        if (this.isEncoder) this.context?.update({ pins });
      },
      (index) => this.context?.reveal('source', index),
    );
    this.output = new TokenChooser(
      'flow-output',
      // Piece t + 1 is what row t predicts.
      (index) => this.context?.update({ step: index - 1 }),
      (index) => {
        if (index < (this.context?.run.target.length ?? 0)) this.context?.reveal('target', index);
      },
    );
    const strips = (name: 'source' | 'prefix') =>
      new LayerStrips(
        (place) => this.read(name, place),
        (flowLayer) => this.context?.update({ flowLayer }),
      );
    this.strips = { source: strips('source'), prefix: strips('prefix') };
    this.root = element(
      'section',
      { class: 'flow-view' },
      element('div', { class: 'controls' }, this.kind.root, this.layer.root),
      this.titles.output,
      this.output.root,
      this.titles.source,
      this.source.root,
      this.reading,
      this.strips.prefix.root,
      this.strips.source.root,
      element('p', { class: 'note' }, strings.flowByLayer),
      element('p', { class: 'note' }, strings.flowCaveat),
    );
  }

  show(context: ViewContext): void {
    this.context = context;
    const { run, state, strings } = context;
    const layers = layersOf(run, this.isEncoder ? 'encoder' : 'decoder');
    this.kind.set(this.isEncoder ? 'encoder' : 'source');
    this.layer.offer(numbered(layers, strings.layer));
    this.layer.set(String(state.flowLayer));
    const output = outputTokens(run.target, run.predicted);
    this.source.text.set(piecesOf(labelsOf(run.source, false), run.source), strings.source);
    this.output.text.set(piecesOf(labelsOf(output, false), output), strings.output);
    this.output.root.hidden = this.titles.output.hidden = this.isEncoder;
    this.strips.prefix.root.hidden = this.isEncoder;
    void this.load(context);
  }

  hide(): void {
    this.loading++;
    this.context?.mark('source', [], []);
    this.context?.mark('target', [], []);
  }

  cursor(indices: readonly number[]): void {
    this.cursorTokens = new Set(indices);
    if (this.context) this.paint(this.context);
  }

  table(): HTMLElement | undefined {
    const { context, strings } = this;
    if (!context) return undefined;
    const { run, locale } = context;
    const list = (row: Float32Array | undefined, tokens: readonly { text: string }[]) =>
      row
        ? strongest(row, 10)
            .map(
              (key) =>
                `${visibleToken(tokens[key]?.text ?? '')} ${formatWeight(row[key] ?? 0, locale)}`,
            )
            .join(', ')
        : '';
    const [upper, lower] = this.parts;
    const rows = upper.rows.map((row, layer) => [
      `${strings.layer} ${layer + 1}`,
      list(row, run.source),
      ...(lower ? [list(lower.rows[layer], run.target)] : []),
    ]);
    const columns = [strings.layerTitle, strings.source, ...(lower ? [strings.output] : [])];
    return dataTable(`${strings.flowTable}: ${this.chosenText}`, columns, rows);
  }

  exports(): ExportParts | undefined {
    const { context } = this;
    if (!context) return undefined;
    const { run } = context;
    return {
      png: (scale) => scenePng(this.scene(context), scale),
      svg: () => sceneSvg(this.scene(context)),
      json: () => ({
        row: this.row,
        flows: this.parts.map(({ flow, rows }) => ({
          flow,
          layers: rows.map((row) => [...(row ?? [])]),
        })),
      }),
      csv: ({ omitText }) =>
        this.parts.map(({ flow, rows }) => {
          const names = tokensOf(run, flow).map(({ text }, key) => (omitText ? key : text));
          return {
            name: `rollout-${flow}`,
            rows: [['layer', ...names], ...rows.map((row, layer) => [layer + 1, ...(row ?? [])])],
          };
        }),
    };
  }

  private get isEncoder(): boolean {
    return this.context?.state.flow === 'encoder';
  }

  /** The row of the maps that is looked at. */
  private get row(): number {
    const { state, run } = this.context ?? {};
    if (!state || !run) return 0;
    if (state.flow !== 'encoder') return state.step;
    const [pinned] = state.pins.side === 'source' ? state.pins.indices : [];
    const first = run.source.findIndex(({ special }) => !special);
    return pinned ?? Math.max(0, first);
  }

  private get chosenText(): string {
    const { run } = this.context ?? {};
    return visibleToken((this.isEncoder ? run?.source : run?.predicted)?.[this.row]?.text ?? '');
  }

  /** What is drawn: one distribution through the encoder, two through the decoder, each normalized by itself. */
  private get parts(): readonly [Part, ...Part[]] {
    const { encoder, source, prefix } = this.rows;
    if (this.isEncoder) return [{ flow: 'encoder', rows: encoder }];
    return [
      { flow: 'source', rows: source },
      { flow: 'prefix', rows: prefix },
    ];
  }

  /** The layer that is shown first, then the others one by one: each map may be half a megabyte. */
  private async load(context: ViewContext): Promise<void> {
    const mine = ++this.loading;
    const { run, state } = context;
    const flows: readonly Flow[] = this.isEncoder ? ['encoder'] : ['source', 'prefix'];
    const layers = layersOf(run, this.isEncoder ? 'encoder' : 'decoder');
    const { flowLayer } = state;
    const { row } = this;
    const found = { encoder: [], source: [], prefix: [] } as Record<
      Flow,
      (Float32Array | undefined)[]
    >;
    for (const flow of flows) found[flow] = Array.from({ length: layers });
    const order = [...found[flows[0] ?? 'encoder'].keys()].sort(
      (a, b) => Math.abs(a - flowLayer) - Math.abs(b - flowLayer),
    );
    try {
      for (const layer of order) {
        const maps = await Promise.all(flows.map((flow) => context.ask('flow', { flow, layer })));
        if (mine !== this.loading) return;
        for (const { flow, weights, keys } of maps) {
          const whole = decodeHalf(weights.subarray(row * keys, (row + 1) * keys));
          found[flow][layer] = shownRow(whole, tokensOf(run, flow), state).weights;
        }
        this.rows = found;
        this.paint(context);
      }
    } catch (error) {
      if (isCancelled(error) || mine !== this.loading) return;
      this.rows = NO_ROWS;
    }
    context.changed();
  }

  private paint(context: ViewContext): void {
    const { strings, row } = this;
    const { run, state, colours } = context;
    const { flowLayer } = state;
    const [upper, lower] = this.parts;
    const upperRow = upper.rows[flowLayer];
    const lowerRow = lower?.rows[flowLayer];
    const chosen = new Set([row]);
    const dims = (token: PanelToken | undefined): boolean =>
      state.specials === 'dim' && token?.special === true;
    const marks = (weights: Float32Array | undefined): TextMarks => (weights ? { weights } : {});
    this.source.text.mark({
      ...marks(upperRow),
      cursor: this.cursorTokens,
      faint: (index) => dims(run.source[index]),
      ...(lower ? {} : { anchors: chosen, pinned: chosen }),
    });
    this.output.text.mark({
      ...marks(lowerRow),
      anchors: new Set([row + 1]),
      pinned: new Set([row + 1]),
      faint: (index) => index > row + 1 || dims(run.target[index]),
    });
    const title = (text: string) => fill(text, `“${this.chosenText}”`, flowLayer + 1);
    const upperTitle = title(lower ? strings.flowSource : strings.flowEncoder);
    this.titles.source.textContent = upperTitle;
    this.titles.output.textContent = title(strings.flowPrefix);
    this.source.show(lower ? strings.source : strings.flowChoose, lower ? -1 : row);
    this.source.root.tabIndex = lower ? -1 : 0;
    this.output.show(strings.flowChoose, row + 1, 1);
    const layers = (part: Part, name: string) => ({ title: name, rows: part.rows });
    const names = { source: strings.source, output: strings.output };
    this.strips.source.show(layers(upper, names.source), flowLayer, colours);
    if (lower) this.strips.prefix.show(layers(lower, names.output), flowLayer, colours);
    this.reading.textContent = [
      this.strongestText(lowerRow, run.target),
      this.strongestText(upperRow, run.source),
    ]
      .filter((text) => text !== '')
      .join(' · ');
    context.mark('source', [...(upperRow?.keys() ?? [])], upperRow ?? []);
    const written = !lower || row + 1 >= run.target.length ? [] : [row + 1];
    context.mark('target', written, [1]);
  }

  private strongestText(
    row: Float32Array | undefined,
    tokens: readonly { readonly text: string }[],
  ): string {
    const locale = this.context?.locale ?? '';
    if (!row) return '';
    return strongest(row, 3)
      .map(
        (key) =>
          `“${visibleToken(tokens[key]?.text ?? '')}” ${formatWeight(row[key] ?? 0, locale)}`,
      )
      .join(', ');
  }

  private read(
    name: 'source' | 'prefix',
    place: { readonly layer: number; readonly key: number } | undefined,
  ): void {
    const { context, strings } = this;
    if (!context) return;
    if (!place) return this.paint(context);
    const [upper, lower] = this.parts;
    const weight = (name === 'source' ? upper : lower)?.rows[place.layer]?.[place.key] ?? 0;
    const tokens = name === 'source' ? context.run.source : context.run.target;
    const text = visibleToken(tokens[place.key]?.text ?? '');
    this.reading.textContent = `${strings.layer} ${place.layer + 1}, “${text}”: ${formatWeight(weight, context.locale)}`;
  }

  private scene({ state, colours }: ViewContext): Scene {
    const heights = this.parts.map((part) => stripHeight(part.rows.length) + 20);
    const shapes = this.parts.flatMap((part, index): Shape[] => {
      const down = heights.slice(0, index).reduce((sum, height) => sum + height, 0);
      const strip = stripShapes(part.rows, state.flowLayer, FILE_WIDTH, colours);
      return strip.map((shape) =>
        shape.shape === 'curve' ? shape : { ...shape, y: shape.y + down },
      );
    });
    return {
      width: FILE_WIDTH,
      height: heights.reduce((sum, height) => sum + height, 0),
      background: colours.theme.background,
      font: colours.theme.font,
      shapes,
    };
  }
}

function tokensOf(run: AttentionRun, flow: Flow): readonly PanelToken[] {
  return flow === 'prefix' ? run.target : run.source;
}

interface Part {
  readonly flow: Flow;
  readonly rows: readonly (Float32Array | undefined)[];
}

export function createFlowView(strings: PanelStrings): View {
  return new FlowView(strings);
}
