import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../common/disposable';
import type { AlignResult, SegmentResult, WordLink } from '../protocol/engine';
import { unwrapped, unwrappedLike } from '../text/wrapped';
import { abortOn } from './cancellation';
import { plainPart } from './hoverParts';
import { RESULT_SCHEME } from './ids';
import type { Notices } from './notices';
import { usablePatterns } from './patterns';
import { currentRange, eol, type ResultEntry, type ResultPart } from './results';
import { readTranslationSettings } from './settings';
import type { TranslationService } from './translation';

/** A sentence of a result, where it stands in the document that shows it. */
interface Place {
  readonly part: ResultPart;
  readonly segment: SegmentResult;
  /** Of the document, less this, are offsets into the part's text. */
  readonly partStart: number;
}

/**
 * In the documents that show results: a word that the mouse rests on marks the words of the source it comes from, and a hover
 * names them. The links are those of the model's cross-attention.
 */
export class WordLinks implements vscode.HoverProvider, Disposable {
  private readonly store = new DisposableStore();
  private readonly mark = this.store.add(
    vscode.window.createTextEditorDecorationType({
      backgroundColor: new vscode.ThemeColor('editor.wordHighlightStrongBackground'),
      border: '1px solid',
      borderColor: new vscode.ThemeColor('editor.wordHighlightStrongBorder'),
    }),
  );
  private readonly entries = new Map<string, ResultEntry>();
  private readonly alignments = new WeakMap<SegmentResult, AlignResult>();
  /** The text that has marks now. */
  private marked: vscode.TextDocument | undefined;

  constructor(
    private readonly service: TranslationService,
    private readonly notices: Notices,
  ) {
    this.store.add(vscode.languages.registerHoverProvider({ scheme: RESULT_SCHEME }, this));
    this.store.add(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (this.entries.delete(uri.toString())) this.clear();
      }),
    );
    // What was marked may have moved or gone.
    this.store.add(vscode.workspace.onDidChangeTextDocument(() => this.clear()));
  }

  /** The document at `uri` shows this result from now on. */
  follow(uri: vscode.Uri, entry: ResultEntry): void {
    this.entries.set(uri.toString(), entry);
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    this.clear();
    const entry = this.entries.get(document.uri.toString());
    const offset = document.offsetAt(position);
    const place = entry && placeAt(entry, offset);
    if (!place) return undefined;
    const alignment = await this.alignment(entry, place, token);
    const base = place.partStart + place.segment.targetStart;
    const { toOneLine, toLines } = onOneLine(place);
    const links = linksAt(alignment, toOneLine(offset - base));
    if (links.length === 0 || token.isCancellationRequested) return undefined;
    const ranges = this.sourceRanges(entry, place, links);
    this.markIn(entry.document, ranges);
    const { sourceStart } = place.segment;
    const names = links.map((link) =>
      place.part.source.slice(sourceStart + link.sourceStart, sourceStart + link.sourceEnd),
    );
    const [{ targetStart, targetEnd }] = links as [WordLink];
    const range = new vscode.Range(
      document.positionAt(base + toLines(targetStart)),
      document.positionAt(base + toLines(targetEnd)),
    );
    return new vscode.Hover(plainPart(vscode.l10n.t('From: {0}', names.join(' … '))), range);
  }

  dispose(): void {
    this.store.dispose();
  }

  /** Undefined where the sentence is not what the model would write now: the user took another translation. */
  private async alignment(
    entry: ResultEntry,
    place: Place,
    token: vscode.CancellationToken,
  ): Promise<AlignResult | undefined> {
    const { part, segment } = place;
    const shown = onOneLine(place).text;
    const known = this.alignments.get(segment);
    if (known) return known.targetText === shown ? known : undefined;
    const settings = readTranslationSettings(entry.document);
    const { signal, detach } = abortOn(token);
    try {
      const alignment = await this.service.align(
        {
          text: unwrapped(part.source.slice(segment.sourceStart, segment.sourceEnd)),
          target: part.result.target,
          protectPatterns: usablePatterns(settings.protectPatterns, this.notices),
          beam: settings.beam,
        },
        signal,
      );
      this.alignments.set(segment, alignment);
      return alignment.targetText === shown ? alignment : undefined;
    } catch {
      // Cancelled, or a failure that nobody asked for: the service's state shows it.
      return undefined;
    } finally {
      detach();
    }
  }

  /** Empty where the source was edited since. */
  private sourceRanges(
    entry: ResultEntry,
    { part, segment }: Place,
    links: readonly WordLink[],
  ): vscode.Range[] {
    if (!currentRange(entry, part) || !part.offsets) return [];
    const base = part.offsets.start + segment.sourceStart;
    const { document } = entry;
    return links.map(
      ({ sourceStart, sourceEnd }) =>
        new vscode.Range(
          document.positionAt(base + sourceStart),
          document.positionAt(base + sourceEnd),
        ),
    );
  }

  private markIn(document: vscode.TextDocument, ranges: readonly vscode.Range[]): void {
    this.marked = document;
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document === document) editor.setDecorations(this.mark, ranges);
    }
  }

  /** Asked for at every keystroke: nothing is sent to the editor where nothing is marked. */
  private clear(): void {
    const { marked } = this;
    if (!marked) return;
    this.marked = undefined;
    for (const editor of vscode.window.visibleTextEditors)
      if (editor.document === marked) editor.setDecorations(this.mark, []);
  }
}

function placeAt(entry: ResultEntry, offset: number): Place | undefined {
  let partStart = 0;
  for (const part of entry.parts) {
    const inPart = offset - partStart;
    const segment = part.result.segments.find(
      ({ status, targetStart, targetEnd }) =>
        status === 'translated' && targetStart <= inPart && inPart < targetEnd,
    );
    if (segment) return { part, segment, partStart };
    partStart += part.result.text.length + eol(entry.document).length;
  }
  return undefined;
}

/** What is shown of a sentence as the model wrote it, and offsets there. */
function onOneLine({ part: { source, result }, segment }: Place) {
  return unwrappedLike(
    source.slice(segment.sourceStart, segment.sourceEnd),
    result.text.slice(segment.targetStart, segment.targetEnd),
  );
}

/** The links of the word at an offset into the sentence. */
function linksAt(alignment: AlignResult | undefined, offset: number): WordLink[] {
  const links = alignment?.links ?? [];
  const hit = links.find(
    ({ targetStart, targetEnd }) => targetStart <= offset && offset < targetEnd,
  );
  return links
    .filter(({ targetStart }) => targetStart === hit?.targetStart)
    .sort((a, b) => a.sourceStart - b.sourceStart);
}
