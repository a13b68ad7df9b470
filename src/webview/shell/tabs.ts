import type { ViewId } from '../../protocol/panelState';
import { element } from '../dom';

/** One tab stop; arrows move, and what they move to is shown (the ARIA tabs pattern). */
export class Tabs {
  readonly root: HTMLElement;
  private readonly tabs: ReadonlyMap<ViewId, HTMLElement>;

  constructor(
    label: string,
    names: ReadonlyMap<ViewId, string>,
    panelId: string,
    private readonly onChoose: (id: ViewId) => void,
  ) {
    this.root = element('div', { role: 'tablist', class: 'tabs', 'aria-label': label });
    this.tabs = new Map(
      [...names].map(([id, name]) => [
        id,
        element(
          'button',
          { role: 'tab', id: tabId(id), 'aria-controls': panelId, type: 'button' },
          name,
        ),
      ]),
    );
    for (const [id, tab] of this.tabs) {
      tab.addEventListener('click', () => this.onChoose(id));
      this.root.append(tab);
    }
    this.root.addEventListener('keydown', (event) => this.onKey(event));
  }

  show(chosen: ViewId): void {
    for (const [id, tab] of this.tabs) {
      tab.setAttribute('aria-selected', String(id === chosen));
      tab.tabIndex = id === chosen ? 0 : -1;
    }
  }

  private onKey(event: KeyboardEvent): void {
    const ids = [...this.tabs.keys()];
    const at = ids.findIndex((id) => this.tabs.get(id) === event.target);
    const to = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: ids.length - 1,
    }[event.key];
    if (at < 0 || to === undefined) return;
    const id = ids[(to + ids.length) % ids.length];
    if (id === undefined) return;
    event.preventDefault();
    this.onChoose(id);
    this.tabs.get(id)?.focus();
  }
}

export function tabId(id: ViewId): string {
  return `tab-${id}`;
}
