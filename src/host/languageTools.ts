import * as vscode from 'vscode';
import { cancelled } from '../common/errors';
import { DisposableStore, type Disposable } from '../common/disposable';
import { abortOn } from './cancellation';
import { LanguageTool } from './ids';
import type { HeadlightApi } from './publicApi';

interface TranslateInput {
  readonly text: string;
  readonly targetLanguage?: 'ko' | 'en';
}

interface SummarizeInput {
  readonly text: string;
  readonly sentences?: number;
}

/** Tools that a chat in the editor may call: the text stays on this machine as far as the tool is concerned. */
export function registerLanguageTools(api: HeadlightApi): Disposable {
  const store = new DisposableStore();
  store.add(
    vscode.lm.registerTool<TranslateInput>(
      LanguageTool.translateText,
      tool(
        vscode.l10n.t('Translating on this machine'),
        async ({ text, targetLanguage }, signal) => {
          const options = { signal, ...(targetLanguage ? { target: targetLanguage } : {}) };
          const {
            text: translation,
            source,
            target,
            sentences,
          } = await api.translate(text, options);
          const unsure = sentences.filter(({ uncertain }) => uncertain);
          const doubts = unsure.map(({ targetStart, targetEnd }) =>
            translation.slice(targetStart, targetEnd),
          );
          return {
            translation,
            source,
            target,
            ...(doubts.length > 0 ? { uncertain: doubts } : {}),
          };
        },
      ),
    ),
  );
  store.add(
    vscode.lm.registerTool<SummarizeInput>(
      LanguageTool.summarizeText,
      tool(vscode.l10n.t('Summarizing on this machine'), async ({ text, sentences }, signal) => {
        const options = { signal, ...(sentences === undefined ? {} : { sentences }) };
        const summary = await api.summarize(text, options);
        return { sentences: summary.sentences.map((sentence) => sentence.text) };
      }),
    ),
  );
  return store;
}

function tool<T extends object>(
  message: string,
  work: (input: T, signal: AbortSignal) => Promise<object>,
): vscode.LanguageModelTool<T> {
  return {
    prepareInvocation: () => ({ invocationMessage: message }),
    invoke: async ({ input }, token) => {
      if (token.isCancellationRequested) throw cancelled();
      const { signal, detach } = abortOn(token);
      try {
        const part = new vscode.LanguageModelTextPart(JSON.stringify(await work(input, signal)));
        return new vscode.LanguageModelToolResult([part]);
      } finally {
        detach();
      }
    },
  };
}
