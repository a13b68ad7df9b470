import { ATTENTION_KINDS, layersOf, type AttentionRun } from '../../protocol/attentionRun';
import type { AttentionKind } from '../../attention/headMetrics';
import type { HeadChoice } from '../../protocol/panelState';
import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';
import { GridProxy, type GridPlace } from '../gridProxy';
import { sameHead, shownHeads } from '../state';
import type { ViewContext } from '../view';
import {
  blockLayout,
  cellAt,
  cellPlace,
  drawBlock,
  Thumbnails,
  type BlockContent,
  type BlockLayout,
} from './block';
import { badgeTexts, describeHead } from './describe';
import type { HeadPredicate } from './headQuery';
import { metricOf } from '../../protocol/attentionRun';
import { orderedHeads } from './order';

const LEAST_CELL = 40;
const MOST_CELL = 96;
/** From this width on there are two columns of blocks: the encoder, and beside it both of the decoder's. */
const TWO_COLUMNS = 900;

interface Block {
  readonly kind: AttentionKind;
  readonly root: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly cursor: HTMLElement;
  heads: readonly HeadChoice[];
  layout: BlockLayout;
}

export interface HeadGridEvents {
  open(head: HeadChoice): void;
  toggle(head: HeadChoice): void;
  clear(): void;
}

/** All heads as one grid of three blocks, drawn on a canvas each; a row is a layer, or eight places of a sorted list. */
export class HeadGrid {
  readonly root: HTMLElement;
  /** The head under the mouse or focus, in words. */
  readonly line = element('p', { class: 'exact', 'aria-hidden': true });
  private readonly grid: GridProxy;
  private readonly blocks: readonly Block[];
  private readonly thumbnails = new Thumbnails();
  private context: ViewContext | undefined;

  constructor(
    private readonly strings: PanelStrings,
    private readonly events: HeadGridEvents,
  ) {
    this.blocks = ATTENTION_KINDS.map((kind) => this.createBlock(kind));
    const content = element(
      'div',
      { class: 'blocks', 'aria-hidden': true },
      ...this.blocks.map(({ root }) => root),
    );
    this.grid = new GridProxy(
      strings.view_overview,
      {
        name: (place) => this.describe(this.headAt(place)),
        isSelected: (place) => this.isChosen(this.headAt(place)),
        move: (place) => this.focus(place),
        key: (event, place) => this.onKey(event, place),
      },
      content,
    );
    this.root = element('div', { class: 'overview-grid' }, this.grid.root, this.line);
    new ResizeObserver(() => this.draw()).observe(this.root);
  }

  show(context: ViewContext, distances: Float32Array | undefined, predicate: HeadPredicate): void {
    const { run, state } = context;
    this.context = context;
    this.predicate = predicate;
    for (const block of this.blocks) {
      const sort =
        state.sort === 'similarity' && block.kind !== state.kind ? 'position' : state.sort;
      block.heads = orderedHeads(run, block.kind, sort, distances);
    }
    this.grid.resize(this.rowCount(run), run.heads);
    this.line.textContent = this.describe(this.headAt(this.grid.place));
    this.draw();
  }

  private predicate: HeadPredicate = () => true;

  matches({ kind, layer, head }: HeadChoice): boolean {
    const run = this.context?.run;
    if (!run) return false;
    return this.predicate((name) => {
      if (name === 'layer') return layer + 1;
      if (name === 'head') return head + 1;
      return metricOf(run, kind, layer, head, name);
    });
  }

  /** The blocks as they are drawn, at another size. */
  picture(pixelRatio: number): HTMLCanvasElement {
    const { context } = this;
    const width = Math.max(...this.blocks.map(({ layout }) => layout.width));
    const heights = this.blocks.map(({ layout }) => layout.height + 24);
    const height = heights.reduce((sum, one) => sum + one, 0);
    const picture = element('canvas', { width: width * pixelRatio, height: height * pixelRatio });
    const target = picture.getContext('2d');
    if (!target || !context) return picture;
    const { theme } = context.colours;
    target.fillStyle = theme.background;
    target.fillRect(0, 0, picture.width, picture.height);
    let y = 0;
    for (const [index, block] of this.blocks.entries()) {
      const size = { width: width * pixelRatio, height: block.layout.height * pixelRatio };
      const layer = element('canvas', size);
      const drawing = layer.getContext('2d');
      if (drawing)
        drawBlock(drawing, block.layout, this.contentOf(context, block, pixelRatio), pixelRatio);
      target.fillStyle = theme.foreground;
      target.font = `${13 * pixelRatio}px ${theme.font}`;
      target.fillText(this.strings[block.kind], 0, (y + 16) * pixelRatio);
      target.drawImage(layer, 0, (y + 24) * pixelRatio);
      y += heights[index] ?? 0;
    }
    return picture;
  }

