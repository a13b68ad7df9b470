import * as vscode from 'vscode';
import { parseCommandLine, type ShellCommand } from '../../text/explain/shell';
import type { Fact } from '../hoverParts';
import { purposeOf } from './commandPurposes';

/**
 * What is sure of a command: what its programs are for where the table has them, and its options and operands as they
 * stand. One line per program, in the order of the pipe.
 */
export function commandFacts(text: string): Fact[] {
  const line = parseCommandLine(text);
  if (!line) return [];
  return line.commands.flatMap((command, index) => [
    ...(index === 0 ? [] : [{ words: joinSentence(line.operators[index - 1] ?? ';') }]),
    factOf(command),
  ]);
}

/** Prose may begin with `find` or `git` too: a program of the table, with an option or with little behind its verb. */
export function isKnownCommand(text: string): boolean {
  const [first] = parseCommandLine(text)?.commands ?? [];
  if (!first || /[\r\n]/.test(text.trim()) || purposeOf(first.name, undefined) === undefined)
    return false;
  return first.options.length > 0 || (first.verb !== undefined && first.operands.length <= 2);
}

function factOf(command: ShellCommand): Fact {
  const { name, verb, options, operands, redirections } = command;
  const program = verb === undefined ? name : `${name} ${verb}`;
  const parts = [purposeOf(name, verb) ?? vscode.l10n.t('a program that Headlight does not know')];
  if (options.length > 0)
    parts.push(vscode.l10n.t('options {0}', options.map(optionWords).join(', ')));
  if (operands.length > 0) parts.push(vscode.l10n.t('on {0}', operands.map(shortened).join(', ')));
  for (const { operator, target } of redirections) {
    const sentence = redirectionWords(operator, shortened(target));
    if (sentence !== undefined) parts.push(sentence);
  }
  return { code: program, words: parts.join('; ') };
}

/** A long option tells its meaning itself. */
function optionWords({ name, value }: ShellCommand['options'][number]): string {
  return value === undefined ? name : `${name}=${shortened(value)}`;
}

function redirectionWords(operator: string, target: string): string | undefined {
  if (/^(?:\d*>&|<&)/.test(operator)) return undefined;
  if (operator.startsWith('<')) return vscode.l10n.t('reads from {0}', target);
  if (operator.includes('>>')) return vscode.l10n.t('appends its output to {0}', target);
  return operator.startsWith('2')
    ? vscode.l10n.t('writes its errors to {0}', target)
    : vscode.l10n.t('writes its output to {0}', target);
}

function joinSentence(operator: string): string {
  switch (operator) {
    case '|':
    case '|&':
      return vscode.l10n.t('Its output goes to:');
    case '&&':
      return vscode.l10n.t('If that succeeds:');
    case '||':
      return vscode.l10n.t('If that fails:');
    default:
      return vscode.l10n.t('Then:');
  }
}

const MOST_OPERAND = 60;

function shortened(text: string): string {
  const flat = text.replace(/\s+/g, ' ');
  return flat.length > MOST_OPERAND ? `${flat.slice(0, MOST_OPERAND - 1)}…` : flat;
}
