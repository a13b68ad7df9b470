import * as vscode from 'vscode';
import { Setting, SETTING_SECTION } from '../ids';

export const COMMENT_MODES = ['replace', 'insertBelow', 'beside'] as const;
export type CommentMode = (typeof COMMENT_MODES)[number];

export const BILINGUAL_PLACES = ['above', 'beside'] as const;
export type BilingualPlace = (typeof BILINGUAL_PLACES)[number];

export interface CommentSettings {
  /** Undefined: the user is asked. */
  readonly mode: CommentMode | undefined;
  /** Strings are translated with the comments. */
  readonly strings: boolean;
  readonly place: BilingualPlace;
}

export function readCommentSettings(scope: vscode.ConfigurationScope): CommentSettings {
  const settings = vscode.workspace.getConfiguration(SETTING_SECTION, scope);
  return {
    mode: commentMode(settings.get(Setting.commentsMode)),
    strings: settings.get(Setting.commentsStrings) === true,
    place:
      BILINGUAL_PLACES.find((place) => place === settings.get(Setting.bilingualPlace)) ?? 'above',
  };
}

export function commentMode(value: unknown): CommentMode | undefined {
  return COMMENT_MODES.find((mode) => mode === value);
}
