import { SPECIAL_MODES, type PanelState } from '../../protocol/panelState';
import { ATTENTION_KINDS, layersOf, type AttentionRun } from '../../protocol/attentionRun';
import { onlyHead } from '../state';

/** What a single key does inside a grid, besides moving in it: a change of the state, or something of the shell's. */
export type GridAction =
  { readonly change: Partial<PanelState> } | { readonly command: 'search' | 'export' | 'help' };

/**
 * Keys `[ ] { } K S W / E ?`; undefined for all others. `P`, Enter and Escape belong to the view. Only for a grid in focus
 * and only if single keys are on (WCAG 2.1.4).
 */
export function gridAction(
  key: string,
  state: PanelState,
  run: AttentionRun,
): GridAction | undefined {
  const { kind, layer, head } = state;
  switch (key) {
    case '[':
      return { change: onlyHead({ kind, layer, head: wrap(head - 1, run.heads) }) };
    case ']':
      return { change: onlyHead({ kind, layer, head: wrap(head + 1, run.heads) }) };
    case '{':
      return { change: onlyHead({ kind, layer: wrap(layer - 1, layersOf(run, kind)), head }) };
    case '}':
      return { change: onlyHead({ kind, layer: wrap(layer + 1, layersOf(run, kind)), head }) };
    case 'k':
    case 'K': {
      const next = following(ATTENTION_KINDS, kind);
      const last = Math.max(0, layersOf(run, next) - 1);
      return { change: onlyHead({ kind: next, layer: Math.min(layer, last), head }) };
    }
    case 's':
    case 'S':
      return { change: { specials: following(SPECIAL_MODES, state.specials) } };
    case 'w':
    case 'W':
      return { change: { words: !state.words } };
    case '/':
      return { command: 'search' };
    case 'e':
    case 'E':
      return { command: 'export' };
    case '?':
      return { command: 'help' };
    default:
      return undefined;
  }
}

function wrap(value: number, count: number): number {
  return (value + count) % count;
}

function following<T>(all: readonly T[], one: T): T {
  const next = all[(all.indexOf(one) + 1) % all.length];
  return next ?? one;
}
