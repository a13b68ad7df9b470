import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../common/disposable';
import type { LostDevice } from '../protocol/engine';
import { ContextKey, Contribution, LinkCommand } from './ids';
import { escapeMarkdown } from './markdown';
import { readTranslationSettings } from './settings';
import type { Phase, ServiceState, TranslationService } from './translation';
import { deviceName, directionName, errorSentence, phaseName } from './words';

const ICONS: Readonly<Record<Phase, string>> = {
  off: '$(lightbulb-empty)',
  loading: '$(loading~spin)',
  ready: '$(lightbulb)',
  busy: '$(loading~spin)',
  unloaded: '$(lightbulb-empty)',
  failed: '$(error)',
};

/** One item with state, device and model; the context keys that follow the same state. */
export function registerStatus(service: TranslationService): Disposable {
  const store = new DisposableStore();
  const item = vscode.window.createStatusBarItem(
    Contribution.statusItem,
    vscode.StatusBarAlignment.Right,
    90,
  );
  store.add(item);
  item.name = 'Headlight';
  item.command = LinkCommand.showMenu;
  const update = () => {
    const { state } = service;
    item.text = `${iconOf(state)} ${statusText(state)}`;
    item.tooltip = tooltip(state);
    item.accessibilityInformation = { label: `Headlight, ${phaseName(state.phase)}` };
    void setContext(ContextKey.busy, state.phase === 'busy' || state.phase === 'loading');
    void setContext(ContextKey.modelReady, state.phase === 'ready' || state.phase === 'busy');
  };
  store.add(service.onState(update));
  store.add(vscode.workspace.onDidChangeConfiguration(update));
  update();
  item.show();
  return store;
}

/** The icon of a lost device stays as long as the model is on the CPU for it. */
function iconOf({ phase, model }: ServiceState): string {
  return model?.lost && phase === 'ready' ? '$(warning)' : ICONS[phase];
}

function statusText(state: ServiceState): string {
  const inMemory = state.phase === 'ready' || state.phase === 'busy';
  return state.model && inMemory ? `Headlight: ${shortDevice(state.model.device)}` : 'Headlight';
}

function shortDevice(device: string): string {
  return device === 'webgpu' ? 'WebGPU' : device === 'coreml' ? 'Core ML' : device.toUpperCase();
}

function tooltip(state: ServiceState): vscode.MarkdownString {
  const { model } = state;
  const lines = [
    `**Headlight** ${escapeMarkdown(phaseName(state.phase))}`,
    ...(state.error ? [escapeMarkdown(errorSentence(state.error))] : []),
    ...(model
      ? [
          row(vscode.l10n.t('Device'), deviceName(model.device)),
          row(vscode.l10n.t('Model'), `${model.name} (${model.precision})`),
          ...(model.lost ? [lostSentence(model.lost)] : []),
        ]
      : []),
    row(vscode.l10n.t('Direction'), directionName(readTranslationSettings().targetLanguage)),
  ];
  return new vscode.MarkdownString(lines.join('\n\n'), true);
}

function lostSentence({ device, reason }: LostDevice): string {
  const sentence = vscode.l10n.t(
    '{0} failed, so Headlight goes on with the processor: {1} Select the device again to try it anew.',
    deviceName(device),
    reason,
  );
  return `$(warning) ${escapeMarkdown(sentence)}`;
}

function row(label: string, value: string): string {
  return `${escapeMarkdown(label)}: ${escapeMarkdown(value)}`;
}

function setContext(key: string, value: boolean): Thenable<unknown> {
  return vscode.commands.executeCommand('setContext', key, value);
}
