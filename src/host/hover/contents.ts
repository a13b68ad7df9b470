import * as vscode from 'vscode';
import type { BlockKind } from '../../text/comments/types';
import {
  actionsPart,
  directionNames,
  factsPart,
  headingPart,
  type HoverLink,
  keptNotes,
  noteLine,
  plainPart,
  termNotes,
  uncertainNotes,
} from '../hoverParts';
import { LinkCommand } from '../ids';
import { directions, keptReasons, type ResultEntry, shownText } from '../results';
import type { Explanation } from './explain';

/** A translation with what can be done with it. `kind` is that of its block; a selection has none. */
export function translationParts(
  entry: ResultEntry,
  kind: BlockKind | undefined,
): vscode.MarkdownString[] {
  const { document } = entry;
  const args = [entry.id];
  const links: HoverLink[] = [];
  if (isWritable(document)) {
    links.push({
      icon: 'replace',
      label: vscode.l10n.t('Replace'),
      command: LinkCommand.replaceResult,
      args,
    });
    // Two strings are no string, whatever stands between them.
    if (kind !== 'string') {
      links.push({
        icon: 'arrow-down',
        label: vscode.l10n.t('Insert Below'),
        command: LinkCommand.insertResultBelow,
        args,
      });
    }
  }
  links.push(
    { icon: 'copy', label: vscode.l10n.t('Copy'), command: LinkCommand.copyResult, args },
    {
      icon: 'eye',
      label: vscode.l10n.t('Show Attention'),
      command: LinkCommand.showHoverAttention,
      args,
    },
    turnOffLink(document),
  );
  const results = entry.parts.map(({ result }) => result);
  return [
    headingPart(directionNames(directions(entry))),
    ...entry.parts.map((part) => plainPart(shownText(part))),
    actionsPart(
      [...uncertainNotes(results), ...termNotes(results), ...keptNotes(keptReasons(entry))],
      links,
    ),
  ];
}

/** An explanation: the sentence, what is sure, and how sure the rest is. Undefined where there is nothing to say. */
export function explanationParts(
  document: vscode.TextDocument,
  { sentence, byModel, facts }: Explanation,
  pending = false,
): vscode.MarkdownString[] | undefined {
  if (sentence === undefined && facts.length === 0) return undefined;
  const notes: string[] = [];
  if (pending) {
    notes.push(
      noteLine(
        'loading~spin',
        vscode.l10n.t('The model is still reading. Point here again in a moment.'),
      ),
    );
  } else if (byModel) {
    notes.push(
      sentence === undefined
        ? noteLine('info', vscode.l10n.t('The model is not sure of more than these words say.'))
        : noteLine('info', vscode.l10n.t('The first sentence is the model’s and may be wrong.')),
    );
  }
  return [
    headingPart(vscode.l10n.t('Explanation')),
    ...(sentence === undefined ? [] : [plainPart(sentence)]),
    ...(facts.length === 0 ? [] : [factsPart(facts)]),
    actionsPart(notes, [turnOffLink(document)]),
  ];
}

/** Messages of errors and warnings, translated. */
export function problemParts(texts: readonly string[]): vscode.MarkdownString[] {
  if (texts.length === 0) return [];
  return [headingPart(vscode.l10n.t('Problem')), ...texts.map(plainPart)];
}

/** What others say of a symbol, translated; there is nothing to replace or insert. */
export function documentationParts(
  document: vscode.TextDocument,
  texts: readonly string[],
  afterProblems: boolean,
): vscode.MarkdownString[] {
  const actions = actionsPart([], [turnOffLink(document)]);
  if (texts.length === 0) return afterProblems ? [actions] : [];
  return [headingPart(vscode.l10n.t('Documentation')), ...texts.map(plainPart), actions];
}

/** Instead of an answer that takes longer than a hover should. */
export function pendingParts(): vscode.MarkdownString[] {
  const sentence = vscode.l10n.t('Still translating. Point here again in a moment.');
  return [headingPart(''), new vscode.MarkdownString(noteLine('loading~spin', sentence), true)];
}

function turnOffLink(document: vscode.TextDocument): HoverLink {
  return {
    icon: 'eye-closed',
    label: vscode.l10n.t('Turn Off Here'),
    command: LinkCommand.turnOffHover,
    args: [document.uri.toString()],
  };
}

/** Undefined is what VS Code says of file systems that it does not know, such as that of untitled texts. */
function isWritable(document: vscode.TextDocument): boolean {
  return vscode.workspace.fs.isWritableFileSystem(document.uri.scheme) !== false;
}
