import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';
import { GridProxy } from '../gridProxy';
import { headLabel } from '../headMarks';
import { pinnedAnchor } from '../text/anchor';
import type { ViewContext } from '../view';
import {
  clamped,
  fitCell,
  fitted,
  LABELLED_CELL,
  panned,
  revealing,
  zoomed,
  type Camera,
  type Extent,
  type Size,
} from './camera';
import { LABELLED_TOP, marginsFor, type Margins } from './drawing';
import { Minimap } from './minimap';
import { MapPane } from './pane';
import type { Plane } from './plane';
import { describeCell, speakCell, type CellPlace } from './readout';
import { StageMouse } from './stageMouse';
import { Tooltip } from './tooltip';

/** Two maps stand beside each other from this width on. */
const TWO_COLUMNS = 680;
const LEAST_HEIGHT = 220;
const ZOOM = 1.25;
/** Without a further step for so long, zooming is over. */
const SETTLED_MILLISECONDS = 120;

export interface StageEvents {
  place(place: CellPlace): void;
  /** The mouse is on no cell any more. */
  leave(): void;
  reveal(place: CellPlace): void;
  pin(place: CellPlace): void;
  clear(): void;
}

/** One to four maps that are moved, zoomed and pointed at together. */
export class MapStage {
  readonly root: HTMLElement;
  private readonly grid: GridProxy;
  private readonly content = element('div', { class: 'panes', 'aria-hidden': true });
  private readonly line = element('p', { class: 'exact', 'aria-hidden': true });
  private readonly tooltip = new Tooltip();
  private readonly minimap: Minimap;
  private readonly mouse: StageMouse;
  private panes: MapPane[] = [];
  private planes: readonly Plane[] = [];
  private context: ViewContext | undefined;
  private camera: Camera | undefined;
  /** Under the mouse. */
  private over: CellPlace | undefined;
  private extent: Extent = { rows: 0, columns: 0 };
  private view: Size = { width: 0, height: 0 };
  /** Whether `view` leaves room for labels. */
  private labelled = false;
  /** While the wheel zooms. */
  private settling: ReturnType<typeof setTimeout> | undefined;

  constructor(
    strings: PanelStrings,
    private readonly events: StageEvents,
  ) {
    this.grid = new GridProxy(
      strings.view_matrix,
      {
        name: (place) => this.name(place),
        move: (place) => this.point(place, true),
        key: (event, place) => this.onKey(event, place),
      },
      this.content,
    );
    this.minimap = new Minimap(strings.minimap, (row, column) => this.centre(row, column));
    this.mouse = new StageMouse({
      point: (place, x, y) => this.hover(place, x, y),
      leave: () => this.leave(),
      pan: (dx, dy) => this.pan(dx, dy),
      zoom: (factor, x, y) => this.zoomOn(factor, x, y),
      pin: (place) => this.events.pin(place),
      reveal: (place) => this.events.reveal(place),
    });
    const bar = element('div', { class: 'zoom' });
    for (const [sign, name, act] of [
      ['+', strings.zoomIn, () => this.zoom(ZOOM)],
      ['−', strings.zoomOut, () => this.zoom(1 / ZOOM)],
      ['▣', strings.zoomFit, () => this.fit()],
    ] as const) {
      const button = element(
        'button',
        { type: 'button', 'aria-label': name, title: name, tabindex: -1 },
        sign,
      );
      button.addEventListener('click', act);
      bar.append(button);
    }
    const side = element('div', { class: 'map-side' }, bar, this.minimap.root);
    const maps = element('div', { class: 'maps' }, this.grid.root, side);
    this.root = element('div', { class: 'stage' }, maps, this.line, this.tooltip.root);
    // Laying out makes the root higher: done in the same frame, the observer would report a loop.
    new ResizeObserver(() => requestAnimationFrame(() => this.layout(false))).observe(this.root);
  }

  show(context: ViewContext, planes: readonly Plane[]): void {
    const [first] = planes;
    if (!first) return;
    const extent = { rows: first.rows.length, columns: first.columns.length };
    const same = extent.rows === this.extent.rows && extent.columns === this.extent.columns;
    this.context = context;
    this.planes = planes;
    this.extent = extent;
    this.setPanes(context, planes);
    this.grid.rename(this.label(context, planes));
    this.grid.resize(extent.rows, extent.columns);
    this.layout(!same);
    this.point(this.grid.place, false);
  }

