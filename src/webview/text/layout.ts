import type { Blocks } from './blocks';
import type { Box } from './curves';

export interface BlockBoxes {
  readonly query: readonly Box[];
  readonly key: readonly Box[];
}

/** Where the tokens are. Read once for each layout: reading places makes the browser lay the page out. */
export class Layout {
  private boxes: BlockBoxes | undefined;

  constructor(
    private readonly blocks: Blocks,
    onChange: () => void,
  ) {
    new ResizeObserver(() => {
      this.forget();
      onChange();
    }).observe(blocks.root);
  }

  forget(): void {
    this.boxes = undefined;
  }

  /** From the corner of the blocks' root. */
  get all(): BlockBoxes {
    if (this.boxes) return this.boxes;
    const corner = this.blocks.root.getBoundingClientRect();
    const boxesOf = (spans: readonly HTMLElement[]): Box[] =>
      spans.map((span) => {
        const { left, top, width, height } = span.getBoundingClientRect();
        return { left: left - corner.left, top: top - corner.top, width, height };
      });
    this.boxes = { query: boxesOf(this.blocks.query.spans), key: boxesOf(this.blocks.key.spans) };
    return this.boxes;
  }
}
