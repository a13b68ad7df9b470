import { toPharaoh } from '../../attention/alignment';
import { meanMap } from '../../attention/attentionMap';
import { isCancelled } from '../../common/errors';
import type { AttentionRun } from '../../protocol/attentionRun';
import type { PanelStrings } from '../../protocol/panelStrings';
import { scenePng, sceneSvg, type Scene } from '../drawing/scene';
import { element } from '../dom';
import type { ExportParts } from '../export/parts';
import { fill, formatMetric, formatWeight } from '../format';
import type { GridPlace } from '../gridProxy';
import { markedQueries } from '../shownMap';
import { dataTable } from '../table';
import { linesOf } from '../text/anchors';
import type { View, ViewContext } from '../view';
import { AlignmentControls } from './controls';
import { AlignmentGrid } from './grid';
import { WordTexts, coverageTop, type Word } from './texts';
import { alignedWords, partnersOf, type WordAlignment } from './words';

/** Which words of the output belong to which of the source, by encoder-decoder attention. */
class AlignmentView implements View {
  readonly id = 'alignment';
  readonly root: HTMLElement;
  private readonly controls: AlignmentControls;
  private readonly texts: WordTexts;
  private readonly grid: AlignmentGrid;
  private readonly summary = element('p', { class: 'reading' });
  private readonly legend = element('p', { class: 'note' });
  private context: ViewContext | undefined;
  private alignment: WordAlignment | undefined;

  constructor(private readonly strings: PanelStrings) {
    this.controls = new AlignmentControls(
      strings,
      (alignment) => this.context?.update({ alignment }),
      () => this.copy(),
    );
    this.texts = new WordTexts(
      strings,
      (word) => this.look(word ? [word] : []),
      (word) => this.reveal(word),
    );
    this.grid = new AlignmentGrid(strings.alignmentGrid, {
      name: (place) => this.describe(place),
      isSelected: (place) => this.grid.isAligned(place),
      hover: (place) => this.look(place ? wordsAt(place) : []),
      move: (place) => {
        this.look(wordsAt(place));
        this.context?.announce(this.describe(place));
      },
      key: ({ key }, place) => {
        if (key === 'Escape') this.look([]);
        else if (key === 'Enter') this.reveal({ side: 'source', index: place.column });
        else return false;
        return true;
      },
      reveal: ({ column }) => this.reveal({ side: 'source', index: column }),
    });
    this.root = element(
      'section',
      { class: 'alignment-view' },
      this.controls.root,
      this.summary,
      this.texts.root,
      this.legend,
      element('p', { class: 'note' }, strings.alignmentGrid),
      this.grid.proxy.root,
    );
  }

  show(context: ViewContext): void {
    this.context = context;
    this.controls.show(context.run, context.state.alignment);
    void this.load(context);
  }

  hide(): void {
    this.look([]);
  }

  cursor(indices: readonly number[]): void {
    const lines = linesOf(this.alignment?.source ?? [], indices);
    this.texts.mark(lines.map((index) => ({ side: 'source', index })));
  }

  table(): HTMLElement | undefined {
    const { alignment, context, strings } = this;
    if (!alignment || !context) return undefined;
    const columns = [strings.word, strings.side, strings.partners, strings.coverage];
    const rows = (['source', 'target'] as const).flatMap((side) =>
      alignment[side].map(({ text }, word) => [
        text,
        side === 'source' ? strings.source : strings.output,
        this.partners(side, word),
        side === 'source' ? formatMetric(alignment.coverage[word] ?? 0, context.locale) : '',
      ]),
    );
    return dataTable(strings.alignmentTable, columns, rows);
  }

  exports(): ExportParts | undefined {
    const { alignment, context } = this;
    if (!alignment || !context) return undefined;
    const { links, source, target, coverage, grid } = alignment;
    return {
      png: (scale, { omitText }) => scenePng(this.scene(context, omitText), scale),
      svg: ({ omitText }) => sceneSvg(this.scene(context, omitText)),
      pharaoh: () => toPharaoh(links),
      json: ({ omitText }) => ({
        links,
        coverage: [...coverage],
        ...(omitText
          ? {}
          : { source: source.map(({ text }) => text), target: target.map(({ text }) => text) }),
      }),
      csv: ({ omitText }) => [
        {
          name: 'alignment',
          rows: [
            ['source', 'target', 'weight', ...(omitText ? [] : ['source_text', 'target_text'])],
            ...links.map((link) => [
              link.source,
              link.target,
              grid[link.target * source.length + link.source] ?? 0,
              ...(omitText
                ? []
                : [source[link.source]?.text ?? '', target[link.target]?.text ?? '']),
            ]),
          ],
        },
        {
          name: 'coverage',
          rows: [
            ['source', 'coverage', ...(omitText ? [] : ['source_text'])],
            ...source.map(({ text }, word) => [
              word,
              coverage[word] ?? 0,
              ...(omitText ? [] : [text]),
            ]),
          ],
        },
      ],
    };
  }

