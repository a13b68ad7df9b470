import * as vscode from 'vscode';
import { isCancelled } from '../../common/errors';
import type { Candidate } from '../../protocol/tasks';
import { chooseDirection } from '../../text/direction';
import { lineFrame } from '../commentLine';
import { isProse } from '../commentLine';
import type { WrittenText } from '../attention/written';
import { applyEdits } from '../edits';
import { Command } from '../ids';
import type { Notices } from '../notices';
import { eol } from '../results';
import type { Outcome } from '../translate';
import type { TranslationService } from '../translation';
import { languageName, refusalSentence } from '../words';
import type { Running } from './running';
import { TrackedText } from './phrases';

const CANDIDATES = 4;
const BEAM = 6;
/** Of these the translation is offered too. */
const TRANSLATED = 2;

export interface TitleDeps {
  readonly service: TranslationService;
  readonly notices: Notices;
  readonly running: Running;
}

interface TitleItem extends vscode.QuickPickItem {
  readonly title?: string;
  /** The model wrote it for the text: it is no translation of a title. */
  readonly written?: boolean;
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
      if (chosen?.title === undefined) return 'cancelled';
      const wanted = isAction(action) ? action : await askAction(chosen.written === true);
      return wanted ? await this.use(tracked, chosen.title, wanted) : 'cancelled';
    } catch (error) {
      notices.error(error);
      return isCancelled(error) ? 'cancelled' : 'failed';
    } finally {
      tracked.dispose();
    }
  }

  private async items(text: string, signal: AbortSignal): Promise<readonly TitleItem[]> {
    const { service } = this.deps;
    const { source, target } = chooseDirection(text, 'auto');
    const { candidates } = await service.ask(
      'generate',
      {
        task: 'title',
        language: source,
        text,
        decoding: { beam: BEAM, lengthPenalty: 1, maxTokens: 64 },
        nBest: CANDIDATES,
        protectPatterns: [],
      },
      signal,
    );
    if (candidates.length === 0) return [];
    const titles = candidates.map((candidate) => candidate.text);
    const { results } = await service.translate(
      {
        texts: titles.slice(0, TRANSLATED),
        target,
        protectPatterns: [],
        beam: BEAM,
      },
      signal,
    );
    const translated = results
      .map((result) => result.text)
      .filter((title) => !titles.includes(title));
    return [
      separator(languageName(source)),
      ...candidates.map((candidate) => titleItem(candidate)),
      ...(translated.length > 0 ? [separator(languageName(target))] : []),
      ...[...new Set(translated)].map((title) => ({ label: title, title })),
    ];
  }

  private async use(tracked: TrackedText, title: string, action: Action): Promise<Outcome> {
    if (action === 'copy') {
      await vscode.env.clipboard.writeText(title);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Title copied.'), 3000);
      return 'copied';
    }
    const { document, range } = tracked;
    if (range && action === 'attention') return showAttention(document, range, title);
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

function titleItem({ text }: Candidate): TitleItem {
  return { label: text, title: text, written: true };
}

/** How the model came to the title, in the attention panel. */
async function showAttention(
  document: vscode.TextDocument,
  selection: vscode.Range,
  written: string,
): Promise<Outcome> {
  await vscode.window.showTextDocument(document, { selection });
  const argument = { name: 'title', written, beam: BEAM } satisfies WrittenText;
  return vscode.commands.executeCommand<Outcome>(Command.showAttention, argument);
}

function separator(label: string): TitleItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
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
