import {
  HEAD_METRICS,
  type AttentionRun,
  type PanelToken,
} from '../../../src/protocol/attentionRun';

export function tokens(count: number): PanelToken[] {
  return Array.from({ length: count }, (_, word) => ({
    id: 2,
    text: 'a',
    start: 0,
    end: 1,
    special: false,
    word,
  }));
}

/** A run of 3 + 2 layers with 4 heads, 100 source and 20 target tokens. */
export const SAMPLE_RUN: AttentionRun = {
  runId: 7,
  modelName: 'tiny',
  modelHash: '',
  tokenizerHash: '',
  direction: { source: 'en', target: 'ko' },
  encoderLayers: 3,
  decoderLayers: 2,
  heads: 4,
  selectionLength: 300,
  sentences: [
    { start: 0, end: 100, tokens: 40 },
    { start: 101, end: 300, tokens: 62 },
  ],
  sentence: -1,
  targetText: 'a',
  source: tokens(100),
  target: tokens(20),
  predicted: tokens(20),
  thumbnailSide: 64,
  thumbnails: new Uint8Array(4 * (3 * 64 * 64 + 2 * 20 * 20 + 2 * 20 * 64)),
  metrics: new Float32Array(4 * (3 + 2 + 2) * HEAD_METRICS.length),
  valueNorms: new Uint16Array(4 * (3 * 100 + 2 * 20 + 2 * 100)),
  alignment: { layer: 1, mode: 'output' },
};
