import * as vscode from 'vscode';
import { compilePatterns } from '../text/patterns';
import type { Notices } from './notices';

/** More would make the engine refuse the call. */
const MOST = 200;

/** The patterns the engine will take, by its own rules; it would refuse a call with any other. The others are named once. */
export function usablePatterns(patterns: readonly string[], notices: Notices): readonly string[] {
  return patterns.slice(0, MOST).filter((pattern) => {
    try {
      compilePatterns([pattern]);
      return true;
    } catch {
      notices.warnOnce(
        `pattern:${pattern}`,
        vscode.l10n.t(
          'An entry of the setting headlight.protect.patterns cannot be used and is ignored: {0}',
          pattern,
        ),
      );
      return false;
    }
  });
}
