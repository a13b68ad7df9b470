import ts from 'typescript';
import type { Files } from './files';

/** The manifest's parts that name or describe something; the rest is checked by VS Code's own packager. */
interface Manifest {
  readonly contributes?: Readonly<Record<string, unknown>>;
}

const CODE = 'src/host/ids.ts';
const PREFIX = /^headlight\./;

/** Fields of the manifest that a person reads, wherever they stand. */
const READ_BY_PEOPLE = new Set([
  'title',
  'displayName',
  'description',
  'category',
  'label',
  'name',
  'markdownDescription',
  'deprecationMessage',
  'markdownDeprecationMessage',
  'enumDescriptions',
  'markdownEnumDescriptions',
  'enumItemLabels',
  'altText',
  'contextualTitle',
  'contents',
  'shortTitle',
  'userDescription',
]);

/** What a language model reads of its tools: in English, whatever the editor speaks. */
const READ_BY_MODELS = new Set(['name', 'modelDescription', 'inputSchema']);

export function readManifest(files: Files): Manifest {
  return JSON.parse(required(files, 'package.json')) as Manifest;
}

/** Ids that the manifest defines: commands, settings, views, menus of its own, walkthroughs and their steps. */
export function manifestIds(manifest: Manifest): string[] {
  const ids: string[] = [];
  const contributes = manifest.contributes ?? {};
  for (const entry of records(contributes['commands'])) push(ids, entry['command']);
  const configuration = contributes['configuration'];
  for (const group of Array.isArray(configuration)
    ? records(configuration)
    : records([configuration]))
    if (isRecord(group['properties'])) ids.push(...Object.keys(group['properties']));
  for (const entry of records(contributes['languageModelTools'])) push(ids, entry['name']);
  for (const entry of records(contributes['submenus'])) push(ids, entry['id']);
  for (const entry of records(contributes['walkthroughs'])) push(ids, entry['id']);
  for (const entry of records(contributes['colors'])) push(ids, entry['id']);
  for (const entry of records(contributes['customEditors'])) push(ids, entry['viewType']);
  for (const [place, views] of Object.entries(
    isRecord(contributes['views']) ? contributes['views'] : {},
  )) {
    if (PREFIX.test(place)) ids.push(place);
    for (const view of records(views)) push(ids, view['id']);
  }
  return ids;
}

/** The constants of ids.ts: values by the name of the object that holds them; those that stand alone under ''. */
export function codeIds(files: Files): ReadonlyMap<string, readonly string[]> {
  const source = ts.createSourceFile(CODE, required(files, CODE), ts.ScriptTarget.ES2023, true);
  const groups = new Map<string, string[]>();
  const collect = (name: string, node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) groups.set(name, [...(groups.get(name) ?? []), node.text]);
    ts.forEachChild(node, (child) => collect(name, child));
  };
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (!initializer) continue;
      const isGroup = ts.isAsExpression(initializer);
      collect(isGroup && ts.isIdentifier(name) ? name.text : '', initializer);
    }
  }
  return groups;
}

/**
 * Commands, settings and context keys are the same on both sides. Other constants (commands behind links, schemes) need not
 * be in the manifest, but whatever the manifest defines has its constant.
 */
export function checkIds(files: Files): string[] {
  const manifest = readManifest(files);
  const groups = codeIds(files);
  const settings = (groups.get('Setting') ?? []).map((name) => `headlight.${name}`);
  const constants = new Set([...[...groups.values()].flat(), ...settings]);
  const defined = new Set(manifestIds(manifest));
  const text = JSON.stringify(manifest.contributes ?? {});
  const isMentioned = (key: string) => new RegExp(`${escape(key)}(?![\\w.])`).test(text);
  const tools = groups.get('LanguageTool') ?? [];
  const extra = (ids: readonly string[]) => ids.filter((id) => !defined.has(id));
  const unmentioned = (groups.get('ContextKey') ?? []).filter((key) => !isMentioned(key));
  return [
    ...[...defined]
      .filter((id) => !constants.has(id))
      .map((id) => `${id} is in package.json, but has no constant in ${CODE}`),
    ...[
      ...extra(groups.get('Command') ?? []),
      ...extra(settings),
      ...extra(tools),
      ...unmentioned,
    ].map((id) => `${id} is a constant in ${CODE}, but package.json does not have it`),
    ...usedCommands(manifest)
      .filter((id) => PREFIX.test(id) && !defined.has(id))
      .map((id) => `${id} is used in a menu or key of package.json, but not defined`),
  ];
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function usedCommands(manifest: Manifest): string[] {
  const ids: string[] = [];
  const { menus, keybindings } = manifest.contributes ?? {};
  for (const entries of Object.values(isRecord(menus) ? menus : {}))
    for (const entry of records(entries)) push(ids, entry['command'] ?? entry['submenu']);
  for (const entry of records(keybindings)) push(ids, entry['command']);
  return ids;
}

/** Every sentence of the manifest stands in both languages, and every sentence is used. */
export function checkManifestStrings(files: Files): string[] {
  const manifest = JSON.parse(required(files, 'package.json')) as Record<string, unknown>;
  const english = readStrings(files, 'package.nls.json');
  const korean = readStrings(files, 'package.nls.ko.json');
  const problems: string[] = [];
  const used = new Set<string>();
  const named = String(manifest['displayName']);
  // The product's name is the same in every language.
  const product = english[named.replaceAll('%', '')] ?? named;
  const read = (place: string, value: string): void => {
    const key = /^%(.+)%$/.exec(value)?.[1];
    if (key === undefined) {
      if (value !== product) problems.push(`package.json ${place}: '${value}' is no %key%`);
      return;
    }
    used.add(key);
    if (!english[key]) problems.push(`package.nls.json: ${key} is missing`);
    if (!korean[key]) problems.push(`package.nls.ko.json: ${key} is missing`);
  };
  for (const [place, value] of peopleStrings(manifest)) read(place, value);
  for (const key of new Set([...Object.keys(english), ...Object.keys(korean)]))
    if (!used.has(key)) problems.push(`package.nls*.json: nothing uses ${key}`);
  return problems;
}

function peopleStrings(manifest: Record<string, unknown>): [string, string][] {
  const found: [string, string][] = [];
  const visit = (place: string, field: string, value: unknown): void => {
    if (typeof value === 'string') {
      if (READ_BY_PEOPLE.has(field)) found.push([place, value]);
    } else if (Array.isArray(value)) {
      value.forEach((item, index) => visit(`${place}[${index}]`, field, item));
    } else if (isRecord(value)) {
      for (const [name, inner] of Object.entries(value)) {
        if (place.includes('languageModelTools') && READ_BY_MODELS.has(name)) continue;
        // Under `properties` the names are those of settings, not of fields.
        visit(`${place}.${name}`, field === 'properties' ? '' : name, inner);
      }
    }
  };
  for (const field of ['displayName', 'description', 'contributes', 'capabilities'])
    visit(field, field, manifest[field]);
  return found;
}

export function readStrings(files: Files, path: string): Readonly<Record<string, string>> {
  const value: unknown = JSON.parse(required(files, path));
  if (!isRecord(value)) throw new Error(`${path} is no object.`);
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]));
}

function required(files: Files, path: string): string {
  const text = files.get(path);
  if (text === undefined) throw new Error(`${path} is missing.`);
  return text;
}

function push(ids: string[], id: unknown): void {
  if (typeof id === 'string') ids.push(id);
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
