import type { CharSet } from './charSet';

export type Edge = 'lineStart' | 'lineEnd' | 'textStart' | 'textEnd' | 'word' | 'notWord';

export type SyntaxTree =
  | { readonly type: 'set'; readonly set: CharSet }
  | { readonly type: 'sequence'; readonly items: readonly SyntaxTree[] }
  /** The first option that lets the rest match wins, as in every backtracking engine. */
  | { readonly type: 'choice'; readonly options: readonly SyntaxTree[] }
  | {
      readonly type: 'repeat';
      readonly item: SyntaxTree;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly type: 'ahead'; readonly item: SyntaxTree; readonly negative: boolean }
  | { readonly type: 'behind'; readonly set: CharSet; readonly negative: boolean }
  | { readonly type: 'edge'; readonly edge: Edge };

/** Least and greatest number of characters that a match of the tree has. */
export function lengths(tree: SyntaxTree): { least: number; most: number } {
  switch (tree.type) {
    case 'set':
      return { least: 1, most: 1 };
    case 'sequence': {
      const parts = tree.items.map(lengths);
      return {
        least: parts.reduce((sum, part) => sum + part.least, 0),
        most: parts.reduce((sum, part) => sum + part.most, 0),
      };
    }
    case 'choice': {
      const parts = tree.options.map(lengths);
      return {
        least: Math.min(...parts.map((part) => part.least)),
        most: Math.max(...parts.map((part) => part.most)),
      };
    }
    case 'repeat': {
      const { least, most } = lengths(tree.item);
      return { least: least * tree.min, most: most === 0 ? 0 : most * tree.max };
    }
    case 'ahead':
    case 'behind':
    case 'edge':
      return { least: 0, most: 0 };
  }
}
