import type { Paper } from '../../protocol/panel';
import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';

/** Authors and years are names and the same in every language. */
const NOTES: readonly (readonly [Paper, string])[] = [
  ['jain2019', 'Jain & Wallace 2019'],
  ['wiegreffe2019', 'Wiegreffe & Pinter 2019'],
  ['serrano2019', 'Serrano & Smith 2019'],
  ['abnar2020', 'Abnar & Zuidema 2020'],
];

/** The keys, and what attention weights do not say. */
export class Help {
  readonly dialog: HTMLDialogElement;
  readonly caveat: HTMLElement;

  constructor(
    strings: PanelStrings,
    readonly openPaper: (paper: Paper) => void,
  ) {
    this.caveat = element('p', { class: 'caveat' }, `${strings.caveat} `);
    NOTES.forEach(([paper, name], index) => {
      const link = element('button', { type: 'button', class: 'link' }, name);
      link.addEventListener('click', () => this.openPaper(paper));
      this.caveat.append(index === 0 ? '' : ' · ', link);
    });
    this.dialog = this.build(strings);
  }

  open(): void {
    this.dialog.showModal();
  }

  private build(strings: PanelStrings): HTMLDialogElement {
    const rows: readonly (readonly [string, string])[] = [
      ['← → ↑ ↓  Home End  Ctrl+Home Ctrl+End  PgUp PgDn', strings.keys_move],
      ['[ ]', strings.keys_head],
      ['{ }', strings.keys_layer],
      ['K', strings.keys_kind],
      ['P', strings.keys_pin],
      ['S', strings.keys_specials],
      ['W', strings.keys_words],
      ['+ − 0', strings.keys_zoom],
      ['/', strings.keys_search],
      ['E', strings.keys_export],
      ['Enter', strings.keys_reveal],
      ['Esc', strings.keys_clear],
      ['?', strings.keys_help],
    ];
    const list = element('dl', { class: 'keys' });
    for (const [keys, text] of rows) {
      list.append(element('dt', {}, keys), element('dd', {}, text));
    }
    const close = element('button', { type: 'button', class: 'link' }, strings.close);
    const title = element('h2', { id: 'help-title' }, strings.keys);
    const dialog = element('dialog', { 'aria-labelledby': 'help-title' }, title, list, close);
    close.addEventListener('click', () => dialog.close());
    return dialog;
  }
}
