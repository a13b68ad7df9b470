import * as vscode from 'vscode';
import type { Disposable } from '../common/disposable';
import { SETTING_SECTION } from './ids';
import type { Notices } from './notices';
import type { TranslationService } from './translation';

/** Settings take effect when they are changed; translation settings are read afresh at each call anyway. */
export function registerSettings(service: TranslationService, notices: Notices): Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration(SETTING_SECTION)) return;
    service.settingsChanged().catch((error: unknown) => notices.error(error));
  });
}
