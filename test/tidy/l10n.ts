import ts from 'typescript';
import type { Files } from './files';
import { readStrings } from './manifest';

const BUNDLE = 'l10n/bundle.l10n.ko.json';

interface Message {
  readonly path: string;
  /** Key in the bundle: the English text, with the comment after a slash where there is one. */
  readonly key: string;
}

/** Every sentence of the program has Korean, with the same placeholders, and no translation is left over. */
export function checkL10n(files: Files): string[] {
  const problems: string[] = [];
  const bundle = readStrings(files, BUNDLE);
  const used = new Set<string>();
  for (const { path, key } of messages(files, problems)) {
    used.add(key);
    if (!bundle[key]) problems.push(`${path}: '${key}' has no Korean in ${BUNDLE}`);
  }
  for (const [key, korean] of Object.entries(bundle)) {
    if (!used.has(key)) problems.push(`${BUNDLE}: nothing uses '${key}'`);
    if (placeholders(key) !== placeholders(korean))
      problems.push(`${BUNDLE}: '${key}' and its Korean have different placeholders`);
  }
  return problems;
}

/** The same in the manifest's strings, which are looked up by key. */
export function checkManifestPlaceholders(files: Files): string[] {
  const english = readStrings(files, 'package.nls.json');
  const korean = readStrings(files, 'package.nls.ko.json');
  return Object.entries(english)
    .filter(([key, text]) => placeholders(text) !== placeholders(korean[key] ?? text))
    .map(([key]) => `package.nls.ko.json: ${key} has other placeholders than the English`);
}

function placeholders(text: string): string {
  return [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(' ');
}

function messages(files: Files, problems: string[]): Message[] {
  const found: Message[] = [];
  for (const [path, text] of files) {
    if (!/^src\/host\/.*\.ts$/.test(path)) continue;
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && isTranslation(node.expression)) {
        const keys = node.arguments[0] ? keysOf(node.arguments[0]) : undefined;
        if (keys) for (const key of keys) found.push({ path, key });
        else problems.push(`${path}: l10n.t needs its text as a literal, or no tool finds it`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

/** `vscode.l10n.t(...)` and `l10n.t(...)`. */
function isTranslation(called: ts.Expression): boolean {
  if (!ts.isPropertyAccessExpression(called) || called.name.text !== 't') return false;
  const owner = called.expression;
  if (ts.isIdentifier(owner)) return owner.text === 'l10n';
  return ts.isPropertyAccessExpression(owner) && owner.name.text === 'l10n';
}

/** A literal, a choice between literals, or `{ message, comment }`. */
function keysOf(node: ts.Expression): string[] | undefined {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node)) {
    const [yes, no] = [keysOf(node.whenTrue), keysOf(node.whenFalse)];
    return yes && no ? [...yes, ...no] : undefined;
  }
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const message = literalField(node, 'message');
  if (message === undefined) return undefined;
  const comment = literalField(node, 'comment');
  return [comment === undefined ? message : `${message}/${comment}`];
}

function literalField(node: ts.ObjectLiteralExpression, name: string): string | undefined {
  for (const property of node.properties) {
    if (!ts.isPropertyAssignment(property) || property.name.getText() !== name) continue;
    const value = property.initializer;
    if (ts.isStringLiteralLike(value)) return value.text;
    // Several comments are joined, as VS Code does.
    if (ts.isArrayLiteralExpression(value) && value.elements.every(ts.isStringLiteralLike))
      return value.elements.map((element) => (element as ts.StringLiteralLike).text).join('');
  }
  return undefined;
}
