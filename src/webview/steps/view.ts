import { isCancelled } from '../../common/errors';
import type { AttentionMap } from '../../attention/attentionMap';
import type { PanelToken } from '../../protocol/attentionRun';
import type { GenerationSteps } from '../../protocol/attentionQueries';
import { DEFAULT_PANEL_STATE } from '../../protocol/panelState';
import type { PanelStrings } from '../../protocol/panelStrings';
import { buttonControl, rangeControl } from '../controls';
import { element, visibleToken } from '../dom';
import type { ExportParts } from '../export/parts';
import { fill, formatMetric, formatShare, formatWeight } from '../format';
import { HeadPicker } from '../headPicker';
import { labelsOf, shownRow } from '../shownMap';
import { dataTable } from '../table';
import { strongest } from '../text/anchors';
import { TokenText, piecesOf } from '../text/tokenText';
import type { View, ViewContext } from '../view';
import { Candidates, hypothesesTable } from './candidates';
import { Player } from './player';
import { coverageUntil, outputTokens, rowOf } from './rows';

interface Maps {
  readonly decoder: AttentionMap;
  readonly cross: AttentionMap;
}

/** How the output came to be, token by token. */
class StepsView implements View {
  readonly id = 'steps';
  readonly root: HTMLElement;
  private readonly picker: HeadPicker;
  private readonly slider;
  private readonly player: Player;
  private readonly playButton: HTMLElement;
  private readonly still = element('p', { class: 'note' });
  private readonly candidates: Candidates;
  private readonly source = new TokenText('step-source');
  private readonly output = new TokenText('step-output');
  /** How much of both rows the filters leave. */
  private readonly kept = element('p', { class: 'note' });
  private readonly hypotheses = element('div');
  private context: ViewContext | undefined;
  private cursorTokens: ReadonlySet<number> = new Set();
  private steps: GenerationSteps | undefined;
  private maps: Maps | undefined;

  constructor(private readonly strings: PanelStrings) {
    this.picker = new HeadPicker(strings, 'cross', (change) => this.context?.update(change));
    this.player = new Player(
      () => this.go(1),
      () => this.showPlayer(),
    );
    this.playButton = buttonControl(strings.play, () => this.player.toggle());
    this.slider = rangeControl(
      strings.step,
      { min: 1, max: 1, step: 1 },
      (value) => this.describeStep(value - 1),
      (value) => this.setStep(value - 1),
    );
    this.candidates = new Candidates(strings);
    this.output.root.addEventListener('click', ({ target }) => {
      const index = this.output.indexOf(target);
      // Piece t + 1 is what step t predicts; the start token is predicted by none.
      if (index !== undefined && index > 0) this.setStep(index - 1);
    });
    this.output.root.classList.add('choosable');
    const title = (text: string) => element('div', { class: 'block-title' }, text);
    this.root = element(
      'section',
      { class: 'steps-view' },
      element(
        'div',
        { class: 'controls' },
        this.slider.root,
        buttonControl(strings.previousStep, () => this.go(-1)),
        buttonControl(strings.nextStep, () => this.go(1)),
        this.playButton,
        ...this.picker.roots,
      ),
      this.still,
      element(
        'div',
        { class: 'beside' },
        this.candidates.root,
        element(
          'div',
          { class: 'texts-of-step' },
          title(strings.crossRow),
          this.source.root,
          title(strings.decoderRow),
          this.output.root,
          this.kept,
        ),
      ),
      this.hypotheses,
    );
  }

  show(context: ViewContext): void {
    this.context = context;
    const { run, state, reducedMotion } = context;
    this.picker.show(run, state);
    this.slider.limit({ min: 1, max: Math.max(1, run.predicted.length), step: 1 });
    this.slider.set(state.step + 1);
    if (reducedMotion) this.player.stop();
    this.playButton.toggleAttribute('disabled', reducedMotion);
    this.still.textContent = reducedMotion ? this.strings.motionReduced : '';
    this.source.set(piecesOf(labelsOf(run.source, false), run.source), this.strings.source);
    const output = outputTokens(run.target, run.predicted);
    this.output.set(piecesOf(labelsOf(output, false), output), this.strings.output);
    this.showStep();
    void this.load(context);
  }

  hide(): void {
    this.player.stop();
    this.context?.mark('source', [], []);
    this.context?.mark('target', [], []);
  }

  cursor(indices: readonly number[]): void {
    this.cursorTokens = new Set(indices);
    this.showStep();
  }

  table(): HTMLElement | undefined {
    const { context, maps, strings } = this;
    if (!context || !maps) return undefined;
    const { run, state, locale } = context;
    const { cross, prefix, covered } = rowsOf(context, maps);
    const rows = [
      ...strongest(cross, 10).map((key) => [
        visibleToken(run.source[key]?.text ?? ''),
        strings.source,
        formatWeight(cross[key] ?? 0, locale),
        formatMetric(covered[key] ?? 0, locale),
      ]),
      ...strongest(prefix, 10).map((key) => [
        visibleToken(run.target[key]?.text ?? ''),
        strings.output,
        formatWeight(prefix[key] ?? 0, locale),
        '',
      ]),
    ];
    const columns = [strings.key, strings.side, strings.weight, strings.coverage];
    return dataTable(`${strings.stepTable}: ${this.describeStep(state.step)}`, columns, rows);
  }

