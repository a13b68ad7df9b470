import type { LineStyle } from '../drawing/dashes';
import { drawShapes, type Shape } from '../drawing/scene';
import { element } from '../dom';
import { strongest } from './anchors';
import { LinkBudget, type HeadLink } from './links';

/** Where a token is drawn, in CSS pixels from the canvas's corner. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Room that the lines of several heads have under a token. */
const LANE = 4;
/** A shorter line shows no dashes. */
const LEAST_LANE = 2;

/** As many links as are drawn with their full opacity. */
const CLEAR = 120;

/** Lines under the tokens, one for each head; their length is the square root of the weight. */
export function laneShapes(
  lists: readonly ArrayLike<number>[],
  boxes: readonly Box[],
  styles: readonly LineStyle[],
): Shape[] {
  return lists.flatMap((weights, head) =>
    strongest(weights, weights.length).flatMap((index): Shape[] => {
      const box = boxes[index];
      const style = styles[head];
      const length = (box?.width ?? 0) * Math.min(1, Math.sqrt(weights[index] ?? 0));
      if (!box || !style || length < LEAST_LANE) return [];
      const y = box.top + box.height + 2 + LANE * head;
      // A straight line is a curve between points of the same height.
      return [
        {
          shape: 'curve',
          from: { x: box.left, y },
          to: { x: box.left + length, y },
          stroke: style.colour,
          width: 2,
          opacity: 1,
          dash: style.dash,
        },
      ];
    }),
  );
}

/** Curves from a query to a key; strong ones are wider and less transparent, up to a weight of `most`. */
export function linkShapes(
  links: readonly HeadLink[],
  queries: readonly Box[],
  keys: readonly Box[],
  styles: readonly LineStyle[],
  most = links[0]?.weight ?? 1,
): Shape[] {
  // Many lines over a text would hide it.
  const pale = Math.max(0.35, Math.min(1, CLEAR / links.length));
  // The weak ones first, so that the strong ones lie above them.
  return links.toReversed().flatMap(({ query, key, weight, head }): Shape[] => {
    const from = queries[query];
    const to = keys[key];
    const style = styles[head];
    // A token that is not shown has no place.
    if (!from?.width || !to?.width || !style) return [];
    const share = Math.sqrt(weight / most);
    return [
      {
        shape: 'curve',
        from: { x: from.left + from.width / 2, y: from.top + from.height },
        to: { x: to.left + to.width / 2, y: to.top },
        stroke: style.colour,
        width: 0.75 + 2.25 * share,
        opacity: pale * (0.12 + 0.78 * share),
        dash: style.dash,
      },
    ];
  });
}

/** The drawing between and under the tokens; never in the way of the mouse. */
export class CurveLayer {
  readonly canvas = element('canvas', { class: 'curves', 'aria-hidden': 'true' });
  readonly budget = new LinkBudget();

  /** @param links how many of the shapes are links, by which the budget is judged */
  draw(shapes: readonly Shape[], width: number, height: number, font: string, links: number): void {
    const { canvas } = this;
    const ratio = window.devicePixelRatio;
    if (shapes.length === 0) {
      canvas.width = canvas.height = 0;
      return;
    }
    canvas.width = Math.ceil(width * ratio);
    canvas.height = Math.ceil(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext('2d');
    if (!context) return;
    const start = performance.now();
    context.scale(ratio, ratio);
    drawShapes(context, shapes, font);
    if (!this.budget.wantsMeasurement(links)) return;
    // Drawing is only recorded until a pixel is read; without this the time of the strokes would not be in the measure.
    context.getImageData(0, 0, 1, 1);
    this.budget.measured(performance.now() - start);
  }
}
