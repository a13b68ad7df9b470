import * as vscode from 'vscode';
import type { PanelStrings } from '../protocol/panelStrings';
import { modelStrings } from './attention/modelStrings';
import { readingStrings } from './attention/readingStrings';
import { shellStrings } from './attention/shellStrings';

/** The panel's texts in the display language. */
export function panelStrings(): PanelStrings {
  return {
    ...shellStrings(),
    ...readingStrings(),
    ...modelStrings(),
    encoder: vscode.l10n.t('Encoder self-attention'),
    decoder: vscode.l10n.t('Decoder self-attention'),
    cross: vscode.l10n.t('Encoder-decoder attention'),
    layer: vscode.l10n.t('layer'),
    head: vscode.l10n.t('head'),
    table: vscode.l10n.t('Strongest keys of this query'),
    source: vscode.l10n.t('source'),
    output: vscode.l10n.t('output'),
    query: vscode.l10n.t('Query'),
    key: vscode.l10n.t('Key'),
    weight: vscode.l10n.t('weight'),
    rank: vscode.l10n.t('rank'),
    sortBy: vscode.l10n.t('Sort heads by'),
    position: vscode.l10n.t('layer and head'),
    entropy: vscode.l10n.t('entropy'),
    confidence: vscode.l10n.t('confidence'),
    previous: vscode.l10n.t('previous token'),
    self: vscode.l10n.t('same token'),
    next: vscode.l10n.t('next token'),
    sinkMass: vscode.l10n.t('strongest sink'),
    normalizedEntropy: vscode.l10n.t('normalized entropy'),
    effectiveKeys: vscode.l10n.t('effective keys'),
    previousShare: vscode.l10n.t('rows led by the previous token'),
    nextShare: vscode.l10n.t('rows led by the next token'),
    diagonality: vscode.l10n.t('diagonality'),
    uniformDiagonality: vscode.l10n.t('diagonality of uniform attention'),
    monotonicity: vscode.l10n.t('monotonicity'),
    distance: vscode.l10n.t('attention distance'),
    sinkKey: vscode.l10n.t('token of the strongest sink'),
    specialMass: vscode.l10n.t('on special tokens'),
    firstMass: vscode.l10n.t('on the first token'),
    scale: vscode.l10n.t('Colours show the square root of the weight, from 0 to 1.'),
    caveat: vscode.l10n.t(
      'An attention weight says where a head looked, not how much that mattered for the output.',
    ),
    waiting: vscode.l10n.t('Waiting for a sentence.'),
  };
}
