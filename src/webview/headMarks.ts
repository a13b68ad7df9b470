import type { HeadChoice } from '../protocol/panelState';

/** Heads shown together are told apart by their label and the dashes of their lines, never by a hue alone. */
export const HEAD_DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 2], [8, 3, 2, 3]];

/** `3.5`: layer and head from 1; `3.∗` is the mean of a layer. */
export function headLabel({ layer, head }: Pick<HeadChoice, 'layer' | 'head'>): string {
  return `${layer + 1}.${head < 0 ? '∗' : head + 1}`;
}
