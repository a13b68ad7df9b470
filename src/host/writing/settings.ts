import * as vscode from 'vscode';
import { Setting, SETTING_SECTION } from '../ids';

export const SUMMARY_LANGUAGES = ['source', 'target', 'both'] as const;
export type SummaryLanguage = (typeof SUMMARY_LANGUAGES)[number];

export interface SummarySettings {
  /** Most sentences, 1 to 5. */
  readonly length: number;
  readonly language: SummaryLanguage;
}

export function readSummarySettings(scope: vscode.ConfigurationScope): SummarySettings {
  const settings = vscode.workspace.getConfiguration(SETTING_SECTION, scope);
  const length = settings.get(Setting.summaryLength);
  const language = settings.get(Setting.summaryLanguage);
  return {
    length: typeof length === 'number' ? Math.min(5, Math.max(1, Math.round(length) || 3)) : 3,
    language: SUMMARY_LANGUAGES.find((item) => item === language) ?? 'both',
  };
}
