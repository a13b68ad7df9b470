import type { PanelToHost } from '../protocol/panel';
import type { PanelState } from '../protocol/panelState';

export interface VsCodeApi {
  postMessage(message: PanelToHost): void;
  getState(): unknown;
  setState(state: PanelState): void;
}

declare global {
  /** Given by the editor; may be called once. */
  function acquireVsCodeApi(): VsCodeApi;
}
