import * as vscode from 'vscode';
import { isCancelled } from '../../common/errors';
import type { Language } from '../../common/language';
import type { InspectTaskName } from '../../protocol/tasks';
import { chooseDirection } from '../../text/direction';
import { lineFrame } from '../commentLine';
import { isProse } from '../commentLine';
import type { WrittenText } from '../attention/written';
import { applyEdits } from '../edits';
import { Command } from '../ids';
import { plainLabel } from '../labels';
import type { Notices } from '../notices';
import { eol } from '../results';
import type { Outcome } from '../translate';
import type { TranslationService } from '../translation';
import { languageName, refusalSentence } from '../words';
import type { Running } from './running';
import { TrackedText } from './phrases';

const CANDIDATES = 4;
const BEAM = 6;
/** Of so many titles the translation is offered too. */
const TRANSLATED = 2;

export interface TitleDeps {
  readonly service: TranslationService;
  readonly notices: Notices;
  readonly running: Running;
}

interface TitleItem extends vscode.QuickPickItem {
  /** Empty over a section. */
  readonly text: string;
  /** By which task the model wrote it for the text; absent: it is the translation of another. */
  readonly task?: InspectTaskName;
}

type Action = 'insert' | 'copy' | 'replace' | 'attention';

/** Headings and commit subjects for the selected text. */
export class Titles {
  constructor(private readonly deps: TitleDeps) {}

  /** `action` undefined asks what to do with the title. */
  async run(action?: unknown): Promise<Outcome> {
    const { notices } = this.deps;
    const editor = vscode.window.activeTextEditor;
    if (!editor || editor.document.getText(editor.selection).trim() === '') {
      notices.info(vscode.l10n.t('Select the text that needs a title.'));
      return 'nothingToDo';
    }
    const tracked = new TrackedText(editor.document, editor.selection);
    try {
      const items = await this.deps.running.run(vscode.l10n.t('Looking for a title'), (signal) =>
        this.items(tracked.text, signal),
      );
      if (items.length === 0) {
        notices.info(vscode.l10n.t('The model has no title for this text.'));
        return 'nothingToDo';
      }
      const chosen = await vscode.window.showQuickPick(items, {
        title: vscode.l10n.t('Title for Selection'),
        placeHolder: vscode.l10n.t('Choose a title'),
      });
      if (!chosen) return 'cancelled';
      const wanted = isAction(action) ? action : await askAction(chosen.task !== undefined);
      return wanted ? await this.use(tracked, chosen, wanted) : 'cancelled';
    } catch (error) {
      notices.error(error);
      return isCancelled(error) ? 'cancelled' : 'failed';
    } finally {
      tracked.dispose();
    }
  }

  /** Titles, and what the text says in one sentence; both also in the other language. */
  private async items(text: string, signal: AbortSignal): Promise<readonly TitleItem[]> {
    const { source, target } = chooseDirection(text, 'auto');
    const titles = await this.written('title', source, text, CANDIDATES, signal);
    const lines = (await this.written('oneLine', source, text, 1, signal)).filter(
      (line) => !titles.includes(line),
    );
    const texts = [...titles.slice(0, TRANSLATED), ...lines];
    if (texts.length === 0) return [];
    const { results } = await this.deps.service.translate(
      { texts, target, protectPatterns: [], beam: BEAM },
      signal,
    );
    const translated = results
      .map((result) => result.text)
      .filter((translation) => !titles.includes(translation) && !lines.includes(translation));
    return [
      ...section(languageName(source), titles, 'title'),
      ...section(vscode.l10n.t('In one sentence'), lines, 'oneLine'),
      ...section(languageName(target), [...new Set(translated)]),
    ];
  }

  private async written(
    task: InspectTaskName,
    language: Language,
    text: string,
    nBest: number,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const decoding = { beam: BEAM, lengthPenalty: 1, maxTokens: 64 };
    const params = { task, language, text, decoding, nBest, protectPatterns: [] };
    const { candidates } = await this.deps.service.ask('generate', params, signal);
    return candidates.map((candidate) => candidate.text);
  }

  private async use(tracked: TrackedText, item: TitleItem, action: Action): Promise<Outcome> {
    const { text: title, task } = item;
    if (action === 'copy') {
      await vscode.env.clipboard.writeText(title);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Title copied.'), 3000);
      return 'copied';
    }
    const { document, range } = tracked;
    if (range && task && action === 'attention') return showAttention(document, range, task, title);
    const outcome = range
      ? await applyEdits(document, [
          action === 'replace' ? { range, text: title } : above(document, range, title),
        ])
      : 'changed';
    if (outcome === 'applied') return action === 'replace' ? 'replaced' : 'inserted';
    this.deps.notices.info(refusalSentence(outcome));
    return 'refused';
  }
}

/** A line of its own over the selection, with the marks that the selection's first line has. */
function above(document: vscode.TextDocument, range: vscode.Range, title: string) {
  const line = document.lineAt(range.start.line);
  const prose = isProse(document.languageId);
  const column = Math.max(range.start.character, line.firstNonWhitespaceCharacterIndex);
  const frame = lineFrame(line.text, prose ? range.start.character : column, prose);
  const heading = document.languageId === 'markdown' ? '## ' : frame.before;
  const after = document.languageId === 'markdown' ? eol(document) : frame.after;
  return {
    range: new vscode.Range(line.range.start, line.range.start),
    text: `${heading}${title}${after}${eol(document)}`,
  };
}

/** Nothing of nothing, not even a heading. */
function section(label: string, titles: readonly string[], task?: InspectTaskName): TitleItem[] {
  if (titles.length === 0) return [];
  const items = titles.map((text) => ({
    label: plainLabel(text),
    text,
    ...(task ? { task } : {}),
  }));
  return [{ label, text: '', kind: vscode.QuickPickItemKind.Separator }, ...items];
}

/** How the model came to the title, in the attention panel. */
async function showAttention(
  document: vscode.TextDocument,
  selection: vscode.Range,
  name: InspectTaskName,
  written: string,
): Promise<Outcome> {
  await vscode.window.showTextDocument(document, { selection });
  const argument = { name, written, beam: BEAM } satisfies WrittenText;
  return vscode.commands.executeCommand<Outcome>(Command.showAttention, argument);
}

function isAction(value: unknown): value is Exclude<Action, 'attention'> {
  return value === 'insert' || value === 'copy' || value === 'replace';
}

async function askAction(written: boolean): Promise<Action | undefined> {
  const items: readonly (vscode.QuickPickItem & { readonly action: Action })[] = [
    { label: vscode.l10n.t('Insert Above'), action: 'insert' },
    { label: vscode.l10n.t('Copy'), action: 'copy' },
    { label: vscode.l10n.t('Replace Selection'), action: 'replace' },
    ...(written ? [{ label: vscode.l10n.t('Show Attention'), action: 'attention' } as const] : []),
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Title for Selection'),
    placeHolder: vscode.l10n.t('Choose what to do with it'),
  });
  return chosen?.action;
}
