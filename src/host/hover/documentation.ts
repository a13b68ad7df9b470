import { LRUCache } from 'lru-cache';
import * as vscode from 'vscode';
import type { Disposable } from '../../common/disposable';
import { isCancelled } from '../../common/errors';
import type { Logger } from '../../common/logger';
import { markdownProse } from '../../text/explain/markdownProse';
import { isProse } from '../commentLine';
import { type HoverAnswers, isTranslated } from './answers';
import { documentationParts, problemParts } from './contents';
import { isOwnHover } from '../hoverParts';
import { mayAnswer, type TextHovers } from './provider';
import { readHoverSettings } from './settings';
import { within } from './waiting';

/** How long the answer may come after the others'. VS Code shows each provider's part when it is there and adds the next. */
const PATIENCE_MS = 1500;
/** Words whose documentation is remembered, until their document changes. */
const MOST_WORDS = 200;

interface Found {
  readonly documentation: readonly string[];
  readonly problems: readonly string[];
}

/**
 * What other extensions say of the symbol, and what is wrong there, translated: asked for in the background, shown when it
 * is there, and at the next hover at once. What they say is text: none of its links, commands, icons or HTML live on.
 */
export class DocumentationHovers implements vscode.HoverProvider, Disposable {
  private readonly registration = vscode.languages.registerHoverProvider('*', this);
  private readonly words = new LRUCache<string, Promise<Found>>({ max: MOST_WORDS });
  /** Places at which we are asking the others, and are asked ourselves for it. */
  private readonly asking = new Set<string>();
  private current: AbortController | undefined;

  constructor(
    private readonly answers: HoverAnswers,
    private readonly text: TextHovers,
    private readonly logger: Logger,
  ) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const settings = readHoverSettings(document);
    if (!settings.documentation || settings.trigger === 'selection') return undefined;
    if (!mayAnswer(document, settings) || isProse(document.languageId)) return undefined;
    const place = `${document.uri.toString()} ${position.line}:${position.character}`;
    if (this.asking.has(place)) return undefined;
    const range = document.getWordRangeAtPosition(position);
    if (!range || (await this.text.answers(document, position, token))) return undefined;
    if (token.isCancellationRequested) return undefined;
    const key = [document.uri.toString(), document.version, document.offsetAt(range.start)].join(
      ' ',
    );
    const found = await within(this.found(key, place, document, position), PATIENCE_MS);
    if (found === 'late' || token.isCancellationRequested) return undefined;
    const { documentation, problems } = found;
    const parts = [
      ...problemParts(problems),
      ...documentationParts(document, documentation, problems.length > 0),
    ];
    return parts.length > 0 ? new vscode.Hover(parts, range) : undefined;
  }

  dispose(): void {
    this.current?.abort();
    this.registration.dispose();
    this.words.clear();
  }

  private found(
    key: string,
    place: string,
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<Found> {
    const known = this.words.get(key);
    if (known) return known;
    // Who points at another word no longer waits for this one.
    this.current?.abort();
    const abort = new AbortController();
    this.current = abort;
    const found = this.ask(place, document, position, abort.signal).catch((error: unknown) => {
      this.words.delete(key);
      if (!isCancelled(error)) this.logger.log('warn', `Documentation: ${String(error)}`);
      return { documentation: [], problems: [] };
    });
    this.words.set(key, found);
    return found;
  }

  private async ask(
    place: string,
    document: vscode.TextDocument,
    position: vscode.Position,
    signal: AbortSignal,
  ): Promise<Found> {
    this.asking.add(place);
    let hovers: readonly vscode.Hover[];
    try {
      hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        position,
      );
    } finally {
      this.asking.delete(place);
    }
    const texts = hovers.filter((hover) => !isOwnHover(hover)).flatMap(proseOf);
    return {
      problems: await this.translated(document, problemsAt(document, position), signal),
      documentation: await this.translated(document, texts, signal),
    };
  }

  private async translated(
    document: vscode.TextDocument,
    texts: readonly string[],
    signal: AbortSignal,
  ): Promise<string[]> {
    const translations: string[] = [];
    for (const text of new Set(texts)) {
      if (!this.answers.isForeign(document, text)) continue;
      const result = await this.answers.translate(document, text, signal);
      if (result && isTranslated(result)) translations.push(result.text);
    }
    return translations;
  }
}

/** The messages of errors and warnings at the position. */
export function problemsAt(document: vscode.TextDocument, position: vscode.Position): string[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ range }) => range.contains(position))
    .map(({ message }) => message);
}

/** The prose of another extension's hover; a `MarkedString` with a language is code. */
function proseOf({ contents }: vscode.Hover): string[] {
  return contents
    .map((content) => {
      if (typeof content === 'string') return markdownProse(content);
      return 'language' in content ? '' : markdownProse(content.value);
    })
    .filter((text) => text !== '');
}
