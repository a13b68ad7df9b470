import * as vscode from 'vscode';
import type { GlossaryEntry } from '../../common/glossary';
import { DisposableStore, type Disposable } from '../../common/disposable';
import { LONGEST_TERM, MOST_TERMS, parseGlossary, type GlossaryProblem } from '../../text/glossary';
import { Setting, SETTING_SECTION } from '../ids';

/** Of a workspace folder, so that a team shares its terms with its code. */
export const GLOSSARY_FILE = ['.headlight', 'glossary.csv'] as const;

/** Larger files are no glossaries, and would be read at every change. */
const MOST_BYTES = 4 * 2 ** 20;

/**
 * The terms in force: those of the setting, then those of the workspace's files, which win because they are nearer to the
 * text. Files are read when they change; what cannot be read in them stands among the problems of the editor.
 */
export class GlossaryStore implements Disposable {
  private readonly store = new DisposableStore();
  private readonly problems = this.store.add(
    vscode.languages.createDiagnosticCollection('headlight-glossary'),
  );
  private readonly files = new Map<string, readonly GlossaryEntry[]>();
  private readonly readings = new Map<string, number>();
  private watchers: Disposable | undefined;
  private merged: readonly GlossaryEntry[] | undefined;

  constructor(private readonly onChange: () => void) {
    this.store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.watch()));
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SETTING_SECTION}.${Setting.glossary}`)) this.changed();
      }),
    );
    this.watch();
  }

  get entries(): readonly GlossaryEntry[] {
    this.merged ??= [...fromSetting(), ...[...this.files.values()].flat()].slice(-MOST_TERMS);
    return this.merged;
  }

  /** Reads a file now; for whoever has just written it and goes on before the watcher tells. */
  async read(uri: vscode.Uri): Promise<void> {
    const key = uri.toString();
    const reading = (this.readings.get(key) ?? 0) + 1;
    this.readings.set(key, reading);
    const text = await readText(uri);
    // A later change was noticed meanwhile, and is being read.
    if (this.readings.get(key) !== reading) return;
    const { entries, problems } = parseGlossary(text ?? '');
    if (text === undefined) this.files.delete(key);
    else this.files.set(key, entries);
    this.problems.set(uri, problems.map(diagnosticOf));
    this.changed();
  }

  dispose(): void {
    this.watchers?.dispose();
    this.store.dispose();
  }

  private watch(): void {
    this.watchers?.dispose();
    const store = new DisposableStore();
    this.watchers = store;
    this.files.clear();
    this.problems.clear();
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const uri = vscode.Uri.joinPath(folder.uri, ...GLOSSARY_FILE);
      const read = () => void this.read(uri);
      // The folder too: what goes with a folder that is deleted is not told one by one.
      for (const path of [GLOSSARY_FILE[0], GLOSSARY_FILE.join('/')]) {
        const pattern = new vscode.RelativePattern(folder, path);
        const watcher = store.add(vscode.workspace.createFileSystemWatcher(pattern));
        for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete])
          store.add(event(read));
      }
      read();
    }
    this.changed();
  }

  private changed(): void {
    this.merged = undefined;
    this.onChange();
  }
}

/** Settings are written by hand: what is no entry is passed over. */
function fromSetting(): GlossaryEntry[] {
  const value: unknown = vscode.workspace.getConfiguration(SETTING_SECTION).get(Setting.glossary);
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown): GlossaryEntry[] => {
    if (typeof item !== 'object' || item === null || !('term' in item)) return [];
    const { term } = item;
    const translation = 'translation' in item ? item.translation : undefined;
    const kept = 'doNotTranslate' in item && item.doNotTranslate === true;
    if (!isTerm(term)) return [];
    if (kept) return [{ term }];
    return isTerm(translation) ? [{ term, translation }] : [];
  });
}

function isTerm(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_TERM;
}

async function readText(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > MOST_BYTES) return undefined;
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    // A folder without a glossary is the usual case.
    return undefined;
  }
}

function diagnosticOf({ line, reason }: GlossaryProblem): vscode.Diagnostic {
  const range = new vscode.Range(line - 1, 0, line - 1, Number.MAX_SAFE_INTEGER);
  const diagnostic = new vscode.Diagnostic(
    range,
    problemSentence(reason),
    vscode.DiagnosticSeverity.Warning,
  );
  diagnostic.source = 'Headlight';
  return diagnostic;
}

function problemSentence(reason: GlossaryProblem['reason']): string {
  switch (reason) {
    case 'columns':
      return vscode.l10n.t(
        'A line has at most three columns: the term, its translation, and yes if it is not to be translated. Put text with commas in quotes.',
      );
    case 'empty':
      return vscode.l10n.t(
        'A line needs a term and its translation, or a term and yes in the third column.',
      );
    case 'tooLong':
      return vscode.l10n.t('A term has at most {0} characters.', LONGEST_TERM);
    case 'tooMany':
      return vscode.l10n.t('A glossary has at most {0} terms; this one is ignored.', MOST_TERMS);
    case 'quote':
      return vscode.l10n.t('A quote is not closed.');
  }
}
