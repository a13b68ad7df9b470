import { element } from '../dom';
import { TokenText, type Piece } from './tokenText';

export type BlockName = 'query' | 'key';

export interface TokenPlace {
  readonly block: BlockName;
  readonly index: number;
}

export interface BlockEvents {
  /** The mouse or the keyboard is on a token, or on none any more. */
  preview(place: TokenPlace | undefined, byKeyboard: boolean): void;
  pin(place: TokenPlace, adding: boolean): void;
  reveal(place: TokenPlace): void;
  clear(): void;
  /** Whether single letters do anything (WCAG 2.1.4). */
  singleKeys(): boolean;
}

const BLOCKS = ['query', 'key'] as const;

/** Queries above keys, as one list with one tab stop: arrows go on from the last query to the first key. */
export class Blocks {
  readonly root: HTMLElement;
  readonly query = new TokenText('text-query', 'option');
  readonly key = new TokenText('text-key', 'option');
  private readonly titles = {
    query: element('div', { class: 'block-title', 'aria-hidden': 'true' }),
    key: element('div', { class: 'block-title', 'aria-hidden': 'true' }),
  };
  private active: TokenPlace | undefined;

  constructor(
    private readonly events: BlockEvents,
    canvas: HTMLElement,
  ) {
    this.root = element(
      'div',
      { class: 'texts', role: 'listbox', tabindex: 0, 'aria-multiselectable': 'true' },
      canvas,
      this.titles.query,
      this.query.root,
      this.titles.key,
      this.key.root,
    );
    this.root.addEventListener('mousemove', (event) => this.onMove(event));
    this.root.addEventListener('mouseleave', () => events.preview(undefined, false));
    this.root.addEventListener('mousedown', (event) => {
      // Shift+click would select text instead.
      if (event.shiftKey) event.preventDefault();
    });
    this.root.addEventListener('click', (event) => {
      const place = this.placeOf(event.target);
      if (!place) return;
      this.activate(place);
      events.pin(place, event.shiftKey);
    });
    this.root.addEventListener('dblclick', (event) => {
      const place = this.placeOf(event.target);
      if (place) events.reveal(place);
    });
    this.root.addEventListener('keydown', (event) => this.onKey(event));
    this.root.addEventListener('blur', () => events.preview(undefined, true));
  }

  set(name: BlockName, pieces: readonly Piece[], label: string): void {
    this[name].set(pieces, label);
    this.titles[name].textContent = label;
    if (this.active?.block === name && this.active.index >= pieces.length) this.active = undefined;
    this.showActive();
  }

  private onMove(event: MouseEvent): void {
    const place = this.placeOf(event.target);
    if (place) this.events.preview(place, false);
  }

  private placeOf(target: EventTarget | null): TokenPlace | undefined {
    for (const block of BLOCKS) {
      const index = this[block].indexOf(target);
      if (index !== undefined) return { block, index };
    }
    return undefined;
  }

  private onKey(event: KeyboardEvent): void {
    const { events } = this;
    const at = this.active ?? { block: 'query', index: 0 };
    if (event.altKey || event.metaKey) return;
    if (event.key === 'Escape') events.clear();
    else if (event.key === 'Enter') events.reveal(at);
    else if (event.key === ' ' || (/^p$/i.test(event.key) && events.singleKeys())) {
      events.pin(at, event.shiftKey);
    } else {
      const to = this.target(event, at);
      if (!to) return;
      // The first key shows where one is; those after it move.
      const place = this.active ? to : at;
      this.activate(place);
      events.preview(place, true);
    }
    event.preventDefault();
  }

  private target(event: KeyboardEvent, from: TokenPlace): TokenPlace | undefined {
    const count = this.query.length + this.key.length;
    const at = from.block === 'query' ? from.index : this.query.length + from.index;
    const place = (index: number): TokenPlace => {
      const within = Math.max(0, Math.min(count - 1, index));
      return within < this.query.length
        ? { block: 'query', index: within }
        : { block: 'key', index: within - this.query.length };
    };
    switch (event.key) {
      case 'ArrowLeft':
        return place(at - 1);
      case 'ArrowRight':
        return place(at + 1);
      case 'ArrowUp':
        return place(this.onLine(at, -1));
      case 'ArrowDown':
        return place(this.onLine(at, 1));
      case 'Home':
        return event.ctrlKey ? place(0) : { block: from.block, index: 0 };
      case 'End':
        return event.ctrlKey
          ? place(count - 1)
          : { block: from.block, index: this[from.block].length - 1 };
      default:
        return undefined;
    }
  }

  /** The token on the next line that is nearest across; the same one if there is no such line. */
  private onLine(at: number, step: 1 | -1): number {
    const spans = [...this.query.spans, ...this.key.spans];
    const here = spans[at]?.getBoundingClientRect();
    if (!here) return at;
    const centre = here.left + here.width / 2;
    let best = at;
    let least = Infinity;
    let line: number | undefined;
    for (let index = at + step; index >= 0 && index < spans.length; index += step) {
      const box = spans[index]?.getBoundingClientRect();
      if (!box || Math.abs(box.top - here.top) < here.height / 2) continue;
      line ??= box.top;
      if (Math.abs(box.top - line) >= here.height / 2) break;
      const distance = Math.abs(box.left + box.width / 2 - centre);
      if (distance < least) {
        least = distance;
        best = index;
      }
    }
    return best;
  }

  private activate(place: TokenPlace): void {
    this.active = place;
    this.showActive();
    this[place.block].spans[place.index]?.scrollIntoView({ block: 'nearest' });
  }

  private showActive(): void {
    this.root.querySelector('[data-active]')?.removeAttribute('data-active');
    const span = this.active && this[this.active.block].spans[this.active.index];
    if (!span) {
      this.root.removeAttribute('aria-activedescendant');
      return;
    }
    span.dataset['active'] = '';
    this.root.setAttribute('aria-activedescendant', span.id);
  }
}
