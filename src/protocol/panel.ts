/**
 * The contract between the host and the attention panel's webview. The webview pulls: nothing is sent to a panel that
 * has not said `ready`, because messages to a hidden webview are dropped by the editor. No message is larger than 1 MiB.
 */
import type { AttentionAnswer, AttentionQuery } from './attentionQueries';
import type { AttentionRun } from './attentionRun';
import type { PanelSide, PanelState } from './panelState';
import type { PanelStrings } from './panelStrings';
import { INSPECT_TASKS } from './tasks';

/** Bytes of one message at most; UTF-16 units of a string count twice. */
export const MOST_MESSAGE = 2 ** 20;
/** Weights are shown in the editor in this many steps. */
export const MARK_STEPS = 5;
export const EXPORT_FORMATS = ['png', 'svg', 'json', 'csv', 'pharaoh'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
/** Papers that the panel's notes point to; the addresses are the host's. */
export const PAPERS = [
  'vaswani2017',
  'jain2019',
  'wiegreffe2019',
  'serrano2019',
  'abnar2020',
] as const;
export type Paper = (typeof PAPERS)[number];

export type HostToPanel =
  | { readonly type: 'strings'; readonly strings: PanelStrings; readonly locale: string }
  | { readonly type: 'settings'; readonly singleKeys: boolean }
  | { readonly type: 'run'; readonly run: AttentionRun; readonly state?: PanelState }
  | ({ readonly type: 'answer'; readonly seq: number; readonly runId: number } & AttentionAnswer)
  | { readonly type: 'failure'; readonly seq: number; readonly text: string }
  | {
      readonly type: 'message';
      readonly text: string;
      readonly kind: 'info' | 'stale' | 'gone';
      readonly action?: 'rerun' | 'recompute';
    }
  /** Source tokens under the editor's cursor or mouse; none clears. */
  | { readonly type: 'cursor'; readonly runId: number; readonly indices: readonly number[] }
  | { readonly type: 'exported'; readonly path: string };

/** Tokens to be marked in the editor, each with a step from 1 to MARK_STEPS; none clears. */
export interface Marks {
  readonly runId: number;
  readonly side: PanelSide;
  readonly indices: readonly number[];
  readonly steps: readonly number[];
}

/** One part of a file to be saved; parts come in order. Text is not cut inside a surrogate pair. */
export interface ExportChunk {
  readonly runId: number;
  readonly format: ExportFormat;
  /** Suggested file name without its ending. */
  readonly name: string;
  /** From 0, below `chunks`. */
  readonly chunk: number;
  readonly chunks: number;
  readonly data: string | Uint8Array;
}

/** What the model writes for the text: its translation, or for a task. */
export const OUTPUTS = ['translation', ...INSPECT_TASKS] as const;
export type OutputName = (typeof OUTPUTS)[number];

/** Of the run shown, or with runId -1 and nothing else of whatever is selected. */
export interface Rerun {
  readonly runId: number;
  /** -1: all together. */
  readonly sentence?: number;
  /** Absent: what is used. */
  readonly hypothesis?: number;
  /** Absent: the same as before. */
  readonly output?: OutputName;
}

export type PanelToHost =
  | { readonly type: 'ready' }
  | ({ readonly type: 'query'; readonly seq: number } & AttentionQuery)
  | ({ readonly type: 'mark' } & Marks)
  | ({ readonly type: 'pin' } & Marks)
  | {
      readonly type: 'reveal';
      readonly runId: number;
      readonly side: PanelSide;
      readonly index: number;
    }
  | ({ readonly type: 'rerun' } & Rerun)
  | { readonly type: 'sample'; readonly index: number }
  | ({ readonly type: 'export' } & ExportChunk)
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'open'; readonly paper: Paper };
