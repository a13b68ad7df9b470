import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable';
import { plainLabel } from '../labels';
import type { PlacedLines } from './placedLines';

/**
 * Lines of translation above the lines of the document. Only code lenses make room between lines: a decoration has the
 * height of its line, so that a second line of text would cover the next one.
 */
export class AnnotationLenses implements vscode.CodeLensProvider, Disposable {
  private readonly change = new vscode.EventEmitter<void>();
  private registration: vscode.Disposable | undefined;
  readonly onDidChangeCodeLenses = this.change.event;

  constructor(
    private readonly placed: PlacedLines,
    private readonly isOn: (document: vscode.TextDocument) => boolean,
  ) {}

  /**
   * The editor asks anew. After edits it does so by itself, of every provider that there is: so there is none before the
   * first line. It stays, since the editor shows for half a minute what a provider that is gone has said last.
   */
  render(): void {
    if (this.registration) this.change.fire();
    else if (!this.placed.isEmpty)
      this.registration = vscode.languages.registerCodeLensProvider({ pattern: '**' }, this);
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!this.isOn(document)) return [];
    return this.placed.of(document).map(
      ({ position, text }) =>
        new vscode.CodeLens(new vscode.Range(position, position), {
          // No command: a text, not a link.
          command: '',
          title: plainLabel(text),
        }),
    );
  }

  dispose(): void {
    this.registration?.dispose();
    this.change.dispose();
  }
}
