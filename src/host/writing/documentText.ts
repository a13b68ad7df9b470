import { throwIfAborted } from '../../common/async';
import type { Language, TextResult } from '../../protocol/engine';
import { chooseDirection } from '../../text/direction';
import type { DocumentKind, DocumentMemory, DocumentPlan } from '../../text/documentPlan';
import type { TranslationRequest, TranslationService } from '../translation';

/** Runs of one request: a document is seen growing, and what was translated stays when the rest is cancelled. */
const CHUNK = 24;

/** The translations of one document's texts, kept from version to version: only what changed is asked for. */
export class DocumentText {
  private known = new Map<string, TextResult>();
  private plan: DocumentPlan | undefined;
  private memory: DocumentMemory | undefined;
  /** Of the last `update`. */
  target: Language = 'ko';
  /** Time the last look at the structure took. */
  planMilliseconds = 0;

  constructor(
    private readonly service: Pick<TranslationService, 'translate'>,
    private readonly kind: DocumentKind,
  ) {}

  /**
   * Brings the translation up to the source; `onProgress` hears each time that `assemble` has more to give. Rejects with AppError; what was translated until then is kept for the next time.
   */
  async update(
    source: string,
    request: Omit<TranslationRequest, 'texts'>,
    signal: AbortSignal,
    onProgress: (done: number, total: number) => void,
  ): Promise<void> {
    const { DocumentMemory, planDocumentGently } = await import('../../text/documentPlan');
    throwIfAborted(signal);
    const start = performance.now();
    this.memory ??= new DocumentMemory();
    const plan = await planDocumentGently(source, this.kind, this.memory, breathe);
    throwIfAborted(signal);
    this.planMilliseconds = performance.now() - start;
    this.plan = plan;
    const { target } = chooseDirection(source, request.target);
    if (target !== this.target) this.known.clear();
    this.target = target;
    const texts = [...new Set(plan.texts)];
    const missing = texts.filter((text) => !this.known.has(text));
    let done = texts.length - missing.length;
    onProgress(done, texts.length);
    for (let from = 0; from < missing.length; from += CHUNK) {
      const chunk = missing.slice(from, from + CHUNK);
      const { results } = await this.service.translate(
        { ...request, target, texts: chunk },
        signal,
      );
      throwIfAborted(signal);
      chunk.forEach((text, index) => {
        const result = results[index];
        if (result) this.known.set(text, result);
      });
      done += chunk.length;
      onProgress(done, texts.length);
    }
    const wanted = new Set(texts);
    this.known = new Map([...this.known].filter(([text]) => wanted.has(text)));
  }

  /** The document so far: what is not translated yet stands in its own language. Undefined before the first look at it. */
  assemble(): { readonly text: string; readonly lost: number } | undefined {
    return this.plan?.assemble((text) => this.known.get(text));
  }

  /** Lets go of the translations, so that the next update asks for all of them. */
  forget(): void {
    this.known.clear();
  }
}

/** Lets the extension host answer others: parsing a long document would keep it for seconds. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
