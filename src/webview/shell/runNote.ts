import type { AttentionRun } from '../../protocol/attentionRun';
import type { PanelStrings } from '../../protocol/panelStrings';
import { buttonControl } from '../controls';
import { element } from '../dom';
import { fill, formatMetric } from '../format';

/** In every view: that what is shown is not the translation that Headlight uses. */
export class RunNote {
  readonly root = element('div', { class: 'run-note', role: 'status' });

  constructor(
    private readonly strings: PanelStrings,
    /** Shows what is used again. */
    private readonly back: () => void,
  ) {}

  show({ task, hypothesis }: AttentionRun, locale: string): void {
    const { strings } = this;
    const notes: string[] = [];
    if (task) notes.push(fill(strings.notTranslation, strings[`modelWrites_${task.name}`]));
    if (task?.cut === true) notes.push(strings.cutText);
    if (hypothesis) {
      const { number, count, score, logProbability } = hypothesis;
      const [ranked, total] = [formatMetric(score, locale), formatMetric(logProbability, locale)];
      notes.push(fill(strings.hypothesisShown, number + 1, count, ranked, total));
    }
    const text = notes.join(' ');
    // The same words again would be read out again.
    if (this.root.firstChild?.textContent === text) return;
    this.root.replaceChildren(...(text === '' ? [] : [element('span', {}, text)]));
    if (hypothesis) {
      this.root.append(buttonControl(strings.hypothesisBack, () => this.back()));
    }
  }
}