  /** Source tokens that the editor points at: their row or column is pointed at here, too. */
  hint(indices: readonly number[]): void {
    const [plane] = this.planes;
    const [index] = indices;
    if (!plane || index === undefined) return;
    const { shown, columns, rows } = plane;
    const labels = shown.keySide === 'source' ? shown.keyLabels : shown.queryLabels;
    const line = labels.findIndex(({ tokens }) => tokens.includes(index));
    const at = (shown.keySide === 'source' ? columns : rows).indexOf(line);
    if (at < 0) return;
    const { place } = this.grid;
    const to = shown.keySide === 'source' ? { ...place, column: at } : { ...place, row: at };
    this.grid.moveTo(to);
    this.reveal(to);
    for (const pane of this.panes) pane.point(to);
    this.line.textContent = this.lineOf(to);
  }

  picture(pixelRatio: number, omitText: boolean): HTMLCanvasElement {
    const pictures = this.panes.map((pane) => pane.picture(pixelRatio, omitText));
    const title = 20 * pixelRatio;
    const canvas = element('canvas');
    canvas.width = Math.max(1, ...pictures.map(({ width }) => width));
    canvas.height = Math.max(
      1,
      pictures.reduce((sum, { height }) => sum + height + title, 0),
    );
    const context = canvas.getContext('2d');
    const theme = this.context?.colours.theme;
    if (!context || !theme) return canvas;
    context.fillStyle = theme.background;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = theme.foreground;
    context.font = `${12 * pixelRatio}px ${theme.font}`;
    let y = 0;
    pictures.forEach((picture, index) => {
      context.fillText(this.panes[index]?.title.textContent ?? '', 0, y + 14 * pixelRatio);
      context.drawImage(picture, 0, y + title);
      y += picture.height + title;
    });
    return canvas;
  }

  private setPanes(context: ViewContext, planes: readonly Plane[]): void {
    while (this.panes.length > planes.length) this.panes.pop()?.root.remove();
    while (this.panes.length < planes.length) {
      const pane = new MapPane();
      this.mouse.attach(pane);
      this.panes.push(pane);
      this.content.append(pane.root);
    }
    const { state, colours } = context;
    planes.forEach((plane, index) => {
      const pane = this.panes[index];
      if (!pane) return;
      pane.title.textContent = `${context.strings[state.kind]} ${plane.heads.map(headLabel).join(' + ')}`;
      const search = state.search.trim().toLowerCase();
      pane.set(plane, { colours, search, pinned: this.pinned(context, plane) });
    });
  }

  /** Queries that are pinned. */
  private pinned({ state }: ViewContext, { shown }: Plane): Set<number> {
    const anchor = pinnedAnchor(state, shown);
    return new Set(anchor?.direction === 'to' ? anchor.lines : []);
  }

  /** Sizes of all that depends on the room there is; what was in view stays in view unless the map is another. */
  private layout(anew: boolean): void {
    const room = this.root.clientWidth;
    if (!this.context || room === 0 || this.planes.length === 0) return;
    const two = this.panes.length > 1 && room >= TWO_COLUMNS;
    this.content.classList.toggle('two', two);
    const margins = this.marginsIn(two ? room / 2 : room);
    this.view = this.viewIn(two ? room / 2 : room, margins);
    this.labelled = margins.top >= LABELLED_TOP;
    const camera =
      anew || !this.camera
        ? fitted(this.extent, this.view)
        : clamped(this.camera, this.extent, this.view);
    this.setCamera(camera);
  }

  private viewIn(room: number, margins: Margins): Size {
    const rows = this.panes.length > 2 ? 2 : 1;
    const top = this.root.getBoundingClientRect().top + scrollY;
    const free = Math.max(LEAST_HEIGHT, (innerHeight - Math.min(top, 200) - 120) / rows);
    const side = this.panes.length === 1 && room > 560 ? 130 : 8;
    return {
      width: Math.max(80, room - margins.left - margins.right - side),
      height: Math.max(80, free - margins.top - margins.bottom),
      // Cells that came to have labels would no longer fit beside them.
      ...(margins.top < LABELLED_TOP ? { comfortable: LABELLED_CELL - 1 } : {}),
    };
  }

  /** Labels take room from the cells that they need to be large: decided by the size that cells have without labels. */
  private marginsIn(room: number): Margins {
    const labelled = marginsFor(LABELLED_CELL);
    const cell = this.camera?.cell ?? 0;
    return fitCell(this.extent, this.viewIn(room, labelled)) >= LABELLED_CELL ||
      cell >= LABELLED_CELL
      ? labelled
      : marginsFor(0);
  }

