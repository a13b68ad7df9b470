import { isCancelled } from '../../common/errors';
import type { PanelStrings } from '../../protocol/panelStrings';
import { buttonControl, checkboxControl, selectControl } from '../controls';
import { lineSample, lineStyles, type LineStyle } from '../drawing/dashes';
import { scenePng, sceneSvg, type Shape } from '../drawing/scene';
import { element } from '../dom';
import type { ExportParts } from '../export/parts';
import { fill } from '../format';
import { headLabel } from '../headMarks';
import { keyTokens, queryTokens } from '../shownMap';
import { shownHeads } from '../state';
import type { ShownMap, View, ViewContext } from '../view';
import { anchorSide, cursorAnchor, pinnedAnchor, turnedPins, type Anchor } from './anchor';
import { anchorWeights, meanWeights, togglePins } from './anchors';
import { Blocks, type TokenPlace } from './blocks';
import { CurveLayer, laneShapes, linkShapes } from './curves';
import { describeAnchor, describeKept, describeLinks } from './describe';
import { EditorMarker, editorTokens } from './editorMarks';
import { Layout } from './layout';
import { strongestLinks, type LinkChoice } from './links';
import { blockMarks, mapInRange } from './marks';
import { piecesOf } from './tokenText';
import { linkRows, textScene, textTable } from './twin';

/** Two texts, the queries' and the keys', shaded by the weights of what is hovered or pinned. */
class TextView implements View {
  readonly id = 'text';
  readonly root: HTMLElement;
  private readonly curves = new CurveLayer();
  private readonly blocks: Blocks;
  private readonly layout: Layout;
  private readonly marker = new EditorMarker();
  private readonly direction;
  private readonly links;
  private readonly average;
  private readonly clear: HTMLElement;
  private readonly legend = element('p', { class: 'note' });
  private readonly status = element('p', { class: 'reading' });
  private context: ViewContext | undefined;
  /** One for each head that is shown, or one for their mean. */
  private shown: readonly ShownMap[] = [];
  private heads: readonly string[] = [];
  private styles: readonly LineStyle[] = [];
  private preview: TokenPlace | undefined;
  private cursorTokens: readonly number[] = [];
  /** Of the other block than the anchor's: each head's, and their mean. */
  private weights: readonly Float32Array[] = [];
  private mean: Float32Array = new Float32Array();
  private choice: LinkChoice = { links: [], total: 0 };
  private frame = 0;

  constructor(private readonly strings: PanelStrings) {
    this.blocks = new Blocks(
      {
        preview: (place, byKeyboard) => this.onPreview(place, byKeyboard),
        pin: (place, adding) => this.onPin(place, adding),
        reveal: (place) => this.onReveal(place),
        clear: () => this.onClear(),
        singleKeys: () => this.context?.singleKeys ?? false,
      },
      this.curves.canvas,
    );
    this.blocks.root.setAttribute('aria-label', strings.textLabel);
    this.layout = new Layout(this.blocks, () => this.drawSoon());
    this.direction = selectControl(
      strings.direction,
      [
        { value: 'to', label: strings.direction_to },
        { value: 'by', label: strings.direction_by },
      ],
      (direction) => {
        if (!this.context) return;
        const pins = turnedPins(this.context.state, this.context.run, direction);
        this.context.update({ direction, pins });
      },
    );
    this.links = checkboxControl(strings.curves, (curves) => this.context?.update({ curves }));
    this.average = checkboxControl(strings.average, (average) => this.context?.update({ average }));
    this.clear = buttonControl(strings.clearPins, () => this.onClear());
    const controls = [this.direction.root, this.links.root, this.average.root, this.clear];
    this.root = element(
      'section',
      { class: 'text-view' },
      element('div', { class: 'controls' }, ...controls),
      this.blocks.root,
      this.status,
      this.legend,
      element('p', { class: 'note' }, strings.textHint),
    );
  }

  show(context: ViewContext): void {
    this.context = context;
    const { state } = context;
    this.direction.set(state.direction);
    this.links.set(state.curves);
    this.average.set(state.average);
    this.clear.hidden = state.pins.indices.length === 0;
    const heads = shownHeads(state);
    this.average.root.hidden = heads.length < 2;
    void this.load(context, heads.length > 1 && !state.average);
  }

