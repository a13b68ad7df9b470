import { element } from './dom';

const PAUSE_MS = 150;

/** What a screen reader says politely. Only the last of what comes in quick succession is said. */
export class Announcer {
  readonly root = element('div', { class: 'hidden', role: 'status', 'aria-live': 'polite' });
  private timer: number | undefined;

  say(text: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.root.textContent = text), PAUSE_MS);
  }
}
