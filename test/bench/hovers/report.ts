import { cpus } from 'node:os';
import { IDLE_LOAD } from '../load';
import { type CachedHover, type HoverSamples, type Mode, MODES, type Strokes } from './samples';

/** Milliseconds: a hover from the cache, and the median of a comment of about 20 words that nobody asked for before. */
const MOST_CACHED = 10;
const MOST_COLD = 150;

/** The samples as a page for readers. `before` is the load of the machine before they were taken. */
export function hoverReport(samples: HoverSamples, before: number): string {
  const { cold, cached, long, firstLong, minified, words } = samples;
  const processor = `${cpus()[0]?.model ?? 'unknown processor'} (${cpus().length} cores)`;
  const busy = before > IDLE_LOAD ? ', **busy: not to be compared**' : '';
  return [
    '# Hovers',
    `${new Date().toISOString().slice(0, 10)}, VS Code ${samples.editor}, ${processor}, load before ${before.toFixed(2)}${busy}.`,
    `Comments of ${Math.min(...words)} to ${Math.max(...words)} words. *Headlight* is from the call of its provider to its answer; ` +
      'the *round trip* is from a command of VS Code to the answers of all providers; the *editor alone* is the same with one ' +
      'provider that gives a constant string at once in the place of Headlight’s, asked in turn with it.',
    table(
      ['', 'median ms', 'p95 ms', 'at most'],
      [
        timesRow('hover from the cache: Headlight', pick(cached, 'own'), `${MOST_CACHED} median`),
        timesRow('hover from the cache: round trip', pick(cached, 'whole'), ''),
        timesRow('hover from the cache: editor alone', pick(cached, 'editor'), ''),
        timesRow(
          'hover from the cache: round trip less editor alone, in pairs',
          cached.map(({ whole, editor }) => whole - editor),
          '',
        ),
        timesRow('cold hover, greedy: round trip', cold, `${MOST_COLD} median`),
      ],
    ),
    'Keystrokes, from the command `type` to its end. *More than without* is the median of the differences between rows of strokes ' +
      'with Headlight and without it (no listener, no provider), taken in turn, with its 95 % interval; *listeners* is what ' +
      'Headlight itself does at a keystroke; *sent* is what the extension host sends to the editor for one.',
    table(
      ['', 'median ms', 'more than without, ms', 'listeners, ms (p95)', 'sent, bytes'],
      [
        ...typingRows('100,000 lines', long),
        ...typingRows('100,000 lines, just opened', firstLong),
        ...typingRows('one line of 1 MB', minified),
      ],
    ),
    '',
  ].join('\n\n');
}

const NAMES: Readonly<Record<Mode, string>> = {
  hovers: 'hovers',
  bilingual: 'bilingual reading',
  without: 'without Headlight',
};

type AnyRound = Readonly<Partial<Record<Mode, Strokes>>>;

function typingRows(text: string, rounds: readonly AnyRound[]): string[][] {
  return MODES.filter((mode) => rounds[0]?.[mode]).map((mode) => [
    `${text}: ${NAMES[mode]}`,
    quantile(all(rounds, mode, 'whole'), 0.5).toFixed(1),
    mode === 'without' ? '' : difference(rounds, mode),
    mode === 'without' ? '' : listeners(all(rounds, mode, 'own')),
    quantile(all(rounds, mode, 'sent'), 0.5).toFixed(0),
  ]);
}

function all(rounds: readonly AnyRound[], mode: Mode, what: keyof Strokes): number[] {
  return rounds.flatMap((round) => round[mode]?.[what] ?? []);
}

function listeners(own: readonly number[]): string {
  return `${quantile(own, 0.5).toFixed(2)} (${quantile(own, 0.95).toFixed(2)})`;
}

/** The interval is that of the sign test: the order statistics between which the median lies with 95 %. */
function difference(rounds: readonly AnyRound[], mode: Mode): string {
  const median = (strokes: Strokes | undefined): number => quantile(strokes?.whole ?? [], 0.5);
  const differences = rounds
    .map((round) => median(round[mode]) - median(round.without))
    .sort((a, b) => a - b);
  const rank = signTestRank(differences.length);
  const [low, high] = [differences[rank], differences.at(-1 - rank)];
  const [middle, from, to] = [quantile(differences, 0.5), low ?? NaN, high ?? NaN].map(signed);
  return `${middle} (${from} to ${to})`;
}

/** The largest rank k, from 0, with P(fewer than k + 1 of n differences below the median) of at most 2.5 %. */
function signTestRank(n: number): number {
  let probability = 0.5 ** n;
  let below = probability;
  let rank = 0;
  for (let k = 1; k < n / 2; k++) {
    probability *= (n - k + 1) / k;
    below += probability;
    if (below > 0.025) break;
    rank = k;
  }
  return rank;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
}

function timesRow(name: string, values: readonly number[], most: string): string[] {
  return [name, quantile(values, 0.5).toFixed(1), quantile(values, 0.95).toFixed(1), most];
}

function pick(hovers: readonly CachedHover[], what: keyof CachedHover): number[] {
  return hovers.map((hover) => hover[what]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? NaN;
}
