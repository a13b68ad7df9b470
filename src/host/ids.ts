/** Every name shared with package.json, once. The tidy suite compares these with the manifest and its texts. */

/** Contributed commands: each has a title in package.nls.json and package.nls.ko.json. */
export const Command = {
  translateSelection: 'headlight.translateSelection',
  translateAndReplace: 'headlight.translateAndReplace',
  insertTranslationBelow: 'headlight.insertTranslationBelow',
  copyTranslation: 'headlight.copyTranslation',
  showAttention: 'headlight.showAttention',
  switchDirection: 'headlight.switchDirection',
  selectDevice: 'headlight.selectDevice',
  runDiagnostics: 'headlight.runDiagnostics',
  showLog: 'headlight.showLog',
  unloadModel: 'headlight.unloadModel',
  translateComments: 'headlight.translateComments',
  translateCommentsInSelection: 'headlight.translateCommentsInSelection',
  toggleBilingual: 'headlight.toggleBilingual',
  cancel: 'headlight.cancel',
  translateDocument: 'headlight.translateDocument',
  saveTranslation: 'headlight.saveTranslation',
  summarizeSelection: 'headlight.summarizeSelection',
  summarizeFile: 'headlight.summarizeFile',
  titleForSelection: 'headlight.titleForSelection',
  nameFromWords: 'headlight.nameFromWords',
  translateCommitMessage: 'headlight.translateCommitMessage',
  explainAtCursor: 'headlight.explainAtCursor',
  toggleHover: 'headlight.toggleHover',
  addToGlossary: 'headlight.addToGlossary',
  installCuda: 'headlight.installCudaSupport',
  removeCuda: 'headlight.removeCudaSupport',
} as const;

/** Commands behind links and the status bar item; they make no sense in the palette and are not contributed. */
export const LinkCommand = {
  replaceResult: 'headlight.result.replace',
  insertResultBelow: 'headlight.result.insertBelow',
  copyResult: 'headlight.result.copy',
  openResult: 'headlight.result.open',
  otherTranslations: 'headlight.result.alternatives',
  showMenu: 'headlight.showMenu',
  revealSummarySource: 'headlight.summary.reveal',
  showHoverAttention: 'headlight.hover.showAttention',
  turnOffHover: 'headlight.hover.turnOff',
} as const;

export const SETTING_SECTION = 'headlight';

/** Setting names below the section, as `workspace.getConfiguration('headlight')` wants them. */
export const Setting = {
  targetLanguage: 'targetLanguage',
  outputMode: 'output.mode',
  documentCharacters: 'output.documentCharacters',
  protectPatterns: 'protect.patterns',
  glossary: 'glossary',
  beam: 'decoding.beam',
  summaryLength: 'summary.length',
  summaryLanguage: 'summary.language',
  commentsMode: 'comments.mode',
  commentsStrings: 'comments.strings',
  bilingualPlace: 'bilingual.place',
  modelPath: 'model.path',
  device: 'device',
  cudaMirror: 'cudaMirror',
  threads: 'threads',
  idleUnloadMinutes: 'idleUnloadMinutes',
  cacheMegabytes: 'cache.maxMegabytes',
  hoverEnabled: 'hover.enabled',
  hoverTrigger: 'hover.trigger',
  hoverLanguages: 'hover.languages',
  hoverComments: 'hover.comments',
  hoverStrings: 'hover.strings',
  hoverDocumentation: 'hover.documentation',
  hoverCode: 'hover.code',
  hoverDelay: 'hover.delay',
  hoverPrefetch: 'hover.prefetch',
  singleKeys: 'attention.singleKeys',
} as const;

export const ContextKey = {
  /** A model is in memory. */
  modelReady: 'headlight.modelReady',
  /** A translation is under way. */
  busy: 'headlight.busy',
  /** Comments are shown with their translation. */
  bilingual: 'headlight.bilingual',
} as const;

/** Tools for language models; each has its texts in package.nls.json and package.nls.ko.json. */
export const LanguageTool = {
  translateText: 'headlight_translate_text',
  summarizeText: 'headlight_summarize_text',
} as const;

export const Contribution = {
  statusItem: 'headlight.status',
  editorMenu: 'headlight.editorMenu',
  walkthrough: 'headlight.start',
} as const;

/** Type of the attention panel's webview, by which the editor restores it. */
export const PANEL_TYPE = 'headlight.attention';

/** Scheme of the read-only documents with results and diagnostics. */
export const RESULT_SCHEME = 'headlight-result';

/** Scheme of the translations of whole documents beside their sources. */
export const DOCUMENT_SCHEME = 'headlight-document';

/** Backgrounds of marked words, the weakest first; every colour theme may set its own. */
export const WEIGHT_COLOURS = [
  'headlight.attentionWeight1',
  'headlight.attentionWeight2',
  'headlight.attentionWeight3',
  'headlight.attentionWeight4',
  'headlight.attentionWeight5',
] as const;
