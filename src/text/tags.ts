import type { Language } from '../common/language';

/** What a text is read for. */
type Purpose = 'title' | 'oneLine' | 'explain' | 'translate';

/** The first token of a source says what is to be written, and in which language. */
export const TAGS: Readonly<Record<Purpose, Readonly<Record<Language, string>>>> = {
  title: { en: '<title>', ko: '<titlek>' },
  oneLine: { en: '<sum>', ko: '<sumk>' },
  explain: { en: '<explain>', ko: '<explaink>' },
  translate: { en: '<2en>', ko: '<2ko>' },
};

/** The tag of a translation into the language. */
export function translationTag(target: Language): string {
  return TAGS.translate[target];
}
