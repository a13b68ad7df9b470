import type { HeadMap } from '../protocol/attentionQueries';
import type { AttentionRun } from '../protocol/attentionRun';
import type { PanelStrings } from '../protocol/panelStrings';
import { element, visibleToken } from './dom';

const ROWS = 10;

/** The ten strongest keys of the current query in words: the twin of the picture, for screen readers and for copying. */
export class RowTable {
  readonly root = element('section', { class: 'row-table' });
  private readonly body = element('tbody');

  constructor(strings: PanelStrings) {
    const heads = [strings.rank, strings.key, strings.weight].map((name) =>
      element('th', { scope: 'col' }, name),
    );
    this.root.append(
      element(
        'table',
        {},
        element('caption', {}, strings.table),
        element('thead', {}, element('tr', {}, ...heads)),
        this.body,
      ),
    );
  }

  show(run: AttentionRun, map: HeadMap, weights: Float32Array): void {
    const keys = map.kind === 'decoder' ? run.target : run.source;
    const order = [...weights.keys()].sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0));
    this.body.replaceChildren(
      ...order
        .slice(0, ROWS)
        .map((key, index) =>
          element(
            'tr',
            {},
            element('td', {}, String(index + 1)),
            element('td', {}, visibleToken(keys[key]?.text ?? '')),
            element('td', {}, (weights[key] ?? 0).toPrecision(3)),
          ),
        ),
    );
  }
}
