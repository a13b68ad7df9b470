import * as vscode from 'vscode';
import type { Language, TargetLanguage } from '../../protocol/engine';
import { Setting, SETTING_SECTION } from '../ids';

export const HOVER_TRIGGERS = ['always', 'modifier', 'selection', 'command'] as const;
export type HoverTrigger = (typeof HOVER_TRIGGERS)[number];

export interface HoverSettings {
  /** The switch for all and the one for the document's language. */
  readonly enabled: boolean;
  readonly trigger: HoverTrigger;
  readonly comments: boolean;
  readonly strings: boolean;
  /** What other extensions say about a symbol. */
  readonly documentation: boolean;
  /** Commands, regular expressions, selected code. */
  readonly code: boolean;
  /** Milliseconds that the pointer rests before the model is asked; the cache answers at once. */
  readonly delay: number;
  readonly prefetch: boolean;
}

const MOST_DELAY_MS = 10_000;

export function readHoverSettings(document: vscode.TextDocument): HoverSettings {
  const settings = vscode.workspace.getConfiguration(SETTING_SECTION, document);
  const on = (name: string): boolean => settings.get(name) !== false;
  const trigger = settings.get(Setting.hoverTrigger);
  const delay = settings.get(Setting.hoverDelay);
  return {
    enabled:
      on(Setting.hoverEnabled) &&
      isLanguageOn(settings.get(Setting.hoverLanguages), document.languageId),
    trigger: HOVER_TRIGGERS.find((item) => item === trigger) ?? 'always',
    comments: on(Setting.hoverComments),
    strings: on(Setting.hoverStrings),
    documentation: on(Setting.hoverDocumentation),
    code: on(Setting.hoverCode),
    delay: typeof delay === 'number' && delay > 0 ? Math.min(delay, MOST_DELAY_MS) : 0,
    prefetch: on(Setting.hoverPrefetch),
  };
}

/** The language's own entry, else that of `*`, else on. */
function isLanguageOn(value: unknown, languageId: string): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const entries = value as Readonly<Record<string, unknown>>;
  const entry = Object.hasOwn(entries, languageId) ? entries[languageId] : entries['*'];
  return entry !== false;
}

/**
 * VS Code tells no extension which keys are held when it asks for a hover. Since 1.107 it can itself ask only while a key
 * is held (`onKeyboardModifier`); then, and only then, whatever asks us was asked with the key.
 */
export function asksWithModifier(document: vscode.TextDocument): boolean {
  return hoverMode(document) === MODIFIER_MODE;
}

export const MODIFIER_MODE = 'onKeyboardModifier';

export function hoverMode(document?: vscode.TextDocument): unknown {
  return vscode.workspace.getConfiguration('editor', document).get('hover.enabled');
}

/**
 * The language that a hover is for. A command says what to do with the text, a hover must know who reads: the language
 * that the setting names, else Korean where the editor or the system is Korean, else English.
 */
export function readerLanguage(target: TargetLanguage): Language {
  if (target !== 'auto') return target;
  system ??= systemLanguage();
  return system;
}

let system: Language | undefined;

/** Found out once: it does not change while the editor runs, every hover asks, and Intl takes 0.2 ms for its part. */
function systemLanguage(): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  const locales = [
    vscode.env.language,
    new Intl.DateTimeFormat().resolvedOptions().locale,
    LC_ALL ?? LC_MESSAGES ?? LANG ?? '',
  ];
  return locales.some((locale) => /^ko(?![a-z])/i.test(locale)) ? 'ko' : 'en';
}
