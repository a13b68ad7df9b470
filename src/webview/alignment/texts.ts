import type { Link } from '../../attention/alignment';
import type { PanelSide } from '../../protocol/panelState';
import type { PanelStrings } from '../../protocol/panelStrings';
import { lineStyles } from '../drawing/dashes';
import type { Shape } from '../drawing/scene';
import { element } from '../dom';
import { CurveLayer, linkShapes } from '../text/curves';
import { Layout } from '../text/layout';
import { TokenText, piecesOf, type TextMarks } from '../text/tokenText';
import type { ViewContext } from '../view';
import { partnersOf, type WordAlignment } from './words';

export interface Word {
  readonly side: PanelSide;
  readonly index: number;
}

/** How strongly links are drawn while no word is looked at, and those of other words while one is. */
const PLAIN = 0.3;
const BACKGROUND = 0.05;

/** Source words above output words, links between them, a bar of coverage under each source word. For the mouse; the grid has it all for the keyboard. */
export class WordTexts {
  readonly root: HTMLElement;
  /** The source; named as the upper text of a layout is. */
  readonly query = new TokenText('align-source');
  /** The output. */
  readonly key = new TokenText('align-target');
  readonly layout: Layout;
  private readonly curves = new CurveLayer();
  private alignment: WordAlignment | undefined;
  private context: ViewContext | undefined;
  private focus: readonly Word[] = [];
  private frame = 0;

  constructor(
    strings: PanelStrings,
    onHover: (word: Word | undefined) => void,
    onReveal: (word: Word) => void,
  ) {
    const title = (text: string) => element('div', { class: 'block-title' }, text);
    this.root = element(
      'div',
      { class: 'texts with-curves' },
      this.curves.canvas,
      title(strings.source),
      this.query.root,
      title(strings.output),
      this.key.root,
    );
    this.layout = new Layout(this, () => this.drawSoon());
    this.root.addEventListener('mousemove', ({ target }) => {
      const word = this.wordOf(target);
      if (word) onHover(word);
    });
    this.root.addEventListener('mouseleave', () => onHover(undefined));
    this.root.addEventListener('dblclick', ({ target }) => {
      const word = this.wordOf(target);
      if (word) onReveal(word);
    });
  }

  show(context: ViewContext, alignment: WordAlignment): void {
    const { run, strings } = context;
    this.context = context;
    this.alignment = alignment;
    this.query.set(piecesOf(alignment.source, run.source), strings.source);
    this.key.set(piecesOf(alignment.target, run.predicted), strings.output);
    this.layout.forget();
    this.mark(this.focus);
  }

  /** Words looked at: they and their partners stand out. */
  mark(focus: readonly Word[]): void {
    this.focus = focus;
    const { alignment } = this;
    if (!alignment) return;
    const marks = this.marksOf(alignment);
    this.query.mark(marks.source);
    this.key.mark(marks.target);
    this.drawSoon();
  }

  marksOf(alignment: WordAlignment): Record<PanelSide, TextMarks> {
    const looked = (side: PanelSide) =>
      new Set(this.focus.filter((word) => word.side === side).map(({ index }) => index));
    const partners = (side: PanelSide, from: PanelSide): Float32Array => {
      const weights = new Float32Array(alignment[side].length);
      for (const word of this.focus.filter((one) => one.side === from)) {
        for (const index of partnersOf(alignment.links, from, word.index)) weights[index] = 1;
      }
      return weights;
    };
    const top = coverageTop(alignment);
    return {
      source: {
        weights: partners('source', 'target'),
        anchors: looked('source'),
        lonely: alignment.lonelySource,
        bars: alignment.coverage.map((sum) => sum / top),
      },
      target: {
        weights: partners('target', 'source'),
        anchors: looked('target'),
        lonely: alignment.lonelyTarget,
      },
    };
  }

  /** Links of the words looked at last, above the others. */
  linkShapes(): Shape[] {
    const { alignment, context } = this;
    if (!alignment || !context) return [];
    const isFocused = ({ source, target }: Link) =>
      this.focus.some(({ side, index }) => (side === 'source' ? source : target) === index);
    const links = alignment.links
      .map((link) => ({
        query: link.source,
        key: link.target,
        weight: this.focus.length === 0 ? PLAIN : isFocused(link) ? 1 : BACKGROUND,
        head: 0,
      }))
      .sort((a, b) => b.weight - a.weight)
      .slice(0, this.curves.budget.most);
    const { query, key } = this.layout.all;
    return linkShapes(links, query, key, lineStyles(1, context.colours.theme.foreground), 1);
  }

  private drawSoon(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      if (!this.context || !this.root.isConnected) return;
      const shapes = this.linkShapes();
      const { clientWidth, clientHeight } = this.root;
      const { font } = this.context.colours.theme;
      this.curves.draw(shapes, clientWidth, clientHeight, font, shapes.length);
    });
  }

  private wordOf(target: EventTarget | null): Word | undefined {
    const source = this.query.indexOf(target);
    if (source !== undefined) return { side: 'source', index: source };
    const output = this.key.indexOf(target);
    return output === undefined ? undefined : { side: 'target', index: output };
  }
}

/** Coverage at which a bar is full: the greatest, but at least 1, which is a word covered once. */
export function coverageTop({ coverage }: WordAlignment): number {
  return coverage.reduce((top, sum) => Math.max(top, sum), 1);
}
