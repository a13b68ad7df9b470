import * as vscode from 'vscode';
import { throwIfAborted } from '../../common/async';
import { isCancelled } from '../../common/errors';
import type { Language } from '../../protocol/engine';
import type { CommentBlock } from '../../text/comments/types';
import { withToken } from '../cancellation';
import { noticeFallback } from '../device';
import type { ResultDocuments } from '../documents';
import { applyEdits } from '../edits';
import type { Notices } from '../notices';
import { usablePatterns } from '../patterns';
import { withDelayedProgress } from '../progress';
import type { CommentIndex } from '../scopes/commentIndex';
import { readTranslationSettings } from '../settings';
import type { Outcome } from '../translate';
import type { TranslationService } from '../translation';
import { languageName, refusalSentence } from '../words';
import { isLicence, needsTranslation, targetOf, translateBlocks } from './blockTranslations';
import { type CommentMode, commentMode, readCommentSettings } from './settings';
import { TrackedBlocks } from './trackedBlocks';

export interface CommentDeps {
  readonly index: CommentIndex;
  readonly service: TranslationService;
  readonly documents: ResultDocuments;
  readonly notices: Notices;
}

/** Typing elsewhere makes VS Code refuse an edit that was on its way; the next try knows the new places. */
const MOST_ATTEMPTS = 3;

interface Translated {
  readonly tracked: TrackedBlocks;
  readonly translations: readonly string[];
  readonly target: Language;
}

/** Translates the comments of a file or selection: in place, below the original, or as a copy beside. */
export class CommentCommands {
  private readonly running = new Set<AbortController>();

  constructor(private readonly deps: CommentDeps) {}

  /** Ends every run, whatever it is at, before it changes anything. */
  cancelAll(): void {
    for (const run of this.running) run.abort();
  }

  /** `mode` undefined: as the setting says, or the user when asked. */
  async run(scope: 'file' | 'selection', mode?: unknown): Promise<Outcome> {
    const { notices } = this.deps;
    const editor = vscode.window.activeTextEditor;
    if (!editor) {
      notices.info(vscode.l10n.t('Open a file whose comments are to be translated.'));
      return 'nothingToDo';
    }
    const settings = readCommentSettings(editor.document);
    const chosen = commentMode(mode) ?? settings.mode ?? (await askMode());
    if (!chosen) return 'cancelled';
    const abort = new AbortController();
    this.running.add(abort);
    try {
      const strings = settings.strings && chosen !== 'insertBelow';
      const translated = await withDelayedProgress(
        vscode.l10n.t('Translating comments'),
        (signal, report) => {
          const either = AbortSignal.any([signal, abort.signal]);
          return this.translate(editor, scope, strings, either, report);
        },
        (done, total) => vscode.l10n.t('{0} of {1} comments', done, total),
      );
      if (!translated) {
        notices.info(vscode.l10n.t('There are no comments to translate here.'));
        return 'nothingToDo';
      }
      noticeFallback(this.deps.service, notices);
      try {
        throwIfAborted(abort.signal);
        return await this.output(translated, chosen);
      } finally {
        translated.tracked.dispose();
      }
    } catch (error) {
      notices.error(error);
      return isCancelled(error) ? 'cancelled' : 'failed';
    } finally {
      this.running.delete(abort);
    }
  }

  /** Undefined if there is nothing to translate. Changes nothing in the document. */
  private async translate(
    editor: vscode.TextEditor,
    scope: 'file' | 'selection',
    strings: boolean,
    signal: AbortSignal,
    report: (progress: { done: number; total: number }) => void,
  ): Promise<Translated | undefined> {
    const { document } = editor;
    const found = await this.find(editor, scope, signal);
    throwIfAborted(signal);
    const blocks = found.filter(
      (block) => block.kind !== 'text' && (strings || block.kind !== 'string') && !isLicence(block),
    );
    const settings = readTranslationSettings(document);
    const target = targetOf(blocks, settings.targetLanguage);
    const wanted = blocks.filter((block) => needsTranslation(block, target));
    if (wanted.length === 0) return undefined;
    const tracked = new TrackedBlocks(document, wanted);
    const request = {
      target,
      protectPatterns: usablePatterns(settings.protectPatterns, this.deps.notices),
      beam: settings.beam,
    };
    try {
      report({ done: 0, total: wanted.length });
      const onDone = (done: number): void => report({ done, total: wanted.length });
      const { service } = this.deps;
      const translations = await translateBlocks(service, wanted, request, signal, onDone);
      throwIfAborted(signal);
      return { tracked, translations, target };
    } catch (error) {
      tracked.dispose();
      throw error;
    }
  }

