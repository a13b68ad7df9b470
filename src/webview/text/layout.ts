import type { Box } from './curves';
import type { TokenText } from './tokenText';

export interface BlockBoxes {
  readonly query: readonly Box[];
  readonly key: readonly Box[];
}

/** Where the tokens are. Read once for each layout: reading places makes the browser lay the page out. */
export class Layout {
  private boxes: BlockBoxes | undefined;

  constructor(
    /** What holds both texts: the upper one's links leave downwards and reach the lower one from above. */
    private readonly owner: {
      readonly root: HTMLElement;
      readonly query: TokenText;
      readonly key: TokenText;
    },
    onChange: () => void,
  ) {
    new ResizeObserver(() => {
      this.forget();
      onChange();
    }).observe(owner.root);
  }

  forget(): void {
    this.boxes = undefined;
  }

  /** From the corner of the blocks' root. */
  get all(): BlockBoxes {
    if (this.boxes) return this.boxes;
    const corner = this.owner.root.getBoundingClientRect();
    const boxesOf = (spans: readonly HTMLElement[]): Box[] =>
      spans.map((span) => {
        const { left, top, width, height } = span.getBoundingClientRect();
        return { left: left - corner.left, top: top - corner.top, width, height };
      });
    this.boxes = { query: boxesOf(this.owner.query.spans), key: boxesOf(this.owner.key.spans) };
    return this.boxes;
  }
}
