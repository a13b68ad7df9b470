import * as vscode from 'vscode';
import { Setting, SETTING_SECTION } from '../ids';

type Where = 'language' | 'workspace' | 'everywhere';

interface Item extends vscode.QuickPickItem {
  readonly where: Where;
}

/** Asks where the hovers are to be off, and writes it into that setting. */
export async function turnOff(uri: unknown): Promise<Where | undefined> {
  const document = vscode.workspace.textDocuments.find((item) => item.uri.toString() === uri);
  const languageId = document?.languageId;
  const items: Item[] = [
    ...(languageId === undefined
      ? []
      : [
          {
            where: 'language' as const,
            label: vscode.l10n.t('In files of the language {0}', languageId),
            description: `${SETTING_SECTION}.${Setting.hoverLanguages}`,
          },
        ]),
    ...(vscode.workspace.workspaceFolders
      ? [
          {
            where: 'workspace' as const,
            label: vscode.l10n.t('In this workspace'),
            description: vscode.l10n.t('{0} of the workspace', settingName),
          },
        ]
      : []),
    { where: 'everywhere', label: vscode.l10n.t('Everywhere'), description: settingName },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Headlight: Turn Off Hovers'),
    placeHolder: vscode.l10n.t('Explain at Cursor goes on working'),
  });
  if (!chosen) return undefined;
  await write(chosen.where, languageId ?? '*');
  return chosen.where;
}

const settingName = `${SETTING_SECTION}.${Setting.hoverEnabled}`;

async function write(where: Where, languageId: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration(SETTING_SECTION);
  const { Global, Workspace } = vscode.ConfigurationTarget;
  if (where === 'language') {
    const known = settings.inspect<Record<string, unknown>>(Setting.hoverLanguages)?.globalValue;
    await settings.update(Setting.hoverLanguages, { ...known, [languageId]: false }, Global);
  } else {
    await settings.update(Setting.hoverEnabled, false, where === 'workspace' ? Workspace : Global);
  }
}
