import { throwIfAborted } from '../../common/async';
import { chooseDirection, detectLanguage } from '../../text/direction';
import type { CommentBlock } from '../../text/comments/types';
import type { Language, TargetLanguage } from '../../protocol/engine';
import type { TranslationRequest, TranslationService } from '../translation';

/** Blocks that go to the engine in one call: enough to fill its batches, few enough to show progress. */
const BATCH = 8;

/** One direction for all blocks of a document: `auto` turns the language that most of them are in into the other. */
export function targetOf(blocks: readonly CommentBlock[], target: TargetLanguage): Language {
  if (target !== 'auto') return target;
  return chooseDirection(blocks.map(({ text }) => text).join('\n'), 'auto').target;
}

/** Has the block any line that is not in the target language yet? */
export function needsTranslation(block: CommentBlock, target: Language): boolean {
  return block.text.split('\n').some((line) => {
    const language = detectLanguage(line);
    return language !== 'none' && language !== target;
  });
}

/** Sentences of licences, which are valid only as they are. */
const LICENCE =
  /Permission is hereby granted|Redistribution and use in source|General Public License|Apache License|Mozilla Public License|PROVIDED [“"]?AS IS|All rights reserved/iu;

export function isLicence(block: CommentBlock): boolean {
  return LICENCE.test(block.text);
}

/** The blocks' translations in order, in calls of a few; `onDone` hears how many there are. Rejects with AppError. */
export async function translateBlocks(
  service: TranslationService,
  blocks: readonly CommentBlock[],
  request: Omit<TranslationRequest, 'texts'>,
  signal: AbortSignal,
  onDone: (done: number) => void,
): Promise<string[]> {
  const translations: string[] = [];
  for (let from = 0; from < blocks.length; from += BATCH) {
    throwIfAborted(signal);
    const texts = blocks.slice(from, from + BATCH).map(({ text }) => text);
    const { results } = await service.translate({ ...request, texts }, signal, () => undefined);
    translations.push(...results.map(({ text }) => text));
    onDone(translations.length);
  }
  return translations;
}
