import * as vscode from 'vscode';
import type { KeptReason } from '../../protocol/engine';
import { keptSentence } from '../words';

/** There is no text to ask about. */
export function noTextSentence(): string {
  return vscode.l10n.t('There is no text here. Open one and put the cursor in a sentence.');
}

/** Why the model has nothing to read in the text, and what can be done; `reason` is the engine's. */
export function emptySentence(reason: unknown): string {
  switch (reason) {
    case 'alreadyTarget':
      return vscode.l10n.t(
        'This is already in the language that Headlight translates to. Select another text, or run Switch Direction.',
      );
    case 'glossary':
      return vscode.l10n.t(
        'The glossary alone translates this, so that the model has nothing to read. Select a whole sentence.',
      );
    case 'tooLong':
      return vscode.l10n.t('The model cannot read this sentence at once. Select a part of it.');
    case 'written':
      return vscode.l10n.t('The model does not write that any more. Look for a title again.');
    default:
      return vscode.l10n.t(
        'There are only code, numbers or signs here, which the model does not read. Select a sentence, or put the cursor in one.',
      );
  }
}

/** What the panel says of itself. */
export function goneSentence(): string {
  return vscode.l10n.t('The attention of this text is no longer in memory.');
}

export function staleSentence(): string {
  return vscode.l10n.t('The text was edited since. Nothing is marked in it until it is run again.');
}

export function closedSentence(): string {
  return vscode.l10n.t('The document is closed, so nothing is marked in it. Open it to link it.');
}

export function lostSentence(): string {
  return vscode.l10n.t(
    'The text was changed or closed since. Select it and run Show Attention again.',
  );
}

export function partSentence(sentence: number, sentences: number): string {
  return vscode.l10n.t(
    'The text is too long to be shown at once. This is sentence {0} of {1}, the one at the cursor.',
    sentence,
    sentences,
  );
}

/** The maps of an output that was refused are what tells why, so they are shown, but not as a translation. */
export function refusedSentence(reason: KeptReason): string {
  const notUsed = vscode.l10n.t('A sentence of this output is not used when translating.');
  return `${notUsed} ${keptSentence(reason, 1)}`;
}
