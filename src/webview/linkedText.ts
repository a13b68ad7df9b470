import type { HeadMap } from '../protocol/attentionQueries';
import type { AttentionRun, PanelToken } from '../protocol/attentionRun';
import type { PanelStrings } from '../protocol/panelStrings';
import { element, visibleToken } from './dom';

/** Both texts as tokens; the query's row of weights colours the keys' background. */
export class LinkedText {
  readonly root = element('section', { class: 'linked' });
  private keys: HTMLElement[] = [];
  private queries: HTMLElement[] = [];

  constructor(
    private readonly strings: PanelStrings,
    private readonly onQuery: (query: number) => void,
  ) {}

  show(run: AttentionRun, map: HeadMap): void {
    const queries = map.kind === 'encoder' ? run.source : run.target;
    const keys = map.kind === 'decoder' ? run.target : run.source;
    const queryName = map.kind === 'encoder' ? this.strings.source : this.strings.output;
    const keyName = map.kind === 'decoder' ? this.strings.output : this.strings.source;
    this.queries = queries.map((token, index) => {
      const span = tokenSpan(token);
      span.addEventListener('mouseenter', () => this.onQuery(index));
      return span;
    });
    this.keys = keys.map(tokenSpan);
    this.root.replaceChildren(
      element('h3', {}, `${this.strings.query}: ${queryName}`),
      element('p', { class: 'tokens' }, ...this.queries),
      element('h3', {}, `${this.strings.key}: ${keyName}`),
      element('p', { class: 'tokens' }, ...this.keys),
    );
  }

  mark(query: number, weights: Float32Array): void {
    this.queries.forEach((span, index) => span.classList.toggle('current', index === query));
    this.keys.forEach((span, index) => {
      const share = Math.round(Math.sqrt(weights[index] ?? 0) * 100);
      span.style.setProperty('--weight', `${share}%`);
    });
  }
}

function tokenSpan(token: PanelToken): HTMLElement {
  const kind = token.special ? 'token special' : 'token';
  return element('span', { class: kind }, visibleToken(token.text));
}
