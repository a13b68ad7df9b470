import { element } from './dom';
import { moveInGrid } from './grid';

/** Cells on either side of the focused one that assistive technology can reach without a move. */
const WINDOW = 8;

export interface GridPlace {
  readonly row: number;
  readonly column: number;
}

export interface GridEvents {
  /** What a screen reader reads for a cell. */
  name(place: GridPlace): string;
  isSelected?(place: GridPlace): boolean;
  move(place: GridPlace): void;
  /** Keys beyond those that move; true if it was one of the view's. */
  key(event: KeyboardEvent, place: GridPlace): boolean;
}

let grids = 0;

/**
 * A grid that is drawn, not built: one tab stop, the focused cell told by `aria-activedescendant`, and elements for the cells
 * around it in its row and the rows beside it only, whatever the size (the ARIA grid pattern).
 */
export class GridProxy {
  readonly root: HTMLElement;
  private readonly rows = element('div', { class: 'hidden', role: 'rowgroup' });
  private readonly grid = element('div', { role: 'grid', tabindex: 0 }, this.rows);
  private readonly id = `grid-${grids++}`;
  private size = { rows: 0, columns: 0 };
  private at: GridPlace = { row: 0, column: 0 };
  private stale = false;

  constructor(
    label: string,
    private readonly events: GridEvents,
    ...content: HTMLElement[]
  ) {
    // The drawing stands beside the grid, not in it: a grid has rows and nothing else.
    this.root = element('div', { class: 'grid' }, ...content, this.grid);
    this.rename(label);
    this.grid.addEventListener('keydown', (event) => this.onKey(event));
    this.grid.addEventListener('focus', () => this.fill());
    this.root.addEventListener('pointerup', () => this.grid.focus({ preventScroll: true }));
  }

  get place(): GridPlace {
    return this.at;
  }

  rename(label: string): void {
    this.grid.setAttribute('aria-label', label);
  }

  /** After a change of size or of what the cells say. The focus stays where it is as far as it can. */
  resize(rows: number, columns: number): void {
    this.size = { rows, columns };
    this.grid.setAttribute('aria-rowcount', String(rows));
    this.grid.setAttribute('aria-colcount', String(columns));
    const { row, column } = this.at;
    this.at = {
      row: Math.max(0, Math.min(rows - 1, row)),
      column: Math.max(0, Math.min(columns - 1, column)),
    };
    this.fill();
  }

  /** Moves the focused cell without telling the view. */
  moveTo(place: GridPlace): void {
    this.at = place;
    this.fill();
  }

  /** The same for what moves with the mouse: the cells are named when somebody comes by the keyboard. */
  follow(place: GridPlace): void {
    this.at = place;
    this.stale = true;
  }

  private onKey(event: KeyboardEvent): void {
    if (this.stale) this.fill();
    if (this.events.key(event, this.at)) {
      event.preventDefault();
      return;
    }
    if (event.altKey || event.metaKey) return;
    const to = moveInGrid(event.key, event.ctrlKey, this.at, this.size);
    if (!to) return;
    event.preventDefault();
    this.moveTo(to);
    this.events.move(to);
  }

  private fill(): void {
    this.stale = false;
    const { rows, columns } = this.size;
    const { row, column } = this.at;
    this.rows.replaceChildren();
    if (rows === 0 || columns === 0) return;
    for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
      const line = element('div', { role: 'row', 'aria-rowindex': r + 1 });
      const last = Math.min(columns - 1, column + WINDOW);
      for (let c = Math.max(0, column - WINDOW); c <= last; c++) {
        const place = { row: r, column: c };
        const selected = this.events.isSelected?.(place);
        const cell = element(
          'div',
          {
            role: 'gridcell',
            id: `${this.id}-${r}-${c}`,
            'aria-colindex': c + 1,
            'aria-selected': selected === undefined ? undefined : String(selected),
          },
          this.events.name(place),
        );
        line.append(cell);
      }
      this.rows.append(line);
    }
    this.grid.setAttribute('aria-activedescendant', `${this.id}-${row}-${column}`);
  }
}
