import { HEAD_METRICS, metricOf, type AttentionRun } from '../../protocol/attentionRun';
import type { HeadChoice } from '../../protocol/panelState';
import type { PanelStrings } from '../../protocol/panelStrings';
import { fill, formatMetric } from '../format';
import { keyTokens } from '../shownMap';
import { visibleToken } from '../dom';
import { badgesOf } from './badges';

/** Badges in words, the token of a sink among them. */
export function badgeTexts(run: AttentionRun, choice: HeadChoice, strings: PanelStrings): string[] {
  const { kind, layer, head } = choice;
  const metric = (name: (typeof HEAD_METRICS)[number]): number =>
    metricOf(run, kind, layer, head, name);
  return badgesOf(metric, kind === 'cross').map((badge) => {
    const text = strings[`badge_${badge}`];
    return badge === 'sink' ? fill(text, tokenText(run, choice, metric('sinkKey'))) : text;
  });
}

function tokenText(run: AttentionRun, choice: HeadChoice, key: number): string {
  return visibleToken(keyTokens(run, choice.kind)[key]?.text ?? '');
}

/** A head in words, for the line under the grid and for a screen reader. */
export function describeHead(
  run: AttentionRun,
  choice: HeadChoice,
  strings: PanelStrings,
  locale: string,
): string {
  const { kind, layer, head } = choice;
  const name = `${strings[kind]}, ${strings.layer} ${layer + 1}, ${strings.head} ${head + 1}`;
  const badges = badgeTexts(run, choice, strings);
  const metrics = SPOKEN.map((metric) => ({
    metric,
    value: metricOf(run, kind, layer, head, metric),
  }))
    .filter(({ value }) => !Number.isNaN(value))
    .map(({ metric, value }) => `${strings[metric]} ${formatMetric(value, locale)}`);
  return `${[name, ...badges].join(', ')}. ${metrics.join(', ')}.`;
}

/** The rest is in the table: nobody listens to seventeen numbers. */
const SPOKEN = ['entropy', 'confidence', 'previous', 'self', 'next', 'sinkMass'] as const;

/** All metrics of all heads, for the table and the export. Numbers as they are; the sink's token by its number from 1. */
export function metricRows(run: AttentionRun, heads: readonly HeadChoice[]): (string | number)[][] {
  return heads.map(({ kind, layer, head }) => [
    kind,
    layer + 1,
    head + 1,
    ...HEAD_METRICS.map((metric) => {
      const value = metricOf(run, kind, layer, head, metric);
      return metric === 'sinkKey' ? value + 1 : value;
    }),
  ]);
}