  private createBlock(kind: AttentionKind): Block {
    const canvas = element('canvas');
    const cursor = element('div', { class: 'head-cursor' });
    const stack = element('div', { class: 'stack' }, canvas, cursor);
    const root = element('div', { class: 'block' }, element('h2', {}, this.strings[kind]), stack);
    const block: Block = { kind, root, canvas, cursor, heads: [], layout: blockLayout(0, 0, 0) };
    const headAt = (event: MouseEvent): HeadChoice | undefined => {
      const place = cellAt(block.layout, event.offsetX, event.offsetY);
      return place && block.heads[place.row * block.layout.columns + place.column];
    };
    canvas.addEventListener('mousemove', (event) => {
      const head = headAt(event);
      canvas.classList.toggle('over', head !== undefined);
      if (head) this.line.textContent = this.describe(head);
    });
    canvas.addEventListener('click', (event) => {
      const head = headAt(event);
      if (!head) return;
      this.grid.moveTo(this.placeOf(head));
      if (event.ctrlKey || event.metaKey || event.shiftKey) this.events.toggle(head);
      else this.events.open(head);
    });
    return block;
  }

  private onKey(event: KeyboardEvent, place: GridPlace): boolean {
    const head = this.headAt(place);
    if (!head || event.ctrlKey || event.metaKey) return false;
    if (event.key === 'Enter') this.events.open(head);
    else if (event.key === ' ') this.events.toggle(head);
    else if (event.key.toLowerCase() === 'p' && this.context?.singleKeys === true)
      this.events.toggle(head);
    else if (event.key === 'Escape') this.events.clear();
    else return false;
    return true;
  }

  private focus(place: GridPlace): void {
    const head = this.headAt(place);
    if (!head) return;
    this.line.textContent = this.describe(head);
    this.context?.announce(this.describe(head));
    this.placeCursor();
    this.blocks.find(({ kind }) => kind === head.kind)?.cursor.scrollIntoView({ block: 'nearest' });
  }

  private draw(): void {
    const { context } = this;
    if (!context || this.root.clientWidth === 0) return;
    const { run } = context;
    const room = this.root.clientWidth;
    const two = room >= TWO_COLUMNS;
    this.grid.root.classList.toggle('two', two);
    const width = (two ? room / 2 - 14 : room) - 24;
    const cell = Math.max(LEAST_CELL, Math.min(MOST_CELL, Math.floor(width / run.heads) - 8));
    for (const block of this.blocks) {
      block.layout = blockLayout(layersOf(run, block.kind), run.heads, cell);
      const { canvas, layout } = block;
      canvas.width = Math.round(layout.width * devicePixelRatio);
      canvas.height = Math.round(layout.height * devicePixelRatio);
      canvas.style.setProperty('width', `${layout.width}px`);
      canvas.style.setProperty('height', `${layout.height}px`);
      const drawing = canvas.getContext('2d');
      if (drawing) drawBlock(drawing, layout, this.contentOf(context, block), devicePixelRatio);
    }
    this.placeCursor();
  }

  private contentOf(
    context: ViewContext,
    { kind, heads }: Block,
    pixelRatio = devicePixelRatio,
  ): BlockContent {
    const { run, state, colours } = context;
    return {
      run,
      kind,
      heads,
      state,
      colours,
      thumbnails: pixelRatio === devicePixelRatio ? this.thumbnails : new Thumbnails(),
      chosen: state.kind === kind ? shownHeads(state) : [],
      matches: (head) => this.matches(head),
      badges: (head) => badgeTexts(run, head, this.strings),
    };
  }

  /** A frame around the head in focus: an element, so that nothing is drawn again for it. */
  private placeCursor(): void {
    const head = this.headAt(this.grid.place);
    for (const { kind, layout, cursor, heads } of this.blocks) {
      const index = head?.kind === kind ? heads.findIndex((one) => sameHead(one, head)) : -1;
      cursor.hidden = index < 0;
      if (index < 0) continue;
      const row = Math.floor(index / layout.columns);
      const [x, y] = cellPlace(layout, row, index % layout.columns);
      cursor.style.setProperty('transform', `translate(${x - 4}px, ${y - 4}px)`);
      cursor.style.setProperty('width', `${layout.cell + 8}px`);
      cursor.style.setProperty('height', `${layout.cell + 8}px`);
    }
  }

  private rowCount(run: AttentionRun): number {
    return this.blocks.reduce((sum, { kind }) => sum + layersOf(run, kind), 0);
  }

  private headAt({ row, column }: GridPlace): HeadChoice | undefined {
    const run = this.context?.run;
    if (!run) return undefined;
    let before = 0;
    for (const { kind, heads } of this.blocks) {
      const layers = layersOf(run, kind);
      if (row < before + layers) return heads[(row - before) * run.heads + column];
      before += layers;
    }
    return undefined;
  }

  private placeOf(head: HeadChoice): GridPlace {
    const run = this.context?.run;
    let before = 0;
    for (const { kind, heads } of this.blocks) {
      const index = heads.findIndex((one) => sameHead(one, head));
      if (run && index >= 0) {
        return { row: before + Math.floor(index / run.heads), column: index % run.heads };
      }
      before += run ? layersOf(run, kind) : 0;
    }
    return { row: 0, column: 0 };
  }

  private isChosen(head: HeadChoice | undefined): boolean {
    const state = this.context?.state;
    return !!state && !!head && shownHeads(state).some((one) => sameHead(one, head));
  }

  private describe(head: HeadChoice | undefined): string {
    const { context } = this;
    return head && context ? describeHead(context.run, head, this.strings, context.locale) : '';
  }
}
