import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../common/disposable';
import { AppError, isCancelled, toAppError } from '../../common/errors';
import type { AttentionQuery } from '../../protocol/attentionQueries';
import type { InspectParams } from '../../protocol/engine';
import type { OutputName, PanelToHost, Rerun } from '../../protocol/panel';
import { parsePanelState, type PanelState } from '../../protocol/panelState';
import { SAMPLES } from '../../protocol/samples';
import { PANEL_TYPE } from '../ids';
import type { Notices } from '../notices';
import { usablePatterns } from '../patterns';
import { withDelayedProgress } from '../progress';
import { readTranslationSettings } from '../settings';
import { collectTargets } from '../targets';
import type { TranslationService } from '../translation';
import { errorSentence } from '../words';
import { Anchor, type AnchorState } from './anchor';
import { Exports } from './exports';
import { Latest } from './latest';
import { EditorLink } from './link';
import { anchorFrom, PlaceMemory } from './memory';
import { AttentionPanel } from './panel';
import { PAPER_ADDRESSES } from './papers';
import { Runs } from './runs';
import {
  closedSentence,
  emptySentence,
  goneSentence,
  lostSentence,
  noTextSentence,
  partSentence,
  refusedSentence,
  staleSentence,
} from './sentences';
import type { ShownRun } from './shown';
import { openAgain, openSample } from './sources';
import type { WrittenText } from './written';

type Outcome = 'shown' | 'nothingToDo' | 'cancelled' | 'failed';

/** Which sentence of the text (a number, -1 for all, or as the length and the cursor have it), and what of it. */
interface Choice extends Pick<InspectParams, 'sentence' | 'cursor' | 'task' | 'hypothesis'> {
  /** How wide the search was that is looked at, if not as the settings say. */
  readonly beam?: number;
  /** How the same text was shown before. */
  readonly state?: PanelState;
}

const MEMORY_MILLISECONDS = 1000;

