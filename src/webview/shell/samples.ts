import { SAMPLES, sampleTitle } from '../../protocol/samples';
import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';

/** Texts for teaching, one click each: a list where there is nothing else to show, a menu in the header beside a run. */
export class Samples {
  readonly root: HTMLDetailsElement;

  constructor(strings: PanelStrings, choose: (index: number) => void) {
    const items = SAMPLES.map((sample, index) => {
      const button = element('button', { type: 'button', class: 'sample' }, sampleTitle(sample));
      button.addEventListener('click', () => {
        if (this.isMenu) this.root.open = false;
        choose(index);
      });
      return element('li', {}, button);
    });
    const summary = element('summary', {}, strings.samples);
    this.root = element(
      'details',
      { class: 'samples', open: true },
      summary,
      element(
        'div',
        { class: 'samples-list' },
        element('p', { class: 'muted' }, strings.samplesHint),
        element('ul', {}, ...items),
      ),
    );
    this.root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.root.open || !this.isMenu) return;
      event.preventDefault();
      this.root.open = false;
      summary.focus();
    });
    this.root.addEventListener('focusout', ({ relatedTarget }) => {
      const stays = relatedTarget instanceof Node && this.root.contains(relatedTarget);
      if (this.isMenu && relatedTarget !== null && !stays) this.root.open = false;
    });
  }

  /** Once there is a run: into the header, folded. */
  becomeMenu(header: HTMLElement): void {
    this.root.open = false;
    if (!this.isMenu) header.append(this.root);
  }

  private get isMenu(): boolean {
    return this.root.closest('header') !== null;
  }
}