  hide(): void {
    this.preview = undefined;
    this.cursorTokens = [];
    if (this.context) this.marker.hover(this.context, undefined, undefined, []);
  }

  cursor(indices: readonly number[]): void {
    this.cursorTokens = indices;
    this.apply();
  }

  table(): HTMLElement {
    const { context, strings } = this;
    if (!context) return element('div');
    const anchor = this.anchor();
    const caption = anchor ? this.describe(anchor) : strings.strongestLinks;
    return textTable(context, this.shown, this.heads, anchor, caption);
  }

  exports(): ExportParts | undefined {
    const { context, shown } = this;
    const [first] = shown;
    if (!context || !first) return undefined;
    const scene = (omitText: boolean) => {
      const { query, key } = this.layout.all;
      const marks = this.marks(first);
      const blocks = [
        { labels: first.queryLabels, boxes: query, marks: marks.query },
        { labels: first.keyLabels, boxes: key, marks: marks.key },
      ];
      return textScene(context, blocks, this.linkShapes(), omitText);
    };
    return {
      png: (scale, { omitText }) => scenePng(scene(omitText), scale),
      svg: ({ omitText }) => sceneSvg(scene(omitText)),
      json: ({ omitText }) => {
        const { links, total } = this.chooseLinks();
        const [columns, ...rows] = linkRows(shown, this.heads, links, omitText);
        return { anchor: this.anchor(), total, columns, links: rows };
      },
      csv: ({ omitText }) => {
        const { links } = this.chooseLinks();
        return [{ name: 'links', rows: linkRows(shown, this.heads, links, omitText) }];
      },
    };
  }

  private async load(context: ViewContext, several: boolean): Promise<void> {
    const heads = shownHeads(context.state);
    try {
      const maps = await Promise.all(
        several
          ? heads.map(({ kind, layer, head }) => context.map(kind, layer, head))
          : [context.chosen()],
      );
      // Something else may be shown by now.
      if (context !== this.context) return;
      this.shown = maps.map((map) => context.filtered(map, context.state.kind));
    } catch (error) {
      // The shell tells of failures.
      if (isCancelled(error) || context !== this.context) return;
      this.shown = [];
    }
    const names = heads.map(headLabel);
    this.heads = several ? names : [names.join(' + ')];
    this.showTexts(context);
    this.apply();
    context.changed();
  }

  private showTexts({ run, state, colours }: ViewContext): void {
    const { strings } = this;
    const [first] = this.shown;
    if (!first) return;
    const names = { source: strings.source, target: strings.output };
    const queries = piecesOf(first.queryLabels, queryTokens(run, state.kind, state.rows));
    const keys = piecesOf(first.keyLabels, keyTokens(run, state.kind));
    this.blocks.set('query', queries, `${strings.query}: ${names[first.querySide]}`);
    this.blocks.set('key', keys, `${strings.key}: ${names[first.keySide]}`);
    this.blocks.root.dataset['lanes'] = String(this.shown.length > 1 ? this.shown.length : 0);
    this.blocks.root.classList.toggle('with-curves', state.curves);
    this.layout.forget();
    this.styles = lineStyles(this.shown.length, colours.theme.foreground);
    const byRow = state.domain !== 'fixed' || state.valueWeighted;
    const heads = this.styles.map((style, index) =>
      element('span', { class: 'legend-head' }, lineSample(style), this.heads[index] ?? ''),
    );
    this.legend.replaceChildren(
      `${fill(strings.shading, byRow ? strings.domain_row : '1')}.`,
      ...(heads.length > 1 ? [` ${strings.lanes}: `, ...heads] : []),
    );
  }

  private anchor(): Anchor | undefined {
    const { context, preview } = this;
    const [first] = this.shown;
    if (!context || !first) return undefined;
    if (preview) {
      return { direction: preview.block === 'query' ? 'to' : 'by', lines: [preview.index] };
    }
    const pinned = pinnedAnchor(context.state, first);
    return pinned ?? cursorAnchor(context.state, first, this.cursorTokens);
  }

