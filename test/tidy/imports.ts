import { posix } from 'node:path';
import ts from 'typescript';
import type { Files } from './files';

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** Path of the source file it means; absent for packages and for files that are not there. */
  readonly target?: string;
}

/** Imports of every TypeScript file: static, re-exported, dynamic, `require` and type imports. */
export function readImports(files: Files): ReadonlyMap<string, readonly Import[]> {
  const imports = new Map<string, readonly Import[]>();
  for (const [path, text] of files) {
    if (!path.endsWith('.ts')) continue;
    imports.set(
      path,
      specifiers(path, text).map((specifier) => resolveImport(files, path, specifier)),
    );
  }
  return imports;
}

function resolveImport(files: Files, path: string, specifier: string): Import {
  if (!specifier.startsWith('.')) return { specifier };
  const base = posix.join(posix.dirname(path), specifier);
  const target = [`${base}.ts`, `${base}/index.ts`, `${base}.d.ts`, base].find((name) =>
    files.has(name),
  );
  return target === undefined ? { specifier } : { specifier, target };
}

function specifiers(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const found: string[] = [];
  const add = (node: ts.Node | undefined) => {
    if (node && ts.isStringLiteralLike(node)) found.push(node.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) add(node.expression);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal);
    else if (ts.isCallExpression(node) && isImportCall(node)) add(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isImportCall(node: ts.CallExpression): boolean {
  const called = node.expression;
  if (called.kind === ts.SyntaxKind.ImportKeyword) return true;
  return ts.isIdentifier(called) && called.text === 'require';
}
