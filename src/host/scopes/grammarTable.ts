import * as vscode from 'vscode';

/** What `contributes.grammars` of an extension says; fields that are wrong or missing are left out. */
interface Contribution {
  readonly language?: string;
  readonly scopeName: string;
  readonly file: vscode.Uri;
  readonly injectTo: readonly string[];
}

/** The grammars that the installed extensions contribute, those of VS Code itself among them. */
export class GrammarTable {
  private readonly byScope = new Map<string, Contribution>();
  private readonly byLanguage = new Map<string, string>();

  constructor(extensions: readonly vscode.Extension<unknown>[]) {
    for (const extension of extensions) {
      for (const entry of contributions(extension)) {
        this.byScope.set(entry.scopeName, entry);
        // A later extension takes a language over, as in VS Code.
        if (entry.language !== undefined) this.byLanguage.set(entry.language, entry.scopeName);
      }
    }
  }

  scopeOf(languageId: string): string | undefined {
    return this.byLanguage.get(languageId);
  }

  file(scopeName: string): vscode.Uri | undefined {
    return this.byScope.get(scopeName)?.file;
  }

  /** Grammars that want to be part of another: those for `source.ts` and for all of `source`. */
  injections(scopeName: string): string[] {
    const parts = scopeName.split('.');
    const names = new Set(parts.map((_, index) => parts.slice(0, index + 1).join('.')));
    return [...this.byScope.values()]
      .filter(({ injectTo }) => injectTo.some((name) => names.has(name)))
      .map((entry) => entry.scopeName);
  }
}

function contributions(extension: vscode.Extension<unknown>): Contribution[] {
  const manifest: unknown = extension.packageJSON;
  const contributes = isRecord(manifest) ? manifest['contributes'] : undefined;
  const grammars = isRecord(contributes) ? contributes['grammars'] : undefined;
  if (!Array.isArray(grammars)) return [];
  return grammars.filter(isRecord).flatMap((grammar) => {
    const { language, scopeName, path, injectTo } = grammar;
    if (typeof scopeName !== 'string' || typeof path !== 'string') return [];
    return {
      ...(typeof language === 'string' ? { language } : {}),
      scopeName,
      file: vscode.Uri.joinPath(extension.extensionUri, path),
      injectTo: Array.isArray(injectTo)
        ? injectTo.filter((name): name is string => typeof name === 'string')
        : [],
    };
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