  /** Shows what is hovered, pinned or under the editor's cursor: called at every move of the mouse. */
  private apply(): void {
    const { context } = this;
    const [first] = this.shown;
    if (!context || !first) return;
    const anchor = this.anchor();
    this.weights = anchor
      ? this.shown.map(({ map }) => anchorWeights(map, anchor.direction, anchor.lines))
      : [];
    this.mean = meanWeights(this.weights);
    const { query, key } = this.marks(first);
    this.blocks.query.mark(query);
    this.blocks.key.mark(key);
    this.marker.pin(context, this.shown);
    if (context.state.curves) this.choice = this.chooseLinks();
    this.showStatus(context, first, anchor);
    this.drawSoon();
  }

  private marks(shown: ShownMap) {
    const state = this.context?.state;
    if (!state) return { query: {}, key: {} };
    const anchor = this.anchor();
    return blockMarks({ state, shown, anchor, weights: this.mean, cursor: this.cursorTokens });
  }

  private showStatus(
    { state, locale }: ViewContext,
    shown: ShownMap,
    anchor: Anchor | undefined,
  ): void {
    const parts = [
      anchor ? this.describe(anchor) : '',
      state.curves ? describeLinks(this.strings, locale, this.choice) : '',
      anchor ? describeKept(this.strings, locale, shown, anchor) : '',
    ];
    this.status.textContent = parts.filter((part) => part !== '').join(' ');
  }

  private describe(anchor: Anchor): string {
    const [first] = this.shown;
    if (!first || !this.context) return '';
    return describeAnchor(this.strings, this.context.locale, first, anchor, this.mean);
  }

  private chooseLinks(): LinkChoice {
    const anchor = this.anchor();
    const range = this.context?.state.range;
    const maps = this.shown.map((shown) => (range ? mapInRange(shown, range) : shown.map));
    const most = this.curves.budget.most;
    return strongestLinks(maps, most, anchor?.direction ?? 'to', anchor?.lines ?? []);
  }

  private linkShapes(): Shape[] {
    if (this.context?.state.curves !== true) return [];
    const { query, key } = this.layout.all;
    return linkShapes(this.choice.links, query, key, this.styles);
  }

  private drawSoon(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    const { context } = this;
    if (!context || !this.root.isConnected) return;
    const links = this.linkShapes();
    const several = this.weights.length > 1;
    const block = this.anchor()?.direction === 'to' ? 'key' : 'query';
    const lanes = several ? laneShapes(this.weights, this.layout.all[block], this.styles) : [];
    const { clientWidth, clientHeight } = this.blocks.root;
    const { font } = context.colours.theme;
    this.curves.draw([...links, ...lanes], clientWidth, clientHeight, font, links.length);
  }

  private onPreview(place: TokenPlace | undefined, byKeyboard: boolean): void {
    const { context, preview } = this;
    if (!context || (place?.block === preview?.block && place?.index === preview?.index)) return;
    this.preview = place;
    this.apply();
    const anchor = this.anchor();
    this.marker.hover(context, this.shown[0], place ? anchor : undefined, this.mean);
    if (place && byKeyboard && anchor) context.announce(this.describe(anchor));
    context.changed();
  }

  private onPin(place: TokenPlace, adding: boolean): void {
    const { context, strings } = this;
    const [first] = this.shown;
    const label = (place.block === 'query' ? first?.queryLabels : first?.keyLabels)?.[place.index];
    if (!context || !label) return;
    const { state } = context;
    const direction = place.block === 'query' ? 'to' : 'by';
    const side = anchorSide(state.kind, direction);
    const same = state.pins.side === side && state.direction === direction;
    const indices = togglePins(same ? state.pins.indices : [], label.tokens, adding);
    const on = label.tokens.every((token) => indices.includes(token));
    context.update({ direction, pins: { side, indices } });
    context.announce(`${label.text} ${on ? strings.pinned : strings.unpinned}`);
  }

  private onClear(): void {
    const { context } = this;
    if (!context) return;
    this.preview = undefined;
    this.marker.hover(context, undefined, undefined, []);
    context.update({ pins: { ...context.state.pins, indices: [] } });
  }

  private onReveal({ block, index }: TokenPlace): void {
    const { context } = this;
    const [first] = this.shown;
    const label = (block === 'query' ? first?.queryLabels : first?.keyLabels)?.[index];
    if (!context || !first || !label) return;
    const [token] = editorTokens(context.run, context.state, block, label);
    const side = block === 'query' ? first.querySide : first.keySide;
    if (token !== undefined) context.reveal(side, token);
  }
}

export function createTextView(strings: PanelStrings): View {
  return new TextView(strings);
}
