import { AppError } from '../common/errors';
import type { TargetLanguage, TextResult } from '../protocol/engine';
import type { Notices } from './notices';
import { usablePatterns } from './patterns';
import type { HeadlightApi, Translation } from './publicApi';
import { readTranslationSettings, TARGET_LANGUAGES } from './settings';
import type { TranslationService } from './translation';

/** More is a document, which a caller should give piece by piece. */
const MOST_CHARACTERS = 1_000_000;

/** What other extensions and language models may ask for: the same service as the commands, with what it is given checked. */
export function createApi(service: TranslationService, notices: Notices): HeadlightApi {
  return {
    version: 1,
    translate: async (text, { target, signal } = {}) => {
      const { beam, protectPatterns: patterns } = readTranslationSettings();
      const request = {
        texts: [checkedText(text)],
        target: checkedTarget(target),
        beam,
        protectPatterns: usablePatterns(patterns, notices),
      };
      const { results } = await service.translate(request, signal ?? new AbortController().signal);
      const [result] = results;
      if (!result) throw new AppError('internal', 'The engine gave no result.');
      return translationOf(result);
    },
    summarize: async (text, { sentences = 3, signal } = {}) => {
      if (!Number.isInteger(sentences) || sentences < 1 || sentences > 5)
        throw new AppError('invalidArgument', 'sentences is a whole number from 1 to 5.');
      const params = { text: checkedText(text), sentences, language: 'auto' } as const;
      const summary = await service.ask(
        'summarize',
        params,
        signal ?? new AbortController().signal,
      );
      return {
        language: summary.language,
        sentences: summary.sentences.map((sentence) => ({
          start: sentence.start,
          end: sentence.end,
          text: sentence.text,
        })),
      };
    },
  };
}

/** Other extensions may be written without types. */
function checkedText(text: unknown): string {
  if (typeof text !== 'string') throw new AppError('invalidArgument', 'The text is no string.');
  if (text.length > MOST_CHARACTERS)
    throw new AppError('textTooLong', `The text has more than ${MOST_CHARACTERS} characters.`, {
      limit: MOST_CHARACTERS,
    });
  return text;
}

function checkedTarget(target: unknown): TargetLanguage {
  const known = TARGET_LANGUAGES.find((language) => language === (target ?? 'auto'));
  if (!known) throw new AppError('invalidArgument', 'target is ko or en.');
  return known;
}

function translationOf({ text, source, target, segments }: TextResult): Translation {
  return {
    text,
    source,
    target,
    sentences: segments.map(({ status, uncertain, ...range }) => ({
      sourceStart: range.sourceStart,
      sourceEnd: range.sourceEnd,
      targetStart: range.targetStart,
      targetEnd: range.targetEnd,
      translated: status === 'translated',
      uncertain: uncertain === true,
    })),
  };
}
