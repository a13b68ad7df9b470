import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Command, LinkCommand, Setting, SETTING_SECTION } from '../../../src/host/ids';
import { readLoadParams, readTranslationSettings } from '../../../src/host/settings';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { command: string; title: string }[];
    readonly keybindings: readonly { command: string; key: string; when: string }[];
    readonly configuration: readonly { properties: Record<string, { default: unknown }> }[];
  };
}

suite('manifest', () => {
  const extension = vscode.extensions.getExtension('headlight.headlight');
  const { contributes } = extension?.packageJSON as Manifest;

  test('every command is contributed and registered, and nothing else', async () => {
    const contributed = contributes.commands.map((item) => item.command).sort();
    assert.deepEqual(contributed, Object.values(Command).sort());
    const registered = (await vscode.commands.getCommands(true)).filter((id) =>
      id.startsWith('headlight.'),
    );
    // VS Code itself adds a few for views and walkthroughs of an extension; ours must all be there.
    const ours = [...Object.values(Command), ...Object.values(LinkCommand)];
    assert.deepEqual(
      ours.filter((id) => !registered.includes(id)),
      [],
    );
  });

  test('every title was found in the texts of the manifest', () => {
    for (const { title } of contributes.commands) assert.doesNotMatch(title, /^%|^$/);
  });

  test('every setting is read under its name, and the defaults agree', () => {
    const properties = Object.assign(
      {},
      ...contributes.configuration.map((c) => c.properties),
    ) as Record<string, { default: unknown }>;
    const names = Object.values(Setting).map((name) => `${SETTING_SECTION}.${name}`);
    assert.deepEqual(Object.keys(properties).sort(), names.sort());
    const settings = readTranslationSettings();
    const params = readLoadParams('built-in');
    const defaultOf = (name: string) => properties[`${SETTING_SECTION}.${name}`]?.default;
    assert.deepEqual(
      {
        target: settings.targetLanguage,
        mode: settings.outputMode,
        characters: settings.documentCharacters,
        patterns: settings.protectPatterns,
        beam: settings.beam,
        path: params.modelPath,
        device: params.device,
        threads: params.threads,
        cache: params.cacheBytes,
        idle: params.idleUnloadMinutes,
      },
      {
        target: defaultOf(Setting.targetLanguage),
        mode: defaultOf(Setting.outputMode),
        characters: defaultOf(Setting.documentCharacters),
        patterns: defaultOf(Setting.protectPatterns),
        beam: defaultOf(Setting.beam),
        path: 'built-in',
        device: defaultOf(Setting.device),
        threads: defaultOf(Setting.threads),
        cache: Number(defaultOf(Setting.cacheMegabytes)) * 1024 * 1024,
        idle: defaultOf(Setting.idleUnloadMinutes),
      },
    );
  });

  test('the key chord is free among the defaults of VS Code', async () => {
    const uri = vscode.Uri.parse('vscode://defaultsettings/keybindings.json');
    const text = (await vscode.workspace.openTextDocument(uri)).getText();
    assert.match(text, /"ctrl\+k ctrl\+s"/, 'the list of defaults was read');
    for (const { key } of contributes.keybindings) {
      const users = text
        .split('\n')
        .filter((line) => line.includes(`"key": "${key}"`) && !line.includes('headlight.'));
      assert.deepEqual(users, [], key);
    }
  });
});
