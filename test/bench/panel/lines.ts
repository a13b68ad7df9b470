/**
 * The way that most attention tools draw: an element for each cell. One SVG line from each query on the left to each key on
 * the right, its opacity the weight, in one group for each head, as BertViz' model view does it.
 */

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 100;
const ROW = 2;
/** Lines between two looks at the clock. */
const BATCH = 20_000;

export interface LineDrawing {
  readonly root: SVGSVGElement;
  /** Lines of the first head by query: the one that is looked at. */
  readonly byQuery: readonly SVGLineElement[][];
  readonly drawn: number;
  readonly all: number;
}

export async function drawLines(
  heads: readonly Float32Array[],
  tokens: number,
  limit: number,
): Promise<LineDrawing> {
  const root = document.createElementNS(SVG, 'svg');
  const height = tokens * ROW;
  root.setAttribute('width', String(8 * WIDTH));
  root.setAttribute('height', String(Math.ceil(heads.length / 8) * height));
  const byQuery: SVGLineElement[][] = Array.from({ length: tokens }, () => []);
  const end = performance.now() + limit;
  let drawn = 0;
  const all = heads.length * tokens * tokens;
  document.body.append(root);
  for (const [head, weights] of heads.entries()) {
    const group = document.createElementNS(SVG, 'g');
    const x = (head % 8) * WIDTH;
    const y = Math.floor(head / 8) * height;
    root.append(group);
    for (let query = 0; query < tokens; query++)
      for (let key = 0; key < tokens; key++) {
        const line = document.createElementNS(SVG, 'line');
        line.setAttribute('x1', String(x + 10));
        line.setAttribute('y1', String(y + query * ROW));
        line.setAttribute('x2', String(x + WIDTH - 10));
        line.setAttribute('y2', String(y + key * ROW));
        line.setAttribute('stroke', '#4080ff');
        line.setAttribute('stroke-opacity', String(weights[query * tokens + key] ?? 0));
        group.append(line);
        if (head === 0) byQuery[query]?.push(line);
        if (++drawn % BATCH === 0 && performance.now() > end) return { root, byQuery, drawn, all };
      }
    // Lets the browser answer; a page that is not left alone is killed.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return { root, byQuery, drawn, all };
}

export function hoverLines({ byQuery }: LineDrawing, chosen: number): void {
  byQuery.forEach((lines, query) => {
    for (const line of lines) line.style.display = query === chosen ? '' : 'none';
  });
}