  private setCamera(camera: Camera): void {
    clearTimeout(this.settling);
    this.settling = undefined;
    this.root.ariaBusy = null;
    const { context } = this;
    const [first] = this.panes;
    this.camera = camera;
    if (!context || !first) return;
    if (this.labelled !== camera.cell >= LABELLED_CELL) {
      this.labelled = !this.labelled;
      const two = this.content.classList.contains('two');
      const room = this.root.clientWidth;
      this.view = this.viewIn(two ? room / 2 : room, marginsFor(camera.cell));
      this.camera = clamped(camera, this.extent, this.view);
    }
    const margins = marginsFor(this.camera.cell);
    const drawn = this.drawn(this.camera);
    for (const pane of this.panes) pane.place(this.camera, drawn, this.view, margins);
    this.minimap.show(first, this.camera, this.extent, this.view, context.colours);
    for (const pane of this.panes) pane.point(this.grid.place);
  }

  /** A map smaller than the room has nothing empty around it. */
  private drawn({ cell }: Camera): Size {
    return {
      width: Math.min(this.view.width, this.extent.columns * cell),
      height: Math.min(this.view.height, this.extent.rows * cell),
    };
  }

  private pan(dx: number, dy: number): boolean {
    const { camera } = this;
    if (!camera) return false;
    const next = panned(camera, dx, dy, this.extent, this.view);
    if (next.x === camera.x && next.y === camera.y) return false;
    this.setCamera(next);
    return true;
  }

  private zoom(factor: number, x = this.view.width / 2, y = this.view.height / 2): void {
    if (this.camera) this.setCamera(zoomed(this.camera, factor, { x, y }, this.extent, this.view));
  }

  /** One of many steps: drawn quickly and with the labels where they were; exactly once no further one comes. */
  private zoomOn(factor: number, x: number, y: number): void {
    const { camera, extent, view, panes } = this;
    if (!camera) return;
    const next = zoomed(camera, factor, { x, y }, extent, view);
    const least = Math.min(camera.cell, next.cell);
    // A map that leaves room around it is small, and is quick to draw.
    if (extent.columns * least < view.width || extent.rows * least < view.height)
      return this.setCamera(next);
    if (this.settling === undefined) for (const pane of panes) pane.point(undefined);
    this.root.ariaBusy = 'true';
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.setCamera(this.camera ?? next), SETTLED_MILLISECONDS);
    this.camera = next;
    for (const pane of panes) pane.zoom(next, this.drawn(next));
  }

  private fit(): void {
    this.camera = undefined;
    this.layout(true);
  }

  private centre(row: number, column: number): void {
    if (!this.camera) return;
    const { cell } = this.camera;
    const x = column * cell - this.view.width / 2;
    const y = row * cell - this.view.height / 2;
    this.setCamera(clamped({ cell, x, y }, this.extent, this.view));
  }

  private reveal({ row, column }: CellPlace): void {
    if (this.camera) this.setCamera(revealing(this.camera, row, column, this.extent, this.view));
  }

  private hover(place: CellPlace, x: number, y: number): void {
    const { over } = this;
    this.grid.follow(place);
    if (over?.row !== place.row || over.column !== place.column) {
      this.over = place;
      this.point(place, false);
      this.events.place(place);
    }
    this.tooltip.show(this.line.textContent, x, y);
  }

  private leave(): void {
    this.tooltip.hide();
    if (this.over) this.events.leave();
    this.over = undefined;
  }

  private point(place: CellPlace, byKey: boolean): void {
    if (byKey) {
      this.reveal(place);
      this.context?.announce(this.name(place));
      this.events.place(place);
    }
    for (const pane of this.panes) pane.point(place);
    this.line.textContent = this.lineOf(place);
  }

  private onKey(event: KeyboardEvent, place: CellPlace): boolean {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (key === 'Enter') this.events.reveal(place);
    else if (key === 'Escape') this.events.clear();
    else return this.context?.singleKeys === true && this.onSingleKey(key, place);
    return true;
  }

  private onSingleKey(key: string, place: CellPlace): boolean {
    if (key === '+' || key === '=') this.zoom(ZOOM);
    else if (key === '-') this.zoom(1 / ZOOM);
    else if (key === '0') this.fit();
    else if (key === 'p' || key === 'P') this.events.pin(place);
    else return false;
    return true;
  }

  private lineOf(place: CellPlace): string {
    const { context } = this;
    const [plane] = this.planes;
    if (!context || !plane) return '';
    const words = { ...context, kind: context.state.kind };
    return this.planes.length === 1
      ? describeCell(plane, place, words)
      : speakCell(this.planes, place, words);
  }

  private name(place: CellPlace): string {
    const { context } = this;
    return context ? speakCell(this.planes, place, { ...context, kind: context.state.kind }) : '';
  }

  private label({ strings, state }: ViewContext, planes: readonly Plane[]): string {
    const heads = planes.map((plane) => plane.heads.map(headLabel).join(' + ')).join(', ');
    return `${strings[state.kind]} ${heads}`;
  }
}