  private async find(
    editor: vscode.TextEditor,
    scope: 'file' | 'selection',
    signal: AbortSignal,
  ): Promise<readonly CommentBlock[]> {
    const { document, selections } = editor;
    return withToken(signal, async (token) => {
      if (scope === 'file') return this.deps.index.blocksIn(document, undefined, token);
      const blocks = new Map<number, CommentBlock>();
      for (const selection of selections) {
        const found = await this.deps.index.blocksIn(document, selection, token);
        for (const block of found) blocks.set(block.start, block);
      }
      return [...blocks.values()].sort((a, b) => a.start - b.start);
    });
  }

  private async output(translated: Translated, mode: CommentMode): Promise<Outcome> {
    if (mode === 'beside') return this.showBeside(translated);
    const { tracked } = translated;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const { edits, lost } = editsOf(translated, mode);
      const outcome = edits.length > 0 ? await applyEdits(tracked.document, edits) : 'changed';
      if (outcome === 'applied') {
        this.tell(edits.length, lost);
        return mode === 'replace' ? 'replaced' : 'inserted';
      }
      if (outcome === 'readOnly') return this.refuse(translated, 'readOnly');
      if (edits.length === 0) break;
    }
    return this.refuse(translated, 'changed');
  }

  private tell(done: number, lost: number): void {
    if (lost === 0) {
      const message = vscode.l10n.t('Comments translated: {0}', done);
      vscode.window.setStatusBarMessage(message, 4000);
      return;
    }
    this.deps.notices.info(
      vscode.l10n.t(
        'Comments translated: {0}. Left as they are, because they were edited meanwhile: {1}',
        done,
        lost,
      ),
    );
  }

  private refuse(translated: Translated, reason: 'readOnly' | 'changed'): Outcome {
    const { tracked } = translated;
    const open = (): unknown => this.showBeside(translated);
    const buttons = tracked.blocks.some((_, index) => tracked.range(index))
      ? [{ label: vscode.l10n.t('Open to the Side'), run: open }]
      : [];
    this.deps.notices.info(refusalSentence(reason), buttons);
    return 'refused';
  }

  private async showBeside(translated: Translated): Promise<Outcome> {
    const { document } = translated.tracked;
    let text = document.getText();
    const { edits } = editsOf(translated, 'replace');
    // From the end on, so that the places of those before stay true.
    for (const { range, text: comment } of [...edits].reverse()) {
      const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
      text = text.slice(0, start) + comment + text.slice(end);
    }
    await this.deps.documents.show(copyName(document, translated.target), text, 'beside');
    return 'opened';
  }
}

interface Edits {
  readonly edits: readonly { readonly range: vscode.Range; readonly text: string }[];
  /** Blocks that are not what they were. */
  readonly lost: number;
}

function editsOf({ tracked, translations }: Translated, mode: 'replace' | 'insertBelow'): Edits {
  const edits: { range: vscode.Range; text: string }[] = [];
  let lost = 0;
  tracked.blocks.forEach((block, index) => {
    const range = tracked.range(index);
    const translation = translations[index] ?? block.text;
    const text = mode === 'replace' ? block.render(translation) : block.renderBelow(translation);
    if (!range) lost++;
    else if (text !== block.source) edits.push({ range, text });
  });
  return { edits, lost };
}

function copyName(document: vscode.TextDocument, target: Language): string {
  const base = document.uri.path.split('/').at(-1) || 'Headlight';
  const dot = base.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [base.slice(0, dot), base.slice(dot)] : [base, ''];
  return `${stem} (${languageName(target)})${extension}`;
}

async function askMode(): Promise<CommentMode | undefined> {
  const items = [
    {
      mode: 'replace' as const,
      label: vscode.l10n.t('Replace'),
      detail: vscode.l10n.t('The translation takes the place of each comment.'),
    },
    {
      mode: 'insertBelow' as const,
      label: vscode.l10n.t('Add below'),
      detail: vscode.l10n.t('The translation stands below each comment.'),
    },
    {
      mode: 'beside' as const,
      label: vscode.l10n.t('Show beside'),
      detail: vscode.l10n.t('A copy of the file with translated comments opens beside it.'),
    },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('What to do with the translated comments'),
  });
  return chosen?.mode;
}
