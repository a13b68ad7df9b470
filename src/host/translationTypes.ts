import type { AppError } from '../common/errors';
import type { InspectParams, ModelInfo, Priority, TranslateParams } from '../protocol/engine';

export type Phase = 'off' | 'loading' | 'ready' | 'busy' | 'unloaded' | 'failed';

export interface ServiceState {
  readonly phase: Phase;
  /** The model that was loaded last; kept when it was unloaded, since it comes back as it was. */
  readonly model?: ModelInfo;
  /** Present when `phase` is `failed`. */
  readonly error?: AppError;
}

export interface TranslationRequest {
  readonly texts: readonly string[];
  readonly target: TranslateParams['target'];
  readonly protectPatterns: readonly string[];
  readonly beam: number;
  /** `command` if absent: only what a command asked for shows as work under way. */
  readonly priority?: Priority;
}

export type InspectRequest = Omit<TranslationRequest, 'texts' | 'priority'> &
  Pick<InspectParams, 'text' | 'sentence' | 'cursor' | 'task' | 'hypothesis'>;

export interface Progress {
  readonly done: number;
  readonly total: number;
}
