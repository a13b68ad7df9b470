import type { AttentionRun } from '../protocol/attentionRun';
import type { HostToPanel, PanelToHost, Rerun } from '../protocol/panel';
import {
  DEFAULT_PANEL_STATE,
  fitPanelState,
  parsePanelState,
  type PanelState,
} from '../protocol/panelState';
import type { PanelStrings } from '../protocol/panelStrings';
import { isCancelled } from '../common/errors';
import { Announcer } from './announcer';
import { readColours, type ColourTable } from './colour';
import { element } from './dom';
import { EditorLink } from './editorLink';
import type { ExportRequest } from './export/menu';
import { sendExport } from './export/send';
import { Maps } from './maps';
import { QueryClient } from './queryClient';
import { Shell } from './shell/shell';
import { shownMap } from './shownMap';
import { keptState } from './state';
import { isReducedMotion, onThemeChange, usesScreenReader } from './theme';
import type { ViewContext } from './view';
import { createViews } from './views';
import type { VsCodeApi } from './vscodeApi';

/** The whole panel: what is shown, what is asked for, and the views that show it. */
export class Panel {
  readonly root: HTMLElement;
  private readonly queries: QueryClient;
  private readonly maps: Maps;
  private readonly link: EditorLink;
  private readonly announcer = new Announcer();
  private readonly shell: Shell;
  private readonly post: (message: PanelToHost) => void;
  private colours: ColourTable;
  private state: PanelState;
  private run: AttentionRun | undefined;
  /** Until somebody chooses, there are tables if there is a screen reader. */
  private tablesFollow: boolean;

  constructor(
    private readonly api: VsCodeApi,
    private readonly strings: PanelStrings,
    private readonly locale: string,
  ) {
    this.post = (message) => api.postMessage(message);
    const kept = api.getState();
    this.tablesFollow = kept === undefined;
    this.state = parsePanelState(kept, { ...DEFAULT_PANEL_STATE, tables: usesScreenReader() });
    this.colours = readColours(this.state.palette);
    this.queries = new QueryClient(this.post);
    this.maps = new Maps(this.queries);
    this.link = new EditorLink(this.post);
    this.shell = new Shell(strings, createViews(strings), {
      update: (change) => this.update(change),
      chooseSentence: (sentence) => this.rerun({ sentence }),
      chooseOutput: (output) => this.rerun({ output }),
      showHypothesis: (hypothesis) => this.showHypothesis(hypothesis),
      rerun: () => this.post({ type: 'rerun', runId: -1 }),
      recompute: () => this.post({ type: 'rerun', runId: -1 }),
      export: (request) => void this.export(request),
      sample: (index) => this.post({ type: 'sample', index }),
      openPaper: (paper) => this.post({ type: 'open', paper }),
    });
    this.root = element('div', { id: 'panel' }, this.shell.root, this.announcer.root);
    onThemeChange(() => {
      if (this.tablesFollow) this.state = { ...this.state, tables: usesScreenReader() };
      this.show();
    });
  }

  /** What is on the screen, for messages that are only of it. */
  get shownRun(): AttentionRun | undefined {
    return this.run;
  }

  receive(message: Exclude<HostToPanel, { type: 'strings' }>): void {
    switch (message.type) {
      case 'settings':
        this.shell.singleKeys = message.singleKeys;
        this.show();
        break;
      case 'run':
        this.open(message.run, message.state);
        break;
      case 'answer':
        this.queries.answer(message);
        break;
      case 'failure':
        this.queries.fail(message.seq, message.text);
        this.shell.inform(message.text);
        break;
      case 'message':
        this.shell.tell(message);
        break;
      case 'cursor':
        this.shell.cursor(message.indices);
        break;
      case 'exported':
        this.announcer.say(`${this.strings.exported} ${message.path}`);
        break;
    }
  }

  private open(run: AttentionRun, restored: PanelState | undefined): void {
    this.run = run;
    this.queries.reset(run.runId);
    this.maps.reset();
    this.state = fitPanelState(restored ?? this.state, run);
    this.shell.clearNotice();
    this.show();
    this.api.setState(keptState(this.state));
  }

  private update(change: Partial<PanelState>): void {
    if (!this.run) return;
    if (change.tables !== undefined) this.tablesFollow = false;
    this.state = fitPanelState({ ...this.state, ...change }, this.run);
    this.show();
    this.api.setState(keptState(this.state));
  }

  private show(): void {
    const { run, state } = this;
    if (!run) return;
    this.colours = readColours(state.palette);
    this.shell.show(this.contextOf(run, state));
  }

  private contextOf(run: AttentionRun, state: PanelState): ViewContext {
    const { runId } = run;
    return {
      run,
      state,
      strings: this.strings,
      colours: this.colours,
      locale: this.locale,
      reducedMotion: isReducedMotion(),
      singleKeys: this.shell.singleKeys,
      ask: (name, params) => this.queries.ask(name, params),
      map: (kind, layer, head) => this.maps.get(run, { kind, layer, head }, state.valueWeighted),
      chosen: () => this.maps.chosen(run, state),
      filtered: (map, kind) => shownMap(map, kind, run, state),
      update: (change) => this.update(change),
      announce: (text) => this.announcer.say(text),
      mark: (side, indices, weights) => this.link.mark(runId, side, indices, weights),
      pin: (side, indices, weights) => this.link.pin(runId, side, indices, weights),
      reveal: (side, index) => this.post({ type: 'reveal', runId, side, index }),
      showHypothesis: (hypothesis) => this.showHypothesis(hypothesis),
      copy: (text) => this.post({ type: 'copy', text }),
      changed: () => this.shell.showRest(),
    };
  }

  /** Undefined: what is used. */
  private showHypothesis(hypothesis: number | undefined): void {
    this.rerun(hypothesis === undefined ? {} : { hypothesis });
  }

  /** The same text, and what of it is to be shown. */
  private rerun(what: Omit<Rerun, 'runId'>): void {
    if (this.run) this.post({ type: 'rerun', runId: this.run.runId, ...what });
  }

  private async export(request: ExportRequest): Promise<void> {
    if (!this.run) return;
    try {
      await sendExport(this.run, this.state, request, this.post);
    } catch (error) {
      if (!isCancelled(error)) this.shell.inform(this.strings.exportFailed);
    }
  }
}
