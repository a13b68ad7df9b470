import * as vscode from 'vscode';
import type { SummaryLanguage } from './settings';
import type { SummarySource } from './summarySource';

/** A sentence of the summary, and what it was taken from. */
export interface SourcePlace {
  /** Line and columns in the summary. */
  readonly line: number;
  readonly from: number;
  readonly to: number;
  /** Offset in the source document when it was read, and what stood there. */
  readonly start: number;
  readonly source: string;
}

/** The Markdown of a summary while it is put together. */
export class SummaryText {
  readonly places: SourcePlace[] = [];
  readonly title: string;
  private readonly lines: string[];

  constructor(
    document: vscode.TextDocument,
    private readonly language: SummaryLanguage,
  ) {
    const name = document.uri.path.split('/').at(-1) || 'Headlight';
    this.title = vscode.l10n.t('Summary of {0}', name);
    this.lines = [`# ${this.title}`, ''];
  }

  /** What the model calls the text, in the languages of the summary. */
  writtenTitle(title: string, translation: string | undefined): void {
    const inTarget = translation ?? title;
    const titles = {
      source: title,
      target: inTarget,
      both: [...new Set([title, inTarget])].join(' / '),
    };
    this.lines.push(vscode.l10n.t('Title by the model: {0}', titles[this.language]), '');
  }

  section(heading: string | undefined, note?: string): void {
    if (this.lines.at(-1) !== '') this.lines.push('');
    if (heading !== undefined) this.lines.push(`## ${heading}`, '');
    if (note !== undefined) this.lines.push(`*${note}*`, '');
  }

  /** The sentence, its translation, or both, linked to the source; a sentence without a translation stands as it is. */
  sentence(
    sentence: { readonly text: string; readonly start: number; readonly end: number },
    source: SummarySource,
    translation: string | undefined,
  ): void {
    const start = source.toDocument(sentence.start);
    const end = source.toDocument(sentence.end - 1) + 1;
    const taken = source.whole.slice(start, end);
    const both = this.language === 'both' && translation !== undefined;
    const shown = this.language === 'target' ? (translation ?? sentence.text) : sentence.text;
    this.link('- ', shown, start, taken);
    if (both) this.link('  ', translation, start, taken);
  }

  toString(): string {
    return `${this.lines.join('\n')}\n`;
  }

  private link(mark: string, text: string, start: number, source: string): void {
    // Two blanks at the end of the line above make the translation a line of the same item.
    if (mark === '  ') this.lines[this.lines.length - 1] += '  ';
    this.lines.push(mark + text);
    const line = this.lines.length - 1;
    this.places.push({ line, from: mark.length, to: mark.length + text.length, start, source });
  }
}
