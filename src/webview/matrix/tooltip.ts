import { element } from '../dom';

const DISTANCE = 14;

/** The exact values beside the mouse. Screen readers have them from the grid. */
export class Tooltip {
  readonly root = element('div', { class: 'tooltip', 'aria-hidden': true, hidden: true });

  show(text: string, x: number, y: number): void {
    this.root.textContent = text;
    this.root.hidden = false;
    const { offsetWidth, offsetHeight } = this.root;
    const left =
      x + DISTANCE + offsetWidth > innerWidth ? x - DISTANCE - offsetWidth : x + DISTANCE;
    const top =
      y + DISTANCE + offsetHeight > innerHeight ? y - DISTANCE - offsetHeight : y + DISTANCE;
    this.root.style.setProperty(
      'transform',
      `translate(${Math.max(0, left)}px, ${Math.max(0, top)}px)`,
    );
  }

  hide(): void {
    this.root.hidden = true;
  }
}
