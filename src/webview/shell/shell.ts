import type { AttentionRun } from '../../protocol/attentionRun';
import type { HostToPanel } from '../../protocol/panel';
import { PANEL_VIEWS, type PanelState, type ViewId } from '../../protocol/panelState';
import type { PanelStrings } from '../../protocol/panelStrings';
import { element } from '../dom';
import type { View, ViewContext } from '../view';
import { FilterBar } from './filterBar';
import { gridAction } from './gridKeys';
import { Help } from './help';
import { Notice } from './notice';
import { RunNote } from './runNote';
import { Samples } from './samples';
import { Tabs, tabId } from './tabs';
import { Toolbar, type ToolbarEvents } from './toolbar';

const PANEL_ID = 'view';
/** What takes single keys: grids, lists of tokens and the slider of the steps, none of which a letter is typed into. */
const KEYED = '[role=grid], [role=listbox], .texts, input[type=range]';

export interface ShellEvents extends ToolbarEvents {
  update(change: Partial<PanelState>): void;
  /** Undefined: what is used. */
  showHypothesis(hypothesis: number | undefined): void;
  rerun(): void;
  recompute(): void;
  /** A text for teaching, by its place in the list. */
  sample(index: number): void;
  openPaper: Help['openPaper'];
}

/** Everything around the views: tabs, controls, notices and the keys that work in every grid. */
export class Shell {
  readonly root: HTMLElement;
  private readonly tabs: Tabs;
  private readonly toolbar: Toolbar;
  private readonly filters: FilterBar;
  private readonly help: Help;
  private readonly notice: Notice;
  private readonly runNote: RunNote;
  private readonly samples: Samples;
  private readonly header: HTMLElement;
  private readonly panel = element('div', { id: PANEL_ID, role: 'tabpanel', class: 'view' });
  private readonly table = element('div', { class: 'twin' });
  private readonly body: HTMLElement;
  private shown: View | undefined;
  private context: ViewContext | undefined;
  singleKeys = true;

  constructor(
    private readonly strings: PanelStrings,
    private readonly views: readonly View[],
    private readonly events: ShellEvents,
  ) {
    const names = new Map<ViewId, string>(
      PANEL_VIEWS.filter((id) => views.some((view) => view.id === id)).map((id) => [
        id,
        strings[`view_${id}`],
      ]),
    );
    this.tabs = new Tabs(strings.views, names, PANEL_ID, (view) => events.update({ view }));
    this.toolbar = new Toolbar(strings, events, () => this.filters.toggle());
    this.filters = new FilterBar(strings, (change) => events.update(change));
    this.help = new Help(strings, (paper) => events.openPaper(paper));
    this.notice = new Notice(strings, events);
    this.runNote = new RunNote(strings, () => events.showHypothesis(undefined));
    this.samples = new Samples(strings, (index) => events.sample(index));
    this.header = element('header', {}, this.tabs.root, this.toolbar.root);
    this.panel.addEventListener('keydown', (event) => this.onKey(event));
    this.body = element(
      'div',
      { class: 'body', hidden: true },
      this.header,
      this.runNote.root,
      this.filters.root,
      this.panel,
      this.table,
      this.help.caveat,
    );
    this.root = element(
      'main',
      {},
      this.notice.root,
      this.samples.root,
      this.body,
      this.help.dialog,
    );
  }

  show(context: ViewContext): void {
    const { state } = context;
    const view = this.views.find(({ id }) => id === state.view);
    if (!view) return;
    this.context = context;
    if (this.body.hidden) this.samples.becomeMenu(this.header);
    this.body.hidden = false;
    this.tabs.show(view.id);
    this.toolbar.show(context.run, state, view.id);
    this.runNote.show(context.run, context.locale);
    this.filters.show(context.run, state);
    this.panel.setAttribute('aria-labelledby', tabId(view.id));
    if (view !== this.shown) {
      this.shown?.hide?.();
      this.panel.replaceChildren(view.root);
      this.shown = view;
    }
    view.show(context);
    this.showRest();
  }

  /** The table and what can be exported, again: views call for it when what they show has come. */
  showRest(): void {
    const table = this.context?.state.tables === true ? this.shown?.table?.() : undefined;
    this.table.replaceChildren(...(table ? [table] : []));
    this.toolbar.offerExports(this.shown?.exports?.());
  }

  tell(message: Extract<HostToPanel, { type: 'message' }>): void {
    this.notice.show(message);
  }

  inform(text: string): void {
    this.notice.show({ type: 'message', kind: 'info', text });
  }

  clearNotice(): void {
    this.notice.clear();
  }

  cursor(indices: readonly number[]): void {
    this.shown?.cursor?.(indices);
  }

  private onKey(event: KeyboardEvent): void {
    const { target } = event;
    const inGrid = target instanceof Element && target.closest(KEYED) !== null;
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (!inGrid || modified || !this.singleKeys || !this.context || event.defaultPrevented) return;
    const { state, run } = this.context;
    const action = gridAction(event.key, state, run);
    if (!action) return;
    event.preventDefault();
    if ('change' in action) {
      this.events.update(action.change);
      this.context.announce(this.describeState(this.context.state, run));
    } else this.perform(action.command);
  }

  private perform(command: 'search' | 'export' | 'help'): void {
    if (command === 'search') this.filters.focusSearch();
    else if (command === 'export') this.toolbar.openExport();
    else this.help.open();
  }

  private describeState(state: PanelState, run: AttentionRun): string {
    const { strings } = this;
    const head = state.head < 0 ? strings.meanOfHeads : `${strings.head} ${state.head + 1}`;
    const layers = `${strings.layer} ${state.layer + 1}`;
    const words = state.words ? `, ${strings.mergeWords}` : '';
    const side = run.sentences.length > 1 ? `, ${strings.sentence} ${run.sentence + 1}` : '';
    return `${strings[state.kind]}, ${layers}, ${head}. ${strings.specials}: ${strings[`specials_${state.specials}`]}${words}${side}`;
  }
}
