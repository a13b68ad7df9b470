import type { AttentionKind } from '../attention/headMetrics';
import type { HeadMetric } from '../protocol/attentionRun';
import type { PanelToHost } from '../protocol/panel';

/** What survives hiding and reloading: places only, neither text nor tensors. */
export interface PanelState {
  readonly kind: AttentionKind;
  readonly layer: number;
  readonly head: number;
  readonly sort: HeadMetric | 'position';
}

export interface VsCodeApi {
  postMessage(message: PanelToHost): void;
  getState(): PanelState | undefined;
  setState(state: PanelState): void;
}

declare global {
  /** Given by the editor; may be called once. */
  function acquireVsCodeApi(): VsCodeApi;
}
