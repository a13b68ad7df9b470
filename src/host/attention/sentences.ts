import * as vscode from 'vscode';
import type { KeptReason } from '../../protocol/engine';
import { keptSentence } from '../words';

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
