import * as vscode from 'vscode';
import { Command } from './ids';
import { readTranslationSettings } from './settings';
import type { TranslationService } from './translation';
import { deviceName, directionName, phaseName } from './words';

interface MenuItem extends vscode.QuickPickItem {
  readonly run?: () => unknown;
}

/** What a click on the status bar item opens. */
export async function showMenu(service: TranslationService): Promise<void> {
  const chosen = await vscode.window.showQuickPick(menuItems(service), {
    title: `Headlight: ${phaseName(service.state.phase)}`,
    placeHolder: vscode.l10n.t('Choose what to do'),
  });
  await chosen?.run?.();
}

function menuItems(service: TranslationService): MenuItem[] {
  const { phase, model } = service.state;
  const direction = directionName(readTranslationSettings().targetLanguage);
  const underWay = phase === 'busy' || phase === 'loading';
  return [
    section(vscode.l10n.t('Translation')),
    item('globe', vscode.l10n.t('Translate Selection'), Command.translateSelection),
    item('arrow-swap', vscode.l10n.t('Switch Direction'), Command.switchDirection, direction),
    item('comment', vscode.l10n.t('Toggle Hovers'), Command.toggleHover),
    ...(underWay ? [item('stop-circle', vscode.l10n.t('Cancel'), Command.cancel)] : []),
    section(vscode.l10n.t('Model')),
    item(
      'circuit-board',
      vscode.l10n.t('Select Device'),
      Command.selectDevice,
      model && deviceName(model.device),
    ),
    ...(phase === 'ready'
      ? [item('debug-disconnect', vscode.l10n.t('Unload Model'), Command.unloadModel, model?.name)]
      : []),
    section(vscode.l10n.t('Help')),
    item('pulse', vscode.l10n.t('Run Diagnostics'), Command.runDiagnostics),
    item('output', vscode.l10n.t('Show Log'), Command.showLog),
    {
      label: `$(gear) ${vscode.l10n.t('Open Settings')}`,
      run: () =>
        vscode.commands.executeCommand('workbench.action.openSettings', '@ext:headlight.headlight'),
    },
  ];
}

function section(label: string): MenuItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function item(icon: string, label: string, command: string, description?: string): MenuItem {
  return {
    label: `$(${icon}) ${label}`,
    ...(description === undefined ? {} : { description }),
    run: () => vscode.commands.executeCommand(command),
  };
}
