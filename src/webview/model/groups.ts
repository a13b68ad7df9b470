import type { ModelBlock } from '../../protocol/attentionQueries';

/** Blocks one after another, or equal layers of them. */
export interface BlockGroup {
  readonly id: string;
  /** Of no layer; empty where there are layers. */
  readonly blocks: readonly ModelBlock[];
  readonly layers: readonly (readonly ModelBlock[])[];
}

export interface BlockColumn {
  readonly side: 'encoder' | 'decoder';
  readonly groups: readonly BlockGroup[];
}

/** The encoder, and the decoder with all that comes after it; the order of the blocks stays. */
export function blockColumns(blocks: readonly ModelBlock[]): readonly BlockColumn[] {
  return (['encoder', 'decoder'] as const).map((side) => {
    const own = blocks.filter(({ id }) => id.startsWith('encoder.') === (side === 'encoder'));
    const layers: ModelBlock[][] = [];
    for (const block of own) {
      const layer = layerOf(block);
      if (layer !== undefined) (layers[layer] ??= []).push(block);
    }
    const first = own.findIndex((block) => layerOf(block) !== undefined);
    const isPlain = (block: ModelBlock): boolean => layerOf(block) === undefined;
    const before = own.slice(0, Math.max(0, first)).filter(isPlain);
    const after = own.slice(Math.max(0, first)).filter(isPlain);
    const groups = [
      { id: `${side}.before`, blocks: before, layers: [] },
      { id: `${side}.layers`, blocks: [], layers },
      { id: `${side}.after`, blocks: after, layers: [] },
    ];
    return {
      side,
      groups: groups.filter((group) => group.blocks.length + group.layers.length > 0),
    };
  });
}

function layerOf({ id }: ModelBlock): number | undefined {
  const [, layer] = /^(?:encoder|decoder)\.(\d+)\./.exec(id) ?? [];
  return layer === undefined ? undefined : Number(layer);
}
