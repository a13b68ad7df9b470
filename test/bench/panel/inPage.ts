/** Measurements inside the panel's page: of its own functions, and of what it does when it is used. All times in milliseconds. */
import { decodeHalf, encodeHalf } from '../../../src/attention/half';
import { compand } from '../../../src/attention/thumbnail';
import { ATTENTION_KINDS, layersOf, thumbnailShape } from '../../../src/protocol/attentionRun';
import { readColours } from '../../../src/webview/colour';
import { paint } from '../../../src/webview/paint';
import { TokenText, type Piece } from '../../../src/webview/text/tokenText';
import type {} from '../../panel/fakeHost';
import { drawLines, hoverLines, type LineDrawing } from './lines';

/** Runs of a function before it is timed: the engine compiles what is called often. */
const WARM_UP = 3;

const requestFrame = window.requestAnimationFrame.bind(window);

export function nextFrame(): Promise<number> {
  return new Promise((resolve) => requestFrame(resolve));
}

/** Until what was drawn is on the screen: the callback of the frame after the next comes when that one is done. */
async function painted(): Promise<void> {
  await nextFrame();
  await nextFrame();
}

async function timed(count: number, work: (index: number) => void): Promise<number[]> {
  for (let index = 0; index < WARM_UP; index++) work(index);
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    await nextFrame();
    const start = performance.now();
    work(index);
    times.push(performance.now() - start);
  }
  return times;
}

/** Resolves in a task of its own: after everything that what happened so far has set off without waiting. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    port2.postMessage(undefined);
  });
}

/** The script's time from an action to the end of the next frame: handlers, observers, promises and frame callbacks. */
async function scriptTime(action: () => void): Promise<number> {
  await nextFrame();
  let inFrames = 0;
  window.requestAnimationFrame = (callback) =>
    requestFrame((time) => {
      const start = performance.now();
      callback(time);
      inFrames += performance.now() - start;
    });
  const start = performance.now();
  action();
  await nextTask();
  const atOnce = performance.now() - start;
  // A frame that came before the task is in both.
  const already = inFrames;
  await painted();
  window.requestAnimationFrame = requestFrame;
  return atOnce + inFrames - already;
}

export class PanelBench {
  private lines: LineDrawing | undefined;

  decode(size: number, count: number): Promise<number[]> {
    const halves = encodeHalf(new Float32Array(size * size).map((_, i) => (i % 997) / 997));
    return timed(count, () => decodeHalf(halves));
  }

  /** A map's levels through the table of colours onto a canvas. */
  paintHead(size: number, count: number): Promise<number[]> {
    const levels = new Uint8Array(size * size).map((_, i) => compand((i % 997) / 997));
    const { weights } = readColours('cividis');
    const canvas = document.createElement('canvas');
    return timed(count, () => paint(canvas, levels, size, size, weights));
  }

  /** The thumbnails of all heads, 589,824 pixels if the texts are long enough. */
  paintPictures(count: number): Promise<number[]> {
    const { run } = window.fakeHost;
    if (!run) throw new Error('There is no run.');
    const { weights } = readColours('cividis');
    const canvas = document.createElement('canvas');
    return timed(count, () => {
      for (const kind of ATTENTION_KINDS) {
        const { rows, columns, offset } = thumbnailShape(run, kind);
        for (let map = 0; map < layersOf(run, kind) * run.heads; map++) {
          const start = offset + map * rows * columns;
          const levels = run.thumbnails.subarray(start, start + rows * columns);
          paint(canvas, levels, rows, columns, weights);
        }
      }
    });
  }

  /** Other weights for the spans of both texts. */
  async restyle(tokens: number, count: number): Promise<number[]> {
    const pieces: Piece[] = Array.from({ length: 2 * tokens }, (_, index) => ({
      text: `word${index}`,
      special: false,
      tokens: [index],
      spaced: true,
    }));
    const text = new TokenText('bench');
    document.body.append(text.root);
    text.set(pieces, 'bench');
    const weights = [0, 1, 2].map((shift) =>
      Float32Array.from(pieces, (_, index) => ((index * 31 + shift * 17) % 100) / 100),
    );
    const times = await timed(count, (index) => text.mark({ weights: weights[index % 3] ?? [] }));
    text.root.remove();
    return times;
  }

