import { quantile } from '../measure';
import { BUDGETS, type BudgetName } from './budgets';
import type { LinesResult, Samples } from './measurePage';

export interface PanelReport {
  readonly date: string;
  readonly cpu: string;
  readonly browser: string;
  /** Load average of the last minute, before and after. */
  readonly load: readonly [number, number];
  readonly busy: boolean;
  readonly repetitions: number;
  readonly pages: readonly Samples[];
  /** Of a real VS Code with the model that comes with the extension, on one sentence; absent if it was left out. */
  readonly editor?: Partial<Record<BudgetName, readonly number[]>>;
}

export function panelMarkdown(report: PanelReport): string {
  const { pages, editor } = report;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const names = Object.keys(BUDGETS) as BudgetName[];
  const columns = pages.map(({ tokens }) => `${tokens} tokens`);
  const rows = names
    .filter((name) => pages.some(({ times }) => times[name]))
    .map((name) => [
      titleOf(name),
      budgetOf(name),
      ...pages.map(({ times }) => cellOf(name, times[name])),
    ]);
  const editorRows = names
    .filter((name) => editor?.[name])
    .map((name) => [titleOf(name), budgetOf(name), cellOf(name, editor?.[name])]);
  const [before, after] = report.load.map((load) => load.toFixed(2));
  return [
    '# Speed of the attention panel',
    '',
    ...(report.busy
      ? ['**The machine was busy with other work: these figures mean little.**', '']
      : []),
    `${report.date}, ${report.cpu}, ${report.browser} without a window and without a GPU, load average ${before} before and ${after} after. ` +
      `Milliseconds, median / 95th percentile of ${report.repetitions} unless the row says otherwise; in bold what is over its budget. ` +
      '6 + 6 layers of 8 heads, as many target tokens as source tokens, a window of 1,800 by 1,800 pixels.',
    '',
    line(['', 'budget', ...columns]),
    line(['---', '---:', ...columns.map(() => '---:')]),
    ...rows.map(line),
    '',
    ...(editorRows.length > 0
      ? [
          'In a real VS Code in the same browser, with the model that comes with the extension, one sentence:',
          '',
          line(['', 'budget', 'measured']),
          line(['---', '---:', '---:']),
          ...editorRows.map(line),
          '',
        ]
      : []),
    'The same maps of one kind (48 heads) as one SVG line for each cell, the way of BertViz and its kin, in the same browser:',
    '',
    line(['', ...columns]),
    line(['---', ...columns.map(() => '---:')]),
    line(['lines', ...pages.map(({ lines }) => lines.all.toLocaleString('en'))]),
    line(['until all are on the screen', ...pages.map(({ lines }) => drawn(lines))]),
    line([
      'hover, median',
      ...pages.map(({ lines }) =>
        lines.hover.length > 0 ? time(quantile(lines.hover, 0.5)) : '–',
      ),
    ]),
    '',
  ].join('\n');
}

function titleOf(name: BudgetName): string {
  return BUDGETS[name].name;
}

function budgetOf(name: BudgetName): string {
  const { most, statistic } = BUDGETS[name];
  return statistic === 'value' ? String(most) : `${most} (${statistic})`;
}

function cellOf(name: BudgetName, samples: readonly number[] | undefined): string {
  if (!samples || samples.length === 0) return '–';
  const { most, statistic } = BUDGETS[name];
  const [median, p95] = [quantile(samples, 0.5), quantile(samples, 0.95)];
  const text = statistic === 'value' ? time(median) : `${time(median)} / ${time(p95)}`;
  const judged = statistic === 'p95' ? p95 : median;
  return judged > most ? `**${text}**` : text;
}

function drawn({ milliseconds, drawn: count, all }: LinesResult): string {
  if (count === all) return time(milliseconds);
  const share = ((100 * count) / all).toFixed(0);
  return `not in ${time(milliseconds)} (${share} % made)`;
}

function time(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(2) : milliseconds.toFixed(0);
}
