import { element } from '../dom';
import { TokenText } from './tokenText';

/** A text of which one token is chosen: one tab stop, arrows choose the token before and after. */
export class TokenChooser {
  readonly root: HTMLElement;
  readonly text: TokenText;
  private chosen = 0;
  private first = 0;

  /** @param onReveal on Enter or a double click */
  constructor(
    idPrefix: string,
    private readonly onChoose: (index: number) => void,
    onReveal: (index: number) => void,
  ) {
    this.text = new TokenText(idPrefix, 'option');
    this.root = element(
      'div',
      { class: 'choosable', role: 'listbox', tabindex: 0 },
      this.text.root,
    );
    this.root.addEventListener('click', ({ target }) => {
      const index = this.text.indexOf(target);
      if (index !== undefined) this.choose(index);
    });
    this.root.addEventListener('dblclick', ({ target }) => {
      const index = this.text.indexOf(target);
      if (index !== undefined) onReveal(index);
    });
    this.root.addEventListener('keydown', (event) => {
      if (event.altKey || event.metaKey) return;
      if (event.key === 'Enter') onReveal(this.chosen);
      else {
        const to = {
          ArrowLeft: this.chosen - 1,
          ArrowUp: this.chosen - 1,
          ArrowRight: this.chosen + 1,
          ArrowDown: this.chosen + 1,
          Home: this.first,
          End: this.text.length - 1,
        }[event.key];
        if (to === undefined) return;
        this.choose(to);
      }
      event.preventDefault();
    });
  }

  /** @param first the first token that may be chosen */
  show(label: string, chosen: number, first = 0): void {
    this.root.setAttribute('aria-label', label);
    this.chosen = chosen;
    this.first = first;
    this.root.querySelector('[data-active]')?.removeAttribute('data-active');
    const span = this.text.spans[chosen];
    if (!span) return;
    span.dataset['active'] = '';
    this.root.setAttribute('aria-activedescendant', span.id);
  }

  private choose(index: number): void {
    const to = Math.max(this.first, Math.min(this.text.length - 1, index));
    if (to !== this.chosen) this.onChoose(to);
  }
}