  private async load(context: ViewContext): Promise<void> {
    const { run, state } = context;
    const { layer, heads, mode } = state.alignment;
    try {
      const chosen = heads.length === 0 ? [-1] : heads;
      const maps = await Promise.all(chosen.map((head) => context.map('cross', layer, head)));
      if (context !== this.context) return;
      this.alignment = alignedWords(run, meanMap(maps), mode);
    } catch (error) {
      if (isCancelled(error) || context !== this.context) return;
      this.alignment = undefined;
    }
    const { alignment, strings } = this;
    if (!alignment) return;
    const { source, target, lonelySource, lonelyTarget } = alignment;
    this.summary.textContent = `${fill(
      strings.alignedCount,
      source.length - lonelySource.size,
      source.length,
      target.length - lonelyTarget.size,
      target.length,
    )}.`;
    const top = formatMetric(coverageTop(alignment), context.locale);
    this.legend.textContent = fill(strings.coverageLegend, top);
    this.texts.show(context, alignment);
    this.grid.show(context, alignment);
    context.changed();
  }

  /** Words stand out with their partners, here and in the editor. */
  private look(words: readonly Word[]): void {
    const { context, alignment } = this;
    this.texts.mark(words);
    if (!context || !alignment) return;
    const marked = { source: new Set<number>(), target: new Set<number>() };
    for (const { side, index } of words) {
      marked[side].add(index);
      // Of a cell both words are looked at; their other partners are not.
      if (words.length > 1) continue;
      const other = side === 'source' ? 'target' : 'source';
      for (const partner of partnersOf(alignment.links, side, index)) marked[other].add(partner);
    }
    for (const side of ['source', 'target'] as const) {
      const tokens = [...marked[side]].flatMap((word) =>
        tokensOf(context.run, alignment, { side, index: word }),
      );
      context.mark(
        side,
        tokens,
        tokens.map(() => 1),
      );
    }
  }

  private reveal(word: Word): void {
    const { context, alignment } = this;
    const token = context && alignment ? tokensOf(context.run, alignment, word)[0] : undefined;
    if (token !== undefined) context?.reveal(word.side, token);
  }

  private copy(): void {
    const { context, alignment, strings } = this;
    if (!context || !alignment) return;
    const text = toPharaoh(alignment.links);
    context.copy(text);
    context.announce(fill(strings.copied, text));
  }

  private describe(place: GridPlace): string {
    const { alignment, context, strings } = this;
    if (!alignment || !context) return '';
    const { row, column } = place;
    const weight = alignment.grid[row * alignment.source.length + column] ?? 0;
    const state = this.grid.isAligned(place) ? strings.aligned : '';
    const place1 = fill(strings.place, row + 1, alignment.target.length);
    const place2 = fill(strings.place, column + 1, alignment.source.length);
    const parts = [
      `${strings.output} ${alignment.target[row]?.text ?? ''}, ${place1}`,
      `${strings.source} ${alignment.source[column]?.text ?? ''}, ${place2}`,
      `${strings.weight} ${formatWeight(weight, context.locale)}`,
      state,
    ];
    return parts.filter((part) => part !== '').join('. ');
  }

  private partners(side: 'source' | 'target', word: number): string {
    const { alignment, strings } = this;
    const other = alignment?.[side === 'source' ? 'target' : 'source'];
    const names = partnersOf(alignment?.links ?? [], side, word).map(
      (index) => other?.[index]?.text ?? '',
    );
    return names.length > 0 ? names.join(', ') : strings.unaligned;
  }

  private scene({ colours }: ViewContext, omitText: boolean): Scene {
    const { width, height } = this.grid.extent;
    return {
      width,
      height,
      background: colours.theme.background,
      font: colours.theme.font,
      shapes: this.grid.shapes({ x: 0, y: 0 }, omitText),
    };
  }
}

function wordsAt({ row, column }: GridPlace): Word[] {
  return [
    { side: 'source', index: column },
    { side: 'target', index: row },
  ];
}

/** Places in `run.source` or `run.target`, as the editor knows them. */
function tokensOf(run: AttentionRun, alignment: WordAlignment, { side, index }: Word): number[] {
  const label = alignment[side][index];
  if (!label) return [];
  return side === 'source' ? [...label.tokens] : markedQueries(run, 'cross', label, 'predicted');
}

export function createAlignmentView(strings: PanelStrings): View {
  return new AlignmentView(strings);
}
