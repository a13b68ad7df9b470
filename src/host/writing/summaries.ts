import * as vscode from 'vscode';
import { isCancelled } from '../../common/errors';
import { DisposableStore, type Disposable } from '../../common/disposable';
import type { SummarizeResult } from '../../protocol/tasks';
import { withToken } from '../cancellation';
import { noticeFallback } from '../device';
import type { ResultDocuments } from '../documents';
import { LinkCommand, RESULT_SCHEME } from '../ids';
import type { Notices } from '../notices';
import { usablePatterns } from '../patterns';
import type { CommentIndex } from '../scopes/commentIndex';
import { readTranslationSettings } from '../settings';
import type { Outcome } from '../translate';
import type { TranslationService } from '../translation';
import type { Running } from './running';
import { readSummarySettings, type SummarySettings } from './settings';
import {
  documentationSource,
  outlineOf,
  selectionSource,
  type SummarySource,
} from './summarySource';
import { type SourcePlace, SummaryText } from './summaryText';

export interface SummaryDeps {
  readonly service: TranslationService;
  readonly documents: ResultDocuments;
  readonly index: CommentIndex;
  readonly notices: Notices;
  readonly running: Running;
}

/** Mean log-probability per token, nats; titles below it are more often beside the point than not. */
const SURE = -0.9;

interface Shown {
  /** In the links: an address in them would be decoded once too often on its way through the editor. */
  readonly id: number;
  readonly source: vscode.Uri;
  readonly text: SummaryText;
}

/** Summaries in documents of their own, whose sentences lead to where they were taken from. */
export class Summaries implements vscode.DocumentLinkProvider, Disposable {
  private readonly store = new DisposableStore();
  /** By the address of the summary. */
  private readonly shown = new Map<string, Shown>();
  private nextId = 1;

  constructor(private readonly deps: SummaryDeps) {
    this.store.add(vscode.languages.registerDocumentLinkProvider({ scheme: RESULT_SCHEME }, this));
    this.store.add(
      vscode.workspace.onDidCloseTextDocument((document) =>
        this.shown.delete(document.uri.toString()),
      ),
    );
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const shown = this.shown.get(document.uri.toString());
    if (!shown) return [];
    return shown.text.places.map((place, index) => {
      const range = new vscode.Range(place.line, place.from, place.line, place.to);
      const argument = encodeURIComponent(JSON.stringify([shown.id, index]));
      const link = new vscode.DocumentLink(
        range,
        vscode.Uri.parse(`command:${LinkCommand.revealSummarySource}?${argument}`),
      );
      link.tooltip = vscode.l10n.t('Show in the source');
      return link;
    });
  }

  /** Of the selection, or of the whole document where nothing is selected. */
  async selection(): Promise<Outcome> {
    return this.run((editor) => Promise.resolve(selectionSource(editor)), false);
  }

  async file(): Promise<Outcome> {
    return this.run(
      (editor, token) => documentationSource(editor.document, this.deps.index, token),
      true,
    );
  }

  /** Selects the sentence in its document; `id` and `index` are those of the link. */
  async reveal(id: unknown, index: unknown): Promise<Outcome> {
    const shown = [...this.shown.values()].find((summary) => summary.id === id);
    const place = typeof index === 'number' ? shown?.text.places[index] : undefined;
    if (!shown || !place) return this.gone();
    const document = vscode.workspace.textDocuments.find(
      ({ uri }) => uri.toString() === shown.source.toString(),
    );
    const range = document && rangeOf(document, place);
    if (!document || !range) return this.gone();
    const known = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    await vscode.window.showTextDocument(document, {
      viewColumn: known?.viewColumn ?? vscode.ViewColumn.One,
      selection: range,
    });
    return 'shown';
  }

  dispose(): void {
    this.store.dispose();
    this.shown.clear();
  }

  private gone(): Outcome {
    this.deps.notices.info(
      vscode.l10n.t('The sentence is no longer there. Summarize the text again.'),
    );
    return 'nothingToDo';
  }

