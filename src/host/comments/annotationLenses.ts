import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable';
import type { PlacedLines } from './placedLines';

/**
 * Lines of translation above the lines of the document. Only code lenses make room between lines: a decoration has the
 * height of its line, so that a second line of text would cover the next one.
 */
export class AnnotationLenses implements vscode.CodeLensProvider, Disposable {
  private readonly change = new vscode.EventEmitter<void>();
  private readonly registration: vscode.Disposable;
  readonly onDidChangeCodeLenses = this.change.event;

  constructor(
    private readonly placed: PlacedLines,
    private readonly isOn: (document: vscode.TextDocument) => boolean,
  ) {
    this.registration = vscode.languages.registerCodeLensProvider({ pattern: '**' }, this);
  }

  /** The editor asks anew. After edits it does so by itself. */
  render(): void {
    this.change.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!this.isOn(document)) return [];
    return this.placed.of(document).map(
      ({ position, text }) =>
        new vscode.CodeLens(new vscode.Range(position, position), {
          // No command: a text, not a link. `$(` would draw an icon.
          command: '',
          title: text.replaceAll('$(', '\\$('),
        }),
    );
  }

  dispose(): void {
    this.registration.dispose();
    this.change.dispose();
  }
}