  exports(): ExportParts | undefined {
    const { steps, context } = this;
    if (!steps || !context) return undefined;
    const named = (omitText: boolean, text: string) => (omitText ? [] : [text]);
    return {
      json: ({ omitText }) => (omitText ? withoutText(steps) : steps),
      csv: ({ omitText }) => [
        {
          name: 'candidates',
          rows: [
            ['step', 'rank', 'probability', 'chosen', ...named(omitText, 'text')],
            ...steps.steps.flatMap(({ candidates, chosen }, step) =>
              candidates.map(({ text, probability }, index) => [
                step,
                index + 1,
                probability,
                index + 1 === chosen.rank ? 1 : 0,
                ...named(omitText, text),
              ]),
            ),
          ],
        },
        {
          name: 'hypotheses',
          rows: [
            ['rank', 'log_probability', 'score', ...named(omitText, 'text')],
            ...steps.hypotheses.map(({ text, logProbability, score }, index) => [
              index + 1,
              logProbability,
              score,
              ...named(omitText, text),
            ]),
          ],
        },
      ],
    };
  }

  private async load(context: ViewContext): Promise<void> {
    const { run, state } = context;
    const layer = Math.min(state.layer, run.decoderLayers - 1);
    try {
      const [steps, decoder, cross] = await Promise.all([
        context.ask('steps', {}),
        context.map('decoder', layer, state.head),
        context.map('cross', layer, state.head),
      ]);
      if (context !== this.context) return;
      this.steps = steps;
      this.maps = { decoder, cross };
    } catch (error) {
      if (isCancelled(error) || context !== this.context) return;
      this.steps = undefined;
      this.maps = undefined;
    }
    if (this.steps) {
      this.hypotheses.replaceChildren(
        hypothesesTable(this.strings, this.steps, run, context.locale, (hypothesis) =>
          context.showHypothesis(hypothesis),
        ),
      );
    }
    this.showStep();
    context.changed();
  }

  private showStep(): void {
    const { context, maps } = this;
    if (!context) return;
    const { run, state, locale } = context;
    const { step } = state;
    this.candidates.show(this.steps?.steps[step], locale);
    this.slider.set(step + 1);
    if (!maps || maps.cross.keys !== run.source.length) return;
    const { cross, prefix, covered, kept } = rowsOf(context, maps);
    const dims = (token: PanelToken | undefined): boolean =>
      state.specials === 'dim' && token?.special === true;
    this.source.mark({
      weights: cross,
      bars: covered,
      cursor: this.cursorTokens,
      faint: (index) => dims(run.source[index]),
    });
    this.output.mark({
      weights: prefix,
      anchors: new Set([step + 1]),
      faint: (index) => index > step + 1 || dims(run.target[index]),
    });
    this.kept.textContent = kept.every((share) => share > 0.9995)
      ? ''
      : [this.strings.source, this.strings.output]
          .map(
            (name, at) => `${name}: ${fill(this.strings.kept, formatShare(kept[at] ?? 1, locale))}`,
          )
          .join('; ');
    context.mark('source', [...cross.keys()], cross);
    const written = step + 1 < run.target.length ? [step + 1] : [];
    context.mark('target', written, [1]);
  }

  private describeStep(step: number): string {
    const { context, strings } = this;
    if (!context) return '';
    const { predicted } = context.run;
    return fill(
      strings.stepOf,
      step + 1,
      predicted.length,
      visibleToken(predicted[step]?.text ?? ''),
    );
  }

  /** @returns whether there is a further step in this direction */
  private go(by: number): boolean {
    const { context } = this;
    if (!context) return false;
    const last = context.run.predicted.length - 1;
    const to = Math.max(0, Math.min(last, context.state.step + by));
    this.setStep(to);
    return to > 0 && to < last;
  }

  private setStep(step: number): void {
    const { context } = this;
    if (!context || step === context.state.step) return;
    context.update({ step });
    // The slider says its own value; buttons, clicks and playing do not.
    const chosen = this.steps?.steps[step]?.chosen;
    if (chosen) context.announce(this.describeStep(step));
  }

  private showPlayer(): void {
    this.playButton.textContent = this.player.playing ? this.strings.pause : this.strings.play;
  }
}

/** What the step looks at, as the filters leave it; coverage is counted before the threshold. */
function rowsOf({ run, state }: ViewContext, maps: Maps) {
  const { step, specials } = state;
  const cross = shownRow(rowOf(maps.cross, step), run.source, state);
  const prefix = shownRow(rowOf(maps.decoder, step), run.target, state);
  const filters = { specials, threshold: DEFAULT_PANEL_STATE.threshold };
  const covered = coverageUntil(
    maps.cross,
    step,
    (row) => shownRow(row, run.source, filters).weights,
  );
  return {
    cross: cross.weights,
    prefix: prefix.weights,
    covered,
    kept: [cross.kept, prefix.kept],
  };
}

/** Probabilities and ranks only. */
function withoutText({ steps, hypotheses }: GenerationSteps) {
  return {
    steps: steps.map(({ candidates, chosen: { probability, rank } }) => ({
      candidates: candidates.map((one) => ({ probability: one.probability })),
      chosen: { probability, rank },
    })),
    hypotheses: hypotheses.map(({ logProbability, score }) => ({ logProbability, score })),
  };
}

export function createStepsView(strings: PanelStrings): View {
  return new StepsView(strings);
}
