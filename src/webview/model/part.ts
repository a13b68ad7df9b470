import { isCancelled } from '../../common/errors';
import type {
  AttentionQueryName,
  AttentionQueryParams,
  AttentionQueryResult,
} from '../../protocol/attentionQueries';
import type { CsvTable, ExportOptions } from '../export/parts';
import type { ViewContext } from '../view';

/** One section of the model view. It is shown while it is unfolded only, so that nothing is computed that nobody looks at. */
export interface Part {
  readonly title: string;
  readonly root: HTMLElement;
  /** Called when the section is unfolded and whenever anything in the context has changed. */
  show(context: ViewContext): void;
  /** What the section draws and does not write. */
  table?(): HTMLElement | undefined;
  csv?(options: ExportOptions): readonly CsvTable[];
}

/** Answers in the order of the questions: one that comes after a newer question is dropped. */
export class Latest {
  private asked = 0;

  ask<N extends AttentionQueryName>(
    context: ViewContext,
    name: N,
    params: AttentionQueryParams<N>,
    use: (result: AttentionQueryResult<N>) => void,
    failed: () => void = () => undefined,
  ): void {
    const number = ++this.asked;
    context.ask(name, params).then(
      (result) => {
        if (number === this.asked) use(result);
      },
      (error: unknown) => {
        // The shell says what failed; of another run nothing is to be said.
        if (number === this.asked && !isCancelled(error)) failed();
      },
    );
  }
}

/** Several numbers of one kind in the language of the display. */
export function formatCount(count: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(count);
}

/** A number of any size with as many digits as can be told apart in a table. */
export function formatNumber(value: number, locale: string): string {
  if (value !== 0 && Math.abs(value) < 5e-4) return value.toExponential(1);
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(value);
}

/** Three decimals, so that the numbers of a column line up. */
export function formatFixed(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: 3,
    maximumFractionDigits: 3,
  }).format(value);
}

/** `[S, 512]` */
export function formatShape(shape: readonly (number | string)[]): string {
  return shape.length === 0 ? '' : `[${shape.join(', ')}]`;
}
