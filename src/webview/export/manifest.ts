import { mapShape, type AttentionRun } from '../../protocol/attentionRun';
import type { PanelState } from '../../protocol/panelState';
import { shownHeads } from '../state';

/** Version of the layout of exported files. */
export const EXPORT_SCHEMA = 'headlight.attention/1';

/** Where an exported file is from: enough to make it again. No text of the run. */
export interface Manifest {
  readonly schema: string;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly tokenizer: { readonly sha256: string };
  readonly direction: string;
  /** What the model wrote for the text. */
  readonly output: string;
  /** Which end of the search, from 1; 0: what is used. */
  readonly hypothesis: number;
  readonly view: PanelState['view'];
  readonly kind: PanelState['kind'];
  /** Numbered from 1, as in the panel; head 0 is the mean of the layer's heads. */
  readonly heads: readonly string[];
  readonly averaged: boolean;
  readonly queries: number;
  readonly keys: number;
  readonly filters: {
    readonly specials: string;
    readonly threshold: string;
    readonly words: boolean;
    readonly rows: string;
    readonly valueWeighted: boolean;
    readonly sourceFrom: number;
    readonly sourceTo: number;
  };
  readonly colours: { readonly scale: string; readonly domain: string; readonly palette: string };
}

export function manifestOf(run: AttentionRun, state: PanelState): Manifest {
  const { threshold, range } = state;
  return {
    schema: EXPORT_SCHEMA,
    model: { name: run.modelName, sha256: run.modelHash },
    tokenizer: { sha256: run.tokenizerHash },
    direction: `${run.direction.source}-${run.direction.target}`,
    output: run.task?.name ?? 'translation',
    hypothesis: run.hypothesis ? run.hypothesis.number + 1 : 0,
    view: state.view,
    kind: state.kind,
    heads: shownHeads(state).map(({ layer, head }) => `${layer + 1}.${head + 1}`),
    averaged: state.average,
    ...mapShape(run, state.kind),
    filters: {
      specials: state.specials,
      threshold: threshold.mode === 'none' ? 'none' : `${threshold.mode} ${threshold.value}`,
      words: state.words,
      rows: state.rows,
      valueWeighted: state.valueWeighted,
      sourceFrom: range.from,
      sourceTo: range.to < 0 ? run.source.length : range.to,
    },
    colours: { scale: state.scale, domain: state.domain, palette: state.palette },
  };
}

/** One line each, `name: value`, for formats that have comments but no structure. */
export function manifestLines(manifest: Manifest): string[] {
  const lines: string[] = [];
  const add = (name: string, value: unknown): void => {
    if (Array.isArray(value)) lines.push(`${name}: ${value.join(' ')}`);
    else if (typeof value === 'object' && value !== null)
      for (const [part, inner] of Object.entries(value)) add(`${name}.${part}`, inner);
    else lines.push(`${name}: ${String(value)}`);
  };
  for (const [name, value] of Object.entries(manifest)) add(name, value);
  return lines;
}
