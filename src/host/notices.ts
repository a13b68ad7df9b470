import * as vscode from 'vscode';
import { type ErrorCode, isCancelled, toAppError } from '../common/errors';
import { Command, SETTING_SECTION } from './ids';
import { errorSentence } from './words';

const MUTED_KEY = 'headlight.mutedNotices';

/** Failures whose cure is in the settings or with another device; the buttons lead there. */
const SETTING_ERRORS: ReadonlySet<ErrorCode> = new Set([
  'modelNotFound',
  'modelConfigInvalid',
  'modelWeightsInvalid',
  'tokenizerInvalid',
  'invalidArgument',
]);
const DEVICE_ERRORS: ReadonlySet<ErrorCode> = new Set([
  'deviceUnavailable',
  'inferenceFailed',
  'engineDied',
  'engineTimeout',
]);

interface Button {
  readonly label: string;
  readonly run: () => unknown;
}

/** Notifications: an error of a command always, what comes by itself once, and never a cancelled call. */
export class Notices {
  private readonly shown = new Set<string>();

  constructor(private readonly memento: vscode.Memento) {}

  /** For what a command failed at: the user waits for an answer. */
  error(thrown: unknown): void {
    const error = toAppError(thrown);
    if (isCancelled(error)) return;
    const buttons: Button[] = [];
    if (SETTING_ERRORS.has(error.code)) {
      buttons.push({ label: vscode.l10n.t('Open Settings'), run: openSettings });
    }
    if (DEVICE_ERRORS.has(error.code)) {
      buttons.push({
        label: vscode.l10n.t('Select Device'),
        run: () => vscode.commands.executeCommand(Command.selectDevice),
      });
    }
    buttons.push({
      label: vscode.l10n.t('Show Log'),
      run: () => vscode.commands.executeCommand(Command.showLog),
    });
    if (error.code !== 'engineStartFailed') {
      buttons.push({
        label: vscode.l10n.t('Run Diagnostics'),
        run: () => vscode.commands.executeCommand(Command.runDiagnostics),
      });
    }
    void offer(vscode.window.showErrorMessage, errorSentence(error), buttons);
  }

  /** For what nobody asked for: once per window, and never again if the user says so. */
  warnOnce(key: string, message: string): void {
    const muted = this.memento.get<readonly string[]>(MUTED_KEY, []);
    if (this.shown.has(key) || muted.includes(key)) return;
    this.shown.add(key);
    void offer(vscode.window.showWarningMessage, message, [
      { label: vscode.l10n.t('Open Settings'), run: openSettings },
      {
        label: vscode.l10n.t("Don't Show Again"),
        run: () => this.memento.update(MUTED_KEY, [...muted, key]),
      },
    ]);
  }

  info(message: string, buttons: readonly Button[] = []): void {
    void offer(vscode.window.showInformationMessage, message, buttons);
  }
}

function openSettings(): Thenable<unknown> {
  return vscode.commands.executeCommand('workbench.action.openSettings', SETTING_SECTION);
}

async function offer(
  show: (message: string, ...labels: string[]) => Thenable<string | undefined>,
  message: string,
  buttons: readonly Button[],
): Promise<void> {
  const chosen = await show(message, ...buttons.map(({ label }) => label));
  await buttons.find(({ label }) => label === chosen)?.run();
}
