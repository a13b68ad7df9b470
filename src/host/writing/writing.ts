import { DisposableStore, type Disposable } from '../../common/disposable';
import type { Logger } from '../../common/logger';
import type { ResultDocuments } from '../documents';
import type { Notices } from '../notices';
import type { CommentIndex } from '../scopes/commentIndex';
import type { TranslationService } from '../translation';
import { CommitMessage } from './commitMessage';
import { DocumentViews } from './documentView';
import { NameFromWords } from './nameFromWords';
import { Running } from './running';
import { Summaries } from './summaries';
import { Titles } from './titles';

export interface WritingDeps {
  readonly service: TranslationService;
  readonly documents: ResultDocuments;
  readonly index: CommentIndex;
  readonly notices: Notices;
  readonly logger: Logger;
}

/** What is done with whole texts: documents beside, summaries, titles, names, commit messages. */
export class Writing implements Disposable {
  private readonly store = new DisposableStore();
  readonly views: DocumentViews;
  readonly summaries: Summaries;
  readonly titles: Titles;
  readonly names: NameFromWords;
  readonly commits: CommitMessage;

  private readonly running = new Running();

  constructor(own: WritingDeps) {
    const deps = { ...own, running: this.running };
    this.views = this.store.add(new DocumentViews(deps));
    this.summaries = this.store.add(new Summaries(deps));
    this.titles = new Titles(deps);
    this.names = new NameFromWords(deps);
    this.commits = new CommitMessage(deps);
  }

  /** Cancels the commands under way; tells how many there were. */
  cancelAll(): number {
    return this.running.cancelAll();
  }

  dispose(): void {
    this.store.dispose();
  }
}
