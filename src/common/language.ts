/** The two languages of the default model. */
export type Language = 'en' | 'ko';

/** `auto` goes by the scripts in the text: Korean to English, anything else to Korean. */
export type TargetLanguage = 'auto' | Language;