/** The attention command: one panel, which shows the text that was asked for last. */
export class Attention implements Disposable, vscode.WebviewPanelSerializer {
  private readonly store = new DisposableStore();
  private readonly link = this.store.add(
    new EditorLink({
      cursor: (runId, indices) => this.panel?.send({ type: 'cursor', runId, indices }),
      state: (state) => this.tellState(state),
    }),
  );
  private readonly runs = this.store.add(new Runs(() => this.onMoved()));
  private readonly memory: PlaceMemory;
  private readonly remember = this.store.add(
    new Latest<ShownRun>(MEMORY_MILLISECONDS, ({ source, run }) => {
      if (source.state === 'linked') void this.memory.keep(source.record(), run);
    }),
  );
  private readonly exports: Exports;
  private panel: AttentionPanel | undefined;
  private shown: ShownRun | undefined;
  /** State of a panel whose run is gone, for when it is computed again. */
  private restored: PanelState | undefined;
  private asking: AbortController | undefined;
  /** Aborted when nobody waits for the answers any more: measuring the encoder takes seconds. */
  private questions = new AbortController();

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly service: TranslationService,
    private readonly notices: Notices,
    workspaceState: vscode.Memento,
  ) {
    this.memory = new PlaceMemory(workspaceState);
    this.exports = new Exports(notices);
    this.store.add(vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, this));
  }

  /** Shows the selection, or the sentence at the cursor; with `written`, what the model wrote for exactly the selection. */
  async show(written?: WrittenText): Promise<Outcome> {
    const editor = vscode.window.activeTextEditor;
    if (!editor) return this.say(noTextSentence());
    const { document, selection } = editor;
    if (written) {
      const { beam, ...task } = written;
      const text = document.getText(selection);
      return this.inspect(new Anchor(document, document.offsetAt(selection.start), text), {
        task,
        beam,
      });
    }
    const [target] = collectTargets(document, [selection]);
    if (!target) return this.say(noTextSentence());
    const start = document.offsetAt(target.range.start);
    const cursor = document.offsetAt(selection.active) - start;
    const inside = Math.max(0, Math.min(target.text.length - 1, cursor));
    return this.inspect(new Anchor(document, start, target.text), { cursor: inside });
  }

  /** After a reload of the window, or when the panel is opened again: the model is not run unasked. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const state = parsePanelState(kept);
    this.panel?.dispose();
    this.panel = this.adopt(panel);
    const shown = this.runs.get(state.runId);
    if (shown) {
      this.present(shown, state);
      this.tellNotes(shown, false);
    } else {
      this.restored = state;
      this.tellGone();
    }
    return Promise.resolve();
  }

  dispose(): void {
    this.panel?.dispose();
    this.store.dispose();
  }

  private async inspect(anchor: Anchor, { state, ...choice }: Choice): Promise<Outcome> {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    try {
      const settings = readTranslationSettings(anchor.uri);
      const request = {
        text: anchor.text,
        target: settings.targetLanguage,
        // As titles are looked for: with the built-in rules alone.
        protectPatterns: choice.task ? [] : usablePatterns(settings.protectPatterns, this.notices),
        beam: settings.beam,
        ...choice,
      };
      const shown = await this.runs.track(anchor, () =>
        withDelayedProgress(vscode.l10n.t('Reading attention'), (signal) =>
          this.service.inspect(request, AbortSignal.any([signal, asking.signal])),
        ),
      );
      // Another text was asked for while the answer was on its way.
      if (asking.signal.aborted) return 'cancelled';
      this.panel ??= this.create();
      this.present(shown, state && { ...state, runId: shown.run.runId });
      this.tellNotes(shown, choice.sentence === undefined);
      return 'shown';
    } catch (error) {
      if (lacks(error, 'sentence')) return this.say(emptySentence(error.data['reason']));
      this.notices.error(error);
      return isCancelled(error) ? 'cancelled' : 'failed';
    }
  }

  private present(shown: ShownRun, state?: PanelState): void {
    this.questions.abort();
    this.questions = new AbortController();
    this.shown = shown;
    this.restored = undefined;
    this.link.show(shown);
    this.panel?.show(shown.run, state);
    this.remember.push(shown);
    if (shown.source.state !== 'linked') this.tellState(shown.source.state);
  }

  private say(text: string): 'nothingToDo' {
    this.notices.info(text);
    return 'nothingToDo';
  }

  private create(): AttentionPanel {
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    return this.adopt(
      vscode.window.createWebviewPanel(PANEL_TYPE, vscode.l10n.t('Attention'), column),
    );
  }

  private adopt(webviewPanel: vscode.WebviewPanel): AttentionPanel {
    const panel = new AttentionPanel(webviewPanel, this.extensionUri, {
      message: (message) => this.onMessage(message),
      hidden: () => this.link.rest(),
      closed: () => {
        if (this.panel !== panel) return;
        this.questions.abort();
        this.link.show(undefined);
        this.panel = undefined;
        this.shown = undefined;
      },
    });
    return panel;
  }

  private onMessage(message: Exclude<PanelToHost, { type: 'ready' }>): void {
    switch (message.type) {
      case 'query':
        void this.answer(message);
        break;
      case 'mark':
        this.link.mark(message);
        break;
      case 'pin':
        this.link.pin(message);
        break;
      case 'reveal':
        void this.link.reveal(message.side, message.index, this.otherColumn());
        break;
      case 'rerun':
        void this.rerun(message);
        break;
      case 'sample':
        void this.sample(message.index);
        break;
      case 'export':
        void this.exports.take(message).then((path) => {
          if (path !== undefined) this.panel?.send({ type: 'exported', path });
        });
        break;
      case 'copy':
        void vscode.env.clipboard.writeText(message.text);
        vscode.window.setStatusBarMessage(vscode.l10n.t('Copied.'), 3000);
        break;
      case 'open':
        void vscode.env.openExternal(vscode.Uri.parse(PAPER_ADDRESSES[message.paper]));
        break;
    }
  }

  private async answer(message: AttentionQuery & { readonly seq: number }): Promise<void> {
    const { seq, runId } = message;
    try {
      const answer = await this.service.attentionQuery(message, this.questions.signal);
      this.panel?.send({ type: 'answer', seq, runId, ...answer });
    } catch (error) {
      if (isCancelled(error)) return;
      // An engine that was started anew, or that inspected other texts since, knows the run no longer.
      const gone = lacks(error, 'run');
      const text = gone ? goneSentence() : errorSentence(toAppError(error));
      this.panel?.send({ type: 'failure', seq, text });
      if (gone && this.shown?.run.runId === runId) this.tellGone();
    }
  }

  /** The text as it stands now; of a closed document as it stood. */
  private async rerun({ sentence, hypothesis, output }: Rerun): Promise<Outcome> {
    const { shown, restored } = this;
    if (!shown) return this.recompute(restored);
    const before = shown.run.task?.name ?? 'translation';
    const same = output === undefined || output === before;
    const task = taskOf(output ?? before);
    const place = shown.source.current();
    if (shown.source.state !== 'changed' || !place) {
      const which = same ? { sentence: sentence ?? shown.run.sentence } : {};
      const choice = hypothesis === undefined ? which : { ...which, hypothesis };
      return this.inspect(shown.source, { ...choice, ...task });
    }
    const { document, range } = place;
    const text = document.getText(range);
    if (text.trim() === '') return this.say(noTextSentence());
    const anchor = new Anchor(document, document.offsetAt(range.start), text);
    return this.inspect(anchor, { ...(sentence === undefined ? {} : { sentence }), ...task });
  }

  /** What a panel showed before the window was reloaded; if that is not known any more, the selection. */
  private async recompute(state: PanelState | undefined): Promise<Outcome> {
    const record = this.memory.read();
    if (!record) return this.show();
    const document = await openAgain(record.uri);
    const anchor = document && anchorFrom(document, record);
    if (anchor) {
      const { sentence, hypothesis, output } = record;
      const choice = { sentence, ...taskOf(output), ...(state && { state }) };
      return this.inspect(anchor, hypothesis === undefined ? choice : { ...choice, hypothesis });
    }
    this.panel?.tell({ kind: 'gone', text: lostSentence() });
    return 'nothingToDo';
  }

  private async sample(index: number): Promise<Outcome> {
    const sample = SAMPLES[index];
    if (!sample) return 'nothingToDo';
    const document = await openSample(sample, this.otherColumn());
    return this.inspect(new Anchor(document, 0, sample.text), { sentence: sample.sentence });
  }

  /** Where a document does not cover the panel. */
  private otherColumn(): vscode.ViewColumn {
    return this.panel?.column === vscode.ViewColumn.One
      ? vscode.ViewColumn.Two
      : vscode.ViewColumn.One;
  }

  private onMoved(): void {
    this.link.refresh();
    if (this.shown) this.remember.push(this.shown);
  }

  private tellState(state: AnchorState): void {
    switch (state) {
      case 'changed':
        this.panel?.tell({ kind: 'stale', text: staleSentence(), action: 'rerun' });
        break;
      case 'closed':
        this.panel?.tell({ kind: 'info', text: closedSentence() });
        break;
      case 'linked':
        this.panel?.tell({ kind: 'info', text: '' });
        break;
    }
  }

  /** That this is only a part of the text, unless somebody chose it, and that its output is not what the editor was given. */
  private tellNotes({ run, source }: ShownRun, chosenForThem: boolean): void {
    if (source.state !== 'linked') return;
    const { sentence, sentences, refused } = run;
    const isPart = chosenForThem && sentence >= 0 && sentences.length > 1;
    const notes = [
      ...(isPart ? [partSentence(sentence + 1, sentences.length)] : []),
      ...(refused === undefined ? [] : [refusedSentence(refused)]),
    ];
    if (notes.length > 0) this.panel?.tell({ kind: 'info', text: notes.join(' ') });
  }

  private tellGone(): void {
    this.panel?.tell({ kind: 'gone', text: goneSentence(), action: 'recompute' });
  }
}

function taskOf(output: OutputName): Pick<Choice, 'task'> {
  return output === 'translation' ? {} : { task: { name: output } };
}

/** The engine has no such sentence or run: nothing is wrong with a setting, which is what its code says of other cases. */
function lacks(error: unknown, what: 'sentence' | 'run'): error is AppError {
  return error instanceof AppError && error.data['what'] === what;
}
