import * as vscode from 'vscode';
import type { SegmentResult, TextResult } from '../protocol/engine';
import { unwrapped, unwrappedLike, wrappedLike } from '../text/wrapped';
import { plainLabel } from './labels';
import type { Notices } from './notices';
import { usablePatterns } from './patterns';
import { withDelayedProgress } from './progress';
import type { ResultEntry } from './results';
import { readTranslationSettings } from './settings';
import type { TranslationService } from './translation';

/** More differ by a particle only. */
const MOST = 8;

interface Sentence {
  readonly part: number;
  readonly segment: SegmentResult;
}

interface SentenceItem extends vscode.QuickPickItem {
  readonly sentence: Sentence;
}

/**
 * Lets the user take another translation for a sentence of a result; of several sentences they choose one first, the
 * uncertain ones at the top. Gives the result with it, or undefined if nothing was chosen.
 */
export async function chooseAlternative(
  entry: ResultEntry,
  service: TranslationService,
  notices: Notices,
  /** Number of the one to take, of the first sentence, without asking: what a key binding may give. */
  taken?: number,
): Promise<readonly TextResult[] | undefined> {
  const sentence = await pickSentence(entry, taken !== undefined);
  if (!sentence) return undefined;
  const part = entry.parts[sentence.part]!;
  const { segment } = sentence;
  const source = part.source.slice(segment.sourceStart, segment.sourceEnd);
  const settings = readTranslationSettings(entry.document);
  const { alternatives } = await withDelayedProgress(
    vscode.l10n.t('Looking for other translations'),
    (signal) =>
      service.alternatives(
        {
          text: unwrapped(source),
          target: part.result.target,
          protectPatterns: usablePatterns(settings.protectPatterns, notices),
          beam: settings.beam,
        },
        MOST,
        signal,
      ),
  );
  const shown = part.result.text.slice(segment.targetStart, segment.targetEnd);
  const present = unwrappedLike(source, shown).text;
  const others = alternatives.filter(({ text }) => text !== present);
  if (others.length === 0) {
    notices.info(vscode.l10n.t('The model has no other translation of this sentence.'));
    return undefined;
  }
  const items = others.map(({ text, logProbability }) => ({
    label: plainLabel(text),
    text,
    description: vscode.l10n.t('likelihood {0}', Math.exp(logProbability).toFixed(2)),
    logProbability,
  }));
  const title = vscode.l10n.t('Headlight: Other Translations');
  const chosen =
    taken === undefined
      ? await vscode.window.showQuickPick(items, { title, placeHolder: present })
      : items[taken];
  if (!chosen) return undefined;
  return entry.parts.map(({ result }, index) =>
    index === sentence.part
      ? exchanged(result, segment, wrappedLike(source, chosen.text), chosen.logProbability)
      : result,
  );
}

async function pickSentence(entry: ResultEntry, first: boolean): Promise<Sentence | undefined> {
  const sentences = entry.parts.flatMap(({ result }, part) =>
    result.segments
      .filter(({ logProbability }) => logProbability !== undefined)
      .map((segment) => ({ part, segment })),
  );
  if (sentences.length < 2 || first) return sentences[0];
  const items = sentences.map((sentence): SentenceItem => {
    const { part, segment } = sentence;
    const { text } = entry.parts[part]!.result;
    return {
      label: `${segment.uncertain ? '$(warning) ' : ''}${plainLabel(text.slice(segment.targetStart, segment.targetEnd))}`,
      detail: plainLabel(entry.parts[part]!.source.slice(segment.sourceStart, segment.sourceEnd)),
      sentence,
    };
  });
  const uncertainFirst = (item: SentenceItem) => Number(!item.sentence.segment.uncertain);
  items.sort((a, b) => uncertainFirst(a) - uncertainFirst(b));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Headlight: Other Translations'),
    placeHolder: vscode.l10n.t('Which sentence should be said in another way?'),
    matchOnDetail: true,
  });
  return chosen?.sentence;
}

/** The result with another text for one of its sentences; what comes after it moves. */
export function exchanged(
  result: TextResult,
  segment: SegmentResult,
  text: string,
  logProbability: number,
): TextResult {
  const moved = text.length - (segment.targetEnd - segment.targetStart);
  return {
    ...result,
    text: result.text.slice(0, segment.targetStart) + text + result.text.slice(segment.targetEnd),
    segments: result.segments.map((other) => {
      if (other === segment) {
        // The user has read it and chosen it.
        return {
          ...other,
          targetEnd: other.targetEnd + moved,
          logProbability,
          uncertain: false,
        };
      }
      if (other.targetStart < segment.targetEnd) return other;
      return {
        ...other,
        targetStart: other.targetStart + moved,
        targetEnd: other.targetEnd + moved,
      };
    }),
  };
}
