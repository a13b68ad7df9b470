import * as vscode from 'vscode';
import type { DeviceChoice, LoadParams, TargetLanguage } from '../protocol/engine';
import { Setting, SETTING_SECTION } from './ids';

export const TARGET_LANGUAGES = ['auto', 'ko', 'en'] as const satisfies readonly TargetLanguage[];
export const DEVICES = [
  'auto',
  'cuda',
  'dml',
  'coreml',
  'webgpu',
  'cpu',
] as const satisfies readonly DeviceChoice[];
export const OUTPUT_MODES = ['widget', 'replace', 'insertBelow', 'copy', 'document'] as const;
export type OutputMode = (typeof OUTPUT_MODES)[number];

/** What one translation goes by; may differ between folders and documents. */
export interface TranslationSettings {
  readonly targetLanguage: TargetLanguage;
  readonly outputMode: OutputMode;
  /** Results longer than this also open beside; 0 never. */
  readonly documentCharacters: number;
  readonly protectPatterns: readonly string[];
  readonly beam: number;
}

export function readTranslationSettings(scope?: vscode.ConfigurationScope): TranslationSettings {
  const settings = vscode.workspace.getConfiguration(SETTING_SECTION, scope ?? null);
  return {
    targetLanguage: oneOf(TARGET_LANGUAGES, settings.get(Setting.targetLanguage), 'auto'),
    outputMode: oneOf(OUTPUT_MODES, settings.get(Setting.outputMode), 'widget'),
    documentCharacters: integer(settings.get(Setting.documentCharacters), 0, 1_000_000, 1200),
    protectPatterns: strings(settings.get(Setting.protectPatterns)),
    beam: integer(settings.get(Setting.beam), 1, 8, 4),
  };
}

/** What the engine loads the model with: the machine's own settings. */
export function readLoadParams(defaultModelPath: string): LoadParams {
  const settings = vscode.workspace.getConfiguration(SETTING_SECTION);
  const path = settings.get(Setting.modelPath);
  return {
    modelPath: typeof path === 'string' && path.trim() ? path.trim() : defaultModelPath,
    device: oneOf(DEVICES, settings.get(Setting.device), 'auto'),
    threads: integer(settings.get(Setting.threads), 0, 256, 0),
    cacheBytes: integer(settings.get(Setting.cacheMegabytes), 0, 4096, 32) * 1024 * 1024,
    idleUnloadMinutes: integer(settings.get(Setting.idleUnloadMinutes), 0, 10_080, 10),
  };
}

/** What the attention panel goes by. */
export function readPanelSettings(): { readonly singleKeys: boolean } {
  const settings = vscode.workspace.getConfiguration(SETTING_SECTION);
  return { singleKeys: settings.get(Setting.singleKeys) !== false };
}

/** Writes where the value in force comes from, so that the change is seen at once. */
export async function updateSetting(name: string, value: unknown): Promise<void> {
  const settings = vscode.workspace.getConfiguration(SETTING_SECTION);
  const inspected = settings.inspect(name);
  const target =
    inspected?.workspaceFolderValue !== undefined
      ? vscode.ConfigurationTarget.WorkspaceFolder
      : inspected?.workspaceValue !== undefined
        ? vscode.ConfigurationTarget.Workspace
        : vscode.ConfigurationTarget.Global;
  await settings.update(name, value, target);
}

// The settings editor warns about a wrong value but hands it over all the same: settings.json is written by hand.

function oneOf<T extends string>(allowed: readonly T[], value: unknown, fallback: T): T {
  return allowed.find((item) => item === value) ?? fallback;
}

function integer(value: unknown, least: number, most: number, fallback: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return fallback;
  return Math.min(most, Math.max(least, Math.round(value)));
}

function strings(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is string => typeof item === 'string' && item.length > 0);
}