  /** Everything that the view shown draws, as after a change of the colour theme. */
  async redraw(count: number): Promise<number[]> {
    const times: number[] = [];
    for (let index = 0; index < WARM_UP + count; index++) {
      const time = await scriptTime(() => document.body.classList.toggle('bench'));
      if (index >= WARM_UP) times.push(time);
    }
    return times;
  }

  /** From the key that asks for the next head to its map on the screen. */
  async openHeads(count: number): Promise<number[]> {
    const grid = document.querySelector<HTMLElement>('.view [role=grid]');
    if (!grid) throw new Error('The view has no grid.');
    grid.focus();
    const times: number[] = [];
    for (let index = 0; index < count; index++) {
      const before = grid.getAttribute('aria-label');
      const start = performance.now();
      grid.dispatchEvent(new KeyboardEvent('keydown', { key: nextHeadKey(index), bubbles: true }));
      while (grid.getAttribute('aria-label') === before || !window.fakeHost.isIdle()) {
        await nextFrame();
      }
      await painted();
      times.push(performance.now() - start);
    }
    return times;
  }

  /** Times between frames while the pointer goes over the map, the wheel zooms, and the map is dragged. */
  async frames(count: number): Promise<{ pointer: number[]; zoom: number[]; pan: number[] }> {
    const canvas = document.querySelector<HTMLCanvasElement>('.view canvas.overlay');
    if (!canvas) throw new Error('The view has no map.');
    // There is no pointer that could be captured.
    canvas.setPointerCapture = () => undefined;
    const box = canvas.getBoundingClientRect();
    const at = (share: number) => ({
      clientX: box.left + 90 + share * (box.width - 100),
      clientY: box.top + 90 + share * (box.height - 100),
      bubbles: true,
      cancelable: true,
    });
    const pointer = await framesOf(count, (share) =>
      canvas.dispatchEvent(new PointerEvent('pointermove', at(share))),
    );
    const zoom = await framesOf(count, (_, index) =>
      canvas.dispatchEvent(
        new WheelEvent('wheel', { ...at(0.5), deltaY: index % 40 < 20 ? -40 : 40, ctrlKey: true }),
      ),
    );
    canvas.dispatchEvent(new PointerEvent('pointerdown', { ...at(0.5), button: 0, buttons: 1 }));
    const pan = await framesOf(count, (share) =>
      canvas.dispatchEvent(new PointerEvent('pointermove', { ...at(share), buttons: 1 })),
    );
    canvas.dispatchEvent(new PointerEvent('pointerup', at(0.5)));
    return { pointer, zoom, pan };
  }

  /** One SVG line for each cell of `heads` maps; gives up after `limit`. */
  async drawLines(
    queries: number,
    heads: number,
    limit: number,
  ): Promise<{ milliseconds: number; drawn: number; all: number }> {
    this.lines = undefined;
    document.body.replaceChildren();
    await painted();
    const start = performance.now();
    const weights = Array.from({ length: heads }, (_, head) => {
      const { run, map } = window.fakeHost;
      if (!run) throw new Error('There is no run.');
      return map(run, 'encoder', Math.floor(head / run.heads), head % run.heads).weights;
    });
    const made = performance.now() - start;
    this.lines = await drawLines(weights, queries, limit);
    await painted();
    const { drawn, all } = this.lines;
    return { milliseconds: performance.now() - start - made, drawn, all };
  }

  /** Only one query's lines stay, as when the pointer is on its token. */
  async hoverLines(count: number): Promise<number[]> {
    const { lines } = this;
    if (!lines) throw new Error('Nothing is drawn.');
    const times: number[] = [];
    for (let query = 0; query < count; query++) {
      const start = performance.now();
      hoverLines(lines, query);
      await painted();
      times.push(performance.now() - start);
    }
    return times;
  }
}

/** Each head once: those of a layer, the next layer's, and after all of a kind the next kind's. */
function nextHeadKey(index: number): string {
  if (index % 48 === 47) return 'k';
  return index % 8 === 7 ? '}' : ']';
}

async function framesOf(
  count: number,
  step: (share: number, index: number) => void,
): Promise<number[]> {
  const times: number[] = [];
  let last = await nextFrame();
  for (let index = 0; index < count; index++) {
    step(index / count, index);
    const now = await nextFrame();
    times.push(now - last);
    last = now;
  }
  return times;
}

declare global {
  interface Window {
    panelBench: PanelBench;
  }
}

window.panelBench = new PanelBench();
