import * as vscode from 'vscode';
import type { GlossaryEntry } from '../../common/glossary';
import { formatEntry, LONGEST_TERM } from '../../text/glossary';
import { Setting, SETTING_SECTION } from '../ids';
import { plainLabel } from '../labels';
import type { Notices } from '../notices';
import { GLOSSARY_FILE, type GlossaryStore } from './store';

const HEADER = 'term,translation,do-not-translate\n';

/**
 * Asks for what the selected words are to become, and writes the entry into the workspace's file, or into the user's settings
 * where no folder is open. `given` comes from a key binding or a test.
 */
export async function addToGlossary(
  glossary: GlossaryStore,
  notices: Notices,
  given?: unknown,
): Promise<GlossaryEntry | undefined> {
  try {
    const entry = isEntry(given) ? given : await askForEntry();
    if (!entry) return undefined;
    const folder = targetFolder();
    if (folder) await writeToFile(folder, entry, glossary);
    else await writeToSetting(entry);
    notices.info(
      entry.translation === undefined
        ? vscode.l10n.t('“{0}” stays as it is from now on.', entry.term)
        : vscode.l10n.t('“{0}” is “{1}” from now on.', entry.term, entry.translation),
    );
    return entry;
  } catch (error) {
    notices.error(error);
    return undefined;
  }
}

async function askForEntry(): Promise<GlossaryEntry | undefined> {
  const title = vscode.l10n.t('Headlight: Add to Glossary');
  const term = await askForText(title, vscode.l10n.t('The term'), selectedWords());
  if (term === undefined) return undefined;
  const keep = { label: vscode.l10n.t('Do not translate “{0}”', plainLabel(term)), kept: true };
  const translate = { label: vscode.l10n.t('Give its translation…'), kept: false };
  const choice = await vscode.window.showQuickPick([translate, keep], { title });
  if (!choice) return undefined;
  if (choice.kept) return { term };
  const prompt = vscode.l10n.t('What “{0}” is in the other language', term);
  const translation = await askForText(title, prompt, '');
  return translation === undefined ? undefined : { term, translation };
}

async function askForText(
  title: string,
  prompt: string,
  value: string,
): Promise<string | undefined> {
  const answer = await vscode.window.showInputBox({
    title,
    prompt,
    value,
    validateInput: (text) => {
      if (text.trim() === '') return vscode.l10n.t('Write a word or a few.');
      return text.length > LONGEST_TERM
        ? vscode.l10n.t('A term has at most {0} characters.', LONGEST_TERM)
        : undefined;
    },
  });
  return answer?.trim();
}

function selectedWords(): string {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return '';
  const { document, selection } = editor;
  const range = selection.isEmpty ? document.getWordRangeAtPosition(selection.active) : selection;
  return range
    ? document.getText(range).replaceAll(/\s+/gu, ' ').trim().slice(0, LONGEST_TERM)
    : '';
}

function targetFolder(): vscode.WorkspaceFolder | undefined {
  const { activeTextEditor: editor } = vscode.window;
  const own = editor && vscode.workspace.getWorkspaceFolder(editor.document.uri);
  return own ?? vscode.workspace.workspaceFolders?.[0];
}

/** An open document takes the line as an edit, so that nothing unsaved in it is lost. */
async function writeToFile(
  folder: vscode.WorkspaceFolder,
  entry: GlossaryEntry,
  glossary: GlossaryStore,
): Promise<void> {
  const uri = vscode.Uri.joinPath(folder.uri, ...GLOSSARY_FILE);
  const line = `${formatEntry(entry)}\n`;
  const open = vscode.workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString(),
  );
  if (open) {
    const text = open.getText();
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, open.positionAt(text.length), joined(text, line).slice(text.length));
    if (!(await vscode.workspace.applyEdit(edit)) || !(await open.save()))
      throw new Error(`${uri.path} could not be saved.`);
  } else {
    const text = await readOrHeader(uri);
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(joined(text, line)));
  }
  await glossary.read(uri);
}

function joined(text: string, line: string): string {
  return text === '' || text.endsWith('\n') ? text + line : `${text}\n${line}`;
}

/** Only a file that is not there begins anew; one that cannot be read must not be written over. */
async function readOrHeader(uri: vscode.Uri): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      await vscode.workspace.fs.readFile(uri),
    );
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return HEADER;
    throw error;
  }
}

async function writeToSetting({ term, translation }: GlossaryEntry): Promise<void> {
  const settings = vscode.workspace.getConfiguration(SETTING_SECTION);
  const value: unknown = settings.inspect(Setting.glossary)?.globalValue;
  const others: readonly unknown[] = Array.isArray(value) ? value : [];
  const item = translation === undefined ? { term, doNotTranslate: true } : { term, translation };
  await settings.update(Setting.glossary, [...others, item], vscode.ConfigurationTarget.Global);
}

function isEntry(value: unknown): value is GlossaryEntry {
  if (typeof value !== 'object' || value === null || !('term' in value)) return false;
  const { term } = value;
  const translation = 'translation' in value ? value.translation : undefined;
  return (
    typeof term === 'string' &&
    term.trim() !== '' &&
    (translation === undefined || typeof translation === 'string')
  );
}
