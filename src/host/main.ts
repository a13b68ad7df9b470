import { join } from 'node:path';
import type * as vscode from 'vscode';
import { createApi } from './api';
import { Attention } from './attention/attention';
import { registerCommands } from './commands';
import { BilingualReading } from './comments/bilingual';
import { CommentCommands } from './comments/commentCommands';
import { CudaFeature } from './cuda/feature';
import { ResultDocuments } from './documents';
import { GlossaryStore } from './glossary/store';
import { HoverFeature } from './hover/feature';
import { registerLanguageTools } from './languageTools';
import { ChannelLogger } from './log';
import { Notices } from './notices';
import type { HeadlightApi } from './publicApi';
import { ResultStore } from './results';
import { CommentIndex } from './scopes/commentIndex';
import { InstalledGrammars } from './scopes/installedGrammars';
import { readLoadParams } from './settings';
import { registerSettings } from './settingsWatch';
import { registerStatus } from './status';
import { Translate } from './translate';
import { TranslationService } from './translation';
import { ResultWidget } from './widget';
import { WordLinks } from './wordLinks';
import { Writing } from './writing/writing';

/** Builds the parts and hands them to each other. Starts no process and loads nothing native: the first use does. */
export function activate(context: vscode.ExtensionContext): HeadlightApi {
  const start = performance.now();
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const logger = own(new ChannelLogger());
  const enginePath = context.asAbsolutePath('dist/engine.js');
  const notices = new Notices(context.globalState);
  const verdictFile = join(context.globalStorageUri.fsPath, 'devices.json');
  const cuda = new CudaFeature({ context, notices, logger, verdictFile });
  const makeClient = async () => {
    const [{ EngineClient }, environment] = await Promise.all([
      import('./engine/client'),
      cuda.environment(),
    ]);
    return new EngineClient({ enginePath, logger, environment });
  };
  const params = () => ({
    ...readLoadParams(context.asAbsolutePath('models/default')),
    verdictFile,
  });
  const service = own(new TranslationService(makeClient, params, logger, () => glossary.entries));
  const glossary: GlossaryStore = own(new GlossaryStore(() => service.glossaryChanged()));
  const results = own(new ResultStore());
  const documents = own(new ResultDocuments());
  const widget = own(new ResultWidget(results));
  const attention = own(
    new Attention(context.extensionUri, service, notices, context.workspaceState),
  );
  const words = own(new WordLinks(service, notices));
  const translate = new Translate({ service, results, widget, documents, notices, words });
  const grammars = own(new InstalledGrammars(context.asAbsolutePath('dist/onig.wasm'), logger));
  const blocks = own(new CommentIndex(grammars));
  const comments = new CommentCommands({ index: blocks, service, documents, notices });
  const bilingual = own(new BilingualReading({ index: blocks, service, notices, logger }));
  const hovers = own(new HoverFeature({ blocks, logger, notices, service, widget }));
  const writing = own(new Writing({ service, documents, index: blocks, notices, logger }));

  own(registerStatus(service));
  own(registerSettings(service, notices));
  own(
    registerCommands({
      attention,
      bilingual,
      comments,
      cuda,
      extension: context.extension,
      documents,
      glossary,
      hovers,
      logger,
      notices,
      params,
      results,
      service,
      translate,
      widget,
      writing,
    }),
  );
  const api = createApi(service, notices);
  own(registerLanguageTools(api));
  logger.log('info', `Activated in ${(performance.now() - start).toFixed(1)} ms.`);
  return api;
}