  private async run(
    sourceOf: (
      editor: vscode.TextEditor,
      token: vscode.CancellationToken,
    ) => Promise<SummarySource>,
    outline: boolean,
  ): Promise<Outcome> {
    const { notices, service, documents } = this.deps;
    const editor = vscode.window.activeTextEditor;
    if (!editor) {
      notices.info(vscode.l10n.t('Open a text that is to be summarized.'));
      return 'nothingToDo';
    }
    try {
      const text = await this.deps.running.run(vscode.l10n.t('Summarizing'), async (signal) => {
        const source = await withToken(signal, (token) => sourceOf(editor, token));
        return this.summarize(source, outline, signal);
      });
      if (!text) {
        notices.info(vscode.l10n.t('There are no sentences to summarize here.'));
        return 'nothingToDo';
      }
      noticeFallback(service, notices);
      const title = text.title.replaceAll('/', ' ');
      const name = title.endsWith('.md') ? title : `${title}.md`;
      const uri = vscode.Uri.from({ scheme: RESULT_SCHEME, path: `/${name}` });
      this.shown.set(uri.toString(), { id: this.nextId++, source: editor.document.uri, text });
      await documents.show(name, text.toString(), 'beside');
      return 'opened';
    } catch (error) {
      notices.error(error);
      return isCancelled(error) ? 'cancelled' : 'failed';
    }
  }

  private async summarize(
    source: SummarySource,
    outline: boolean,
    signal: AbortSignal,
  ): Promise<SummaryText | undefined> {
    const settings = readSummarySettings(source.document);
    const summary = await this.deps.service.ask(
      'summarize',
      { text: source.text, sentences: settings.length, language: 'auto' },
      signal,
    );
    if (summary.sentences.length === 0) return undefined;
    const title = await this.title(source, summary, signal);
    const entries = outline ? outlineOf(source) : [];
    const texts = [...summary.sentences, ...entries].map(({ text }) => text);
    const written = title === undefined ? [] : [title];
    const translations = await this.translations(source, [...texts, ...written], settings, signal);
    const result = new SummaryText(source.document, settings.language);
    if (title !== undefined) result.writtenTitle(title, translations[texts.length]);
    result.section(
      undefined,
      vscode.l10n.t('{0} of {1} sentences', summary.sentences.length, summary.total),
    );
    summary.sentences.forEach((sentence, index) => {
      result.sentence(sentence, source, translations[index]);
    });
    if (entries.length > 0) {
      result.section(vscode.l10n.t('Contents'));
      entries.forEach((entry, index) => {
        result.sentence(entry, source, translations[summary.sentences.length + index]);
      });
    }
    return result;
  }

  /** What the model would call the text; nothing where it is not sure. */
  private async title(
    source: SummarySource,
    { language, total }: SummarizeResult,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (total < 2) return undefined;
    const { candidates } = await this.deps.service.ask(
      'generate',
      {
        task: 'title',
        language,
        text: source.text,
        decoding: { beam: 4, lengthPenalty: 1, maxTokens: 64 },
        nBest: 1,
        protectPatterns: [],
      },
      signal,
    );
    const [best] = candidates;
    return best && best.logProbability >= SURE ? best.text : undefined;
  }

  private async translations(
    source: SummarySource,
    texts: readonly string[],
    { language }: SummarySettings,
    signal: AbortSignal,
  ): Promise<readonly (string | undefined)[]> {
    if (language === 'source') return [];
    const settings = readTranslationSettings(source.document);
    const { results } = await this.deps.service.translate(
      {
        texts,
        target: settings.targetLanguage,
        protectPatterns: usablePatterns(settings.protectPatterns, this.deps.notices),
        beam: settings.beam,
      },
      signal,
    );
    return results.map((result, index) => (result.text === texts[index] ? undefined : result.text));
  }
}

/** Where the sentence stands now: at its old place, or wherever its text is found. */
function rangeOf(document: vscode.TextDocument, place: SourcePlace): vscode.Range | undefined {
  const text = document.getText();
  const same = text.startsWith(place.source, place.start);
  const start = same ? place.start : text.indexOf(place.source);
  if (start < 0) return undefined;
  return new vscode.Range(
    document.positionAt(start),
    document.positionAt(start + place.source.length),
  );
}
