import type { HostToPanel } from '../../protocol/panel';
import type { PanelStrings } from '../../protocol/panelStrings';
import { buttonControl } from '../controls';
import { element } from '../dom';

export interface NoticeEvents {
  rerun(): void;
  recompute(): void;
}

/** What the host has to say, with what can be done about it. */
export class Notice {
  readonly root = element('div', { class: 'notice', role: 'status' });

  constructor(
    private readonly strings: PanelStrings,
    private readonly events: NoticeEvents,
  ) {
    this.root.textContent = strings.waiting;
  }

  show({ text, kind, action }: Extract<HostToPanel, { type: 'message' }>): void {
    const { strings, events } = this;
    this.root.dataset['kind'] = kind;
    this.root.replaceChildren(element('span', {}, text));
    if (action === 'rerun')
      this.root.append(buttonControl(strings.rerun, () => events.rerun(), false));
    if (action === 'recompute')
      this.root.append(buttonControl(strings.recompute, () => events.recompute(), false));
  }

  clear(): void {
    this.root.replaceChildren();
  }
}
