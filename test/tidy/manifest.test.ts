import { deepEqual } from 'node:assert/strict';
import { readFiles } from './files';
import { checkL10n, checkManifestPlaceholders } from './l10n';
import { checkIds, checkManifestStrings } from './manifest';

const files = readFiles();
const IDS = 'src/host/ids.ts';

const ids = (groups: Record<string, string>) =>
  Object.entries(groups)
    .map(([name, id]) => `export const ${name} = { x: '${id}' } as const;`)
    .join('\n');

/** A small extension in which everything fits, with some files changed. */
function example(changes: Record<string, unknown> = {}): Map<string, string> {
  const good: Record<string, unknown> = {
    'package.json': {
      displayName: 'Headlight',
      description: '%description%',
      contributes: {
        commands: [{ command: 'headlight.run', title: '%run%', enablement: 'headlight.ready' }],
        configuration: [{ title: '%run%', properties: { 'headlight.device': { type: 'string' } } }],
        menus: { commandPalette: [{ command: 'headlight.run', when: 'true' }] },
      },
    },
    'package.nls.json': { description: 'Translates', run: 'Run {0}' },
    'package.nls.ko.json': { description: '번역합니다', run: '{0} 실행' },
    'l10n/bundle.l10n.ko.json': { 'Done: {0}': '끝: {0}', 'Open/a verb': '열기' },
    [IDS]: ids({ Command: 'headlight.run', Setting: 'device', ContextKey: 'headlight.ready' }),
    'src/host/a.ts':
      "vscode.l10n.t('Done: {0}', 1); l10n.t({ message: 'Open', comment: 'a verb' });",
    ...changes,
  };
  return new Map(
    Object.entries(good).map(([path, value]) => [
      path,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

describe('manifest', () => {
  it('and constants name the same ids', () => {
    deepEqual(checkIds(files), []);
  });

  it('finds an id without a constant, a constant without an id, and an unknown command', () => {
    deepEqual(checkIds(example()), []);
    const changed = ids({
      Command: 'headlight.gone',
      Setting: 'devices',
      ContextKey: 'headlight.read',
      LinkCommand: 'headlight.link',
    });
    deepEqual(checkIds(example({ [IDS]: changed })), [
      `headlight.run is in package.json, but has no constant in ${IDS}`,
      `headlight.device is in package.json, but has no constant in ${IDS}`,
      `headlight.gone is a constant in ${IDS}, but package.json does not have it`,
      `headlight.devices is a constant in ${IDS}, but package.json does not have it`,
      `headlight.read is a constant in ${IDS}, but package.json does not have it`,
    ]);
    const contributes = { keybindings: [{ command: 'headlight.rum', key: 'f5' }] };
    deepEqual(checkIds(example({ 'package.json': { contributes }, [IDS]: '' })), [
      'headlight.rum is used in a menu or key of package.json, but not defined',
    ]);
  });

  it('has every sentence in English and Korean', () => {
    deepEqual(checkManifestStrings(files), []);
    deepEqual(checkManifestPlaceholders(files), []);
  });

  it('finds sentences without a key, without a language, and unused ones', () => {
    deepEqual(checkManifestStrings(example()), []);
    const problems = checkManifestStrings(
      example({
        'package.json': {
          displayName: 'Headlight',
          description: 'Plain',
          contributes: {
            commands: [
              { command: 'headlight.run', title: '%run%', category: '%c%' },
              { command: 'headlight.b', title: 'Run', category: 'Headlight' },
            ],
          },
        },
        'package.nls.json': { run: 'Run', old: 'Old' },
        'package.nls.ko.json': { run: '', c: 'ㄱ' },
      }),
    );
    deepEqual(problems, [
      "package.json description: 'Plain' is no %key%",
      'package.nls.ko.json: run is missing',
      'package.nls.json: c is missing',
      "package.json contributes.commands[1].title: 'Run' is no %key%",
      'package.nls*.json: nothing uses old',
    ]);
    deepEqual(checkManifestPlaceholders(example({ 'package.nls.ko.json': { run: '실행' } })), [
      'package.nls.ko.json: run has other placeholders than the English',
    ]);
  });
});

describe('sentences of the program', () => {
  it('all have Korean, with the same placeholders, and none is left over', () => {
    deepEqual(checkL10n(files), []);
  });

  it('finds a missing, an unused, a changed and an unreadable one', () => {
    deepEqual(checkL10n(example()), []);
    const problems = checkL10n(
      example({
        'l10n/bundle.l10n.ko.json': { 'Done: {0}': '끝', Old: '옛' },
        'src/host/a.ts': "l10n.t(ok ? 'Done: {0}' : 'New', 1); vscode.l10n.t(text);",
      }),
    );
    deepEqual(problems, [
      'src/host/a.ts: l10n.t needs its text as a literal, or no tool finds it',
      "src/host/a.ts: 'New' has no Korean in l10n/bundle.l10n.ko.json",
      "l10n/bundle.l10n.ko.json: 'Done: {0}' and its Korean have different placeholders",
      "l10n/bundle.l10n.ko.json: nothing uses 'Old'",
    ]);
  });
});
