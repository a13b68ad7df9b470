/**
 * What `activate` gives to other extensions:
 *
 *   const headlight = vscode.extensions.getExtension<HeadlightApi>('headlight.headlight');
 *   const api = await headlight?.activate();
 *   const { text } = await api.translate('The file is empty.', { target: 'ko' });
 *
 * Everything runs on the user's machine; the first call loads the model. Failures are Error objects with a `code`.
 */
export interface HeadlightApi {
  /** Grows when something is added; nothing is taken away. */
  readonly version: 1;
  /** The text in the other language, with its lay-out; code, placeholders, URLs and numbers as they were. */
  translate(text: string, options?: TranslationOptions): Promise<Translation>;
  /** The sentences of the text that say most, in its order. */
  summarize(text: string, options?: SummaryOptions): Promise<Summary>;
}

export interface CallOptions {
  /** Ends the call with a failure whose code is `cancelled`. */
  readonly signal?: AbortSignal;
}

export interface TranslationOptions extends CallOptions {
  /** Absent: Korean goes to English, everything else to Korean. */
  readonly target?: 'ko' | 'en';
}

export interface Translation {
  readonly text: string;
  readonly source: 'ko' | 'en';
  readonly target: 'ko' | 'en';
  readonly sentences: readonly TranslatedSentence[];
}

/** UTF-16 units into the text given and into `text`. */
export interface TranslatedSentence {
  readonly sourceStart: number;
  readonly sourceEnd: number;
  readonly targetStart: number;
  readonly targetEnd: number;
  /** False where the sentence stands as it was. */
  readonly translated: boolean;
  /** The model is not sure of it. */
  readonly uncertain: boolean;
}

export interface SummaryOptions extends CallOptions {
  /** Most sentences, 1 to 5; 3 if absent. */
  readonly sentences?: number;
}

export interface Summary {
  readonly language: 'ko' | 'en';
  readonly sentences: readonly SummarySentence[];
}

export interface SummarySentence {
  /** UTF-16 units into the text given. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
