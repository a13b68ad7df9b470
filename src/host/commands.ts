import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../common/disposable';
import type { LoadParams } from '../protocol/engine';
import type { Attention } from './attention/attention';
import { readWrittenText } from './attention/written';
import type { BilingualReading } from './comments/bilingual';
import type { CommentCommands } from './comments/commentCommands';
import type { CudaFeature } from './cuda/feature';
import { selectDevice } from './device';
import { diagnose } from './diagnostics';
import type { ResultDocuments } from './documents';
import { addToGlossary } from './glossary/add';
import type { GlossaryStore } from './glossary/store';
import type { HoverFeature } from './hover/feature';
import { Command, LinkCommand, Setting } from './ids';
import type { ChannelLogger } from './log';
import { showMenu } from './menu';
import type { Notices } from './notices';
import { withDelayedProgress } from './progress';
import type { ResultEntry, ResultStore } from './results';
import {
  type OutputMode,
  readTranslationSettings,
  TARGET_LANGUAGES,
  updateSetting,
} from './settings';
import type { Outcome, Translate } from './translate';
import type { TranslationService } from './translation';
import type { ResultWidget } from './widget';
import { directionName } from './words';
import type { Writing } from './writing/writing';

export interface CommandDeps {
  readonly attention: Attention;
  readonly bilingual: BilingualReading;
  readonly comments: CommentCommands;
  readonly cuda: CudaFeature;
  readonly extension: vscode.Extension<unknown>;
  readonly documents: ResultDocuments;
  readonly glossary: GlossaryStore;
  readonly hovers: HoverFeature;
  readonly logger: ChannelLogger;
  readonly notices: Notices;
  readonly params: () => LoadParams;
  readonly results: ResultStore;
  readonly service: TranslationService;
  readonly translate: Translate;
  readonly widget: ResultWidget;
  readonly writing: Writing;
}

/** A handler for every id: a command without one is a compile error. */
type Handlers<Ids extends Record<string, string>> = {
  readonly [Name in keyof Ids]: (...args: readonly unknown[]) => unknown;
};

export function registerCommands(deps: CommandDeps): Disposable {
  const store = new DisposableStore();
  const register = <Ids extends Record<string, string>>(ids: Ids, handlers: Handlers<Ids>) => {
    for (const name of Object.keys(ids) as (keyof Ids & string)[]) {
      store.add(vscode.commands.registerCommand(ids[name]!, handlers[name]));
    }
  };
  register(Command, commandHandlers(deps));
  register(LinkCommand, linkHandlers(deps));
  return store;
}

function commandHandlers(deps: CommandDeps): Handlers<typeof Command> {
  const { service, notices, translate, writing } = deps;
  return {
    translateSelection: () => translate.selection(),
    translateAndReplace: () => translate.selection('replace'),
    insertTranslationBelow: () => translate.selection('insertBelow'),
    copyTranslation: () => translate.selection('copy'),
    showAttention: (written) => deps.attention.show(readWrittenText(written)),
    switchDirection: () => switchDirection(),
    selectDevice: (choice) => selectDevice(service, notices, choice),
    runDiagnostics: () => runDiagnostics(deps),
    showLog: () => deps.logger.show(),
    unloadModel: () => unloadModel(service, notices),
    translateComments: (mode) => deps.comments.run('file', mode),
    translateCommentsInSelection: (mode) => deps.comments.run('selection', mode),
    toggleBilingual: () => deps.bilingual.toggle(),
    cancel: () => {
      deps.comments.cancelAll();
      writing.cancelAll();
      return service.cancelAll();
    },
    translateDocument: () => writing.views.open(),
    saveTranslation: (file) => writing.views.save(file),
    summarizeSelection: () => writing.summaries.selection(),
    summarizeFile: () => writing.summaries.file(),
    titleForSelection: (action) => writing.titles.run(action),
    nameFromWords: () => writing.names.run(),
    translateCommitMessage: (origin) => writing.commits.translate(origin),
    explainAtCursor: () => deps.hovers.explainAtCursor(),
    toggleHover: () => deps.hovers.toggle(),
    addToGlossary: (entry) => addToGlossary(deps.glossary, notices, entry),
    installCuda: (from) => deps.cuda.install(service, from),
    removeCuda: () => deps.cuda.remove(service),
  };
}

/** The links carry the number of their result; a result that is gone says so. */
function linkHandlers(deps: CommandDeps): Handlers<typeof LinkCommand> {
  const withEntry =
    (action: (entry: ResultEntry, more: unknown) => Promise<Outcome>) =>
    async (id: unknown, more?: unknown): Promise<Outcome> => {
      const entry =
        typeof id === 'number' ? (deps.results.get(id) ?? deps.hovers.entry(id)) : undefined;
      if (entry) return action(entry, more);
      deps.notices.info(
        vscode.l10n.t('This translation is out of date. Translate the text again.'),
      );
      return 'nothingToDo';
    };
  const output = (mode: OutputMode) => withEntry((entry) => deps.translate.output(entry, mode));
  return {
    replaceResult: output('replace'),
    insertResultBelow: output('insertBelow'),
    copyResult: output('copy'),
    openResult: output('document'),
    otherTranslations: withEntry((entry, taken) =>
      deps.translate.otherTranslations(entry, typeof taken === 'number' ? taken : undefined),
    ),
    showMenu: () => showMenu(deps.service),
    revealSummarySource: (id, index) => deps.writing.summaries.reveal(id, index),
    showHoverAttention: (id) => deps.hovers.showAttention(id),
    turnOffHover: (uri) => deps.hovers.turnOff(uri),
  };
}

/** Automatic, to Korean, to English, and round again. */
async function switchDirection(): Promise<string> {
  const current = readTranslationSettings().targetLanguage;
  const next =
    TARGET_LANGUAGES[(TARGET_LANGUAGES.indexOf(current) + 1) % TARGET_LANGUAGES.length] ?? 'auto';
  await updateSetting(Setting.targetLanguage, next);
  vscode.window.setStatusBarMessage(
    vscode.l10n.t('Headlight direction: {0}', directionName(next)),
    4000,
  );
  return next;
}

async function runDiagnostics(deps: CommandDeps): Promise<void> {
  try {
    const report = await withDelayedProgress(vscode.l10n.t('Running diagnostics'), (signal) =>
      diagnose(deps.service, deps.extension, deps.params(), signal),
    );
    await deps.documents.show('Headlight Diagnostics.md', report, 'active');
  } catch (error) {
    deps.notices.error(error);
  }
}

async function unloadModel(service: TranslationService, notices: Notices): Promise<boolean> {
  try {
    const freed = await service.unload();
    const message = freed
      ? vscode.l10n.t('Model unloaded; the next translation loads it again.')
      : vscode.l10n.t('No model is loaded.');
    vscode.window.setStatusBarMessage(message, 4000);
    return freed;
  } catch (error) {
    notices.error(error);
    return false;
  }
}
