import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../common/disposable';
import { isCancelled } from '../../common/errors';
import type { Logger } from '../../common/logger';
import { withToken } from '../cancellation';
import { Command, Setting, SETTING_SECTION } from '../ids';
import type { Notices } from '../notices';
import { withDelayedProgress } from '../progress';
import { currentRange, type ResultEntry } from '../results';
import { updateSetting } from '../settings';
import type { TranslationService } from '../translation';
import type { ResultWidget } from '../widget';
import { HoverAnswers, isTranslated } from './answers';
import { problemParts } from './contents';
import { DocumentationHovers, problemsAt } from './documentation';
import { HoverEntries } from './entries';
import { Explainer } from './explain';
import { Prefetcher } from './prefetch';
import { TextHovers } from './provider';
import { hoverMode, MODIFIER_MODE } from './settings';
import type { Blocks } from './subjects';
import { turnOff } from './turnOff';

export interface HoverFeatureDeps {
  readonly blocks: Blocks;
  readonly logger: Logger;
  readonly notices: Notices;
  readonly service: TranslationService;
  readonly widget: ResultWidget;
}

export type ExplainOutcome = 'shown' | 'nothingToDo' | 'cancelled' | 'failed';

/** Hovers over text and symbols, what is prefetched for them, and the commands that belong to them. */
export class HoverFeature implements Disposable {
  private readonly store = new DisposableStore();
  private readonly entries = this.store.add(new HoverEntries());
  private readonly answers: HoverAnswers;
  private readonly text: TextHovers;

  constructor(private readonly deps: HoverFeatureDeps) {
    const { service, notices, blocks, logger, widget } = deps;
    this.answers = new HoverAnswers(service, notices);
    const { answers, entries } = this;
    const explainer = new Explainer(service, answers);
    this.text = this.store.add(
      new TextHovers({ answers, blocks, entries, explainer, logger, widget }),
    );
    this.store.add(new DocumentationHovers(answers, this.text, logger));
    this.store.add(new Prefetcher(service, answers, blocks, logger));
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SETTING_SECTION}.${Setting.hoverTrigger}`)) {
          this.adviseOnModifier();
        }
      }),
    );
  }

  /** The result that a link of a hover refers to. */
  entry(id: number): ResultEntry | undefined {
    return this.entries.get(id);
  }

  /** The keyboard's way to the hover: what stands at the cursor, what is wrong there, or what its line does. */
  async explainAtCursor(): Promise<ExplainOutcome> {
    const { notices } = this.deps;
    const editor = vscode.window.activeTextEditor;
    if (!editor) {
      notices.info(
        vscode.l10n.t('Open a text and put the cursor where something is to be explained.'),
      );
      return 'nothingToDo';
    }
    const position = editor.selection.active;
    try {
      const hover = await withDelayedProgress(vscode.l10n.t('Explaining'), (signal) =>
        this.hoverAt(editor.document, position, signal),
      );
      if (!hover) {
        notices.info(vscode.l10n.t('There is nothing to explain at the cursor.'));
        return 'nothingToDo';
      }
      await this.show(editor, position, hover);
      return 'shown';
    } catch (error) {
      notices.error(error);
      return isCancelled(error) ? 'cancelled' : 'failed';
    }
  }

  /** Switches all hovers on or off, where the setting in force stands. */
  async toggle(): Promise<boolean> {
    const settings = vscode.workspace.getConfiguration(SETTING_SECTION);
    const on = settings.get(Setting.hoverEnabled) === false;
    await updateSetting(Setting.hoverEnabled, on);
    const message = on
      ? vscode.l10n.t('Headlight hovers are on.')
      : vscode.l10n.t('Headlight hovers are off. Explain at Cursor still works.');
    vscode.window.setStatusBarMessage(message, 4000);
    return on;
  }

  /** Selects the text of a hover and shows how the model attends to it. */
  async showAttention(id: unknown): Promise<unknown> {
    const entry = typeof id === 'number' ? this.entries.get(id) : undefined;
    const [part] = entry?.parts ?? [];
    const range = entry && part && currentRange(entry, part);
    if (!range) {
      this.deps.notices.info(
        vscode.l10n.t('This translation is out of date. Translate the text again.'),
      );
      return 'nothingToDo';
    }
    const editor = await vscode.window.showTextDocument(entry.document);
    editor.selection = new vscode.Selection(range.end, range.start);
    return vscode.commands.executeCommand(Command.showAttention);
  }

  turnOff(uri: unknown): Promise<string | undefined> {
    return turnOff(uri);
  }

  dispose(): void {
    this.store.dispose();
  }

  private async hoverAt(
    document: vscode.TextDocument,
    position: vscode.Position,
    signal: AbortSignal,
  ): Promise<vscode.Hover | undefined> {
    const problems: string[] = [];
    for (const text of new Set(problemsAt(document, position))) {
      // A message in the reader's own language is worth repeating: this is the keyboard's way to it.
      const result = this.answers.isForeign(document, text)
        ? await this.answers.translate(document, text, signal, 'command')
        : undefined;
      problems.push(result && isTranslated(result) ? result.text : text);
    }
    const hover = await withToken(signal, (token) => this.text.hoverAt(document, position, token));
    if (problems.length === 0) return hover;
    const parts = (hover?.contents ?? []) as vscode.MarkdownString[];
    return new vscode.Hover([...problemParts(problems), ...parts], hover?.range);
  }

  private async show(
    editor: vscode.TextEditor,
    position: vscode.Position,
    hover: vscode.Hover,
  ): Promise<void> {
    const here =
      vscode.window.activeTextEditor === editor && editor.selection.active.isEqual(position);
    if (!here) return;
    this.text.keep(editor.document, position, hover);
    editor.revealRange(new vscode.Range(position, position));
    await vscode.commands.executeCommand('editor.action.showHover', {
      focus: 'autoFocusImmediately',
    });
  }

  /** Which key is held is known to VS Code alone: this trigger needs its help, which is one setting away. */
  private adviseOnModifier(): void {
    const trigger = vscode.workspace
      .getConfiguration(SETTING_SECTION)
      .get<string>(Setting.hoverTrigger);
    if (trigger !== 'modifier' || hoverMode() === MODIFIER_MODE) return;
    this.deps.notices.info(
      vscode.l10n.t(
        'VS Code does not tell extensions which key is held. Let it show every hover only while the key is held, or use Explain at Cursor.',
      ),
      [
        {
          label: vscode.l10n.t('Show Hovers With Key Only'),
          run: () =>
            vscode.workspace
              .getConfiguration('editor')
              .update('hover.enabled', MODIFIER_MODE, vscode.ConfigurationTarget.Global),
        },
      ],
    );
  }
}
