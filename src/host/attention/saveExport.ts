import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { ExportFormat } from '../../protocol/panel';
import { fileStem, type ExportFile } from './exportFile';

/** Endings of the formats; alignments in Pharaoh's format (`0-0 1-2`) have none of their own. */
const ENDINGS: Readonly<Record<ExportFormat, string>> = {
  png: 'png',
  svg: 'svg',
  json: 'json',
  csv: 'csv',
  pharaoh: 'txt',
};

/** Asks where to save and writes there; gives the place, or undefined if the user gave up. */
export async function saveExport(file: ExportFile): Promise<vscode.Uri | undefined> {
  const ending = ENDINGS[file.format];
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${fileStem(file.name)}.${ending}`;
  const target = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    filters: { [ending.toUpperCase()]: [ending] },
    title: vscode.l10n.t('Export'),
  });
  if (target) await writeWhole(target, file.bytes);
  return target;
}

/** The file is there whole or as it was before: it is written beside its place and then moved there. */
async function writeWhole(target: vscode.Uri, bytes: Uint8Array): Promise<void> {
  const { fs } = vscode.workspace;
  const suffix = `.${randomBytes(6).toString('hex')}.part`;
  const part = target.with({ path: target.path + suffix });
  try {
    await fs.writeFile(part, bytes);
    await fs.rename(part, target, { overwrite: true });
  } catch (error) {
    await Promise.resolve(fs.delete(part)).catch(() => undefined);
    throw error;
  }
}
