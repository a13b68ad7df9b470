import {
  DEFAULT_PANEL_STATE,
  MOST_HEADS,
  type HeadChoice,
  type PanelState,
} from '../protocol/panelState';

export function sameHead(a: HeadChoice, b: HeadChoice): boolean {
  return a.kind === b.kind && a.layer === b.layer && a.head === b.head;
}

/** The head in focus: `state` holds it among other things. */
export function focusOf({ kind, layer, head }: HeadChoice): HeadChoice {
  return { kind, layer, head };
}

/** One to four heads of the kind in focus, the focused one among them. */
export function shownHeads(state: PanelState): readonly HeadChoice[] {
  const focus = focusOf(state);
  const heads = state.heads.filter(
    (one, at) =>
      one.kind === focus.kind && state.heads.findIndex((other) => sameHead(one, other)) === at,
  );
  return heads.some((one) => sameHead(one, focus)) ? heads.slice(0, MOST_HEADS) : [focus];
}

/** A head is added to those shown or taken away; heads of another kind begin anew. The last one stays. */
export function toggledHead(state: PanelState, choice: HeadChoice): Partial<PanelState> {
  const shown = state.kind === choice.kind ? shownHeads(state) : [];
  const without = shown.filter((one) => !sameHead(one, choice));
  if (without.length === shown.length) {
    return { ...focusOf(choice), heads: [...shown.slice(-(MOST_HEADS - 1)), focusOf(choice)] };
  }
  const [first] = without;
  return first ? { ...first, heads: without } : {};
}

/** A head alone, as a click chooses it. */
export function onlyHead(choice: HeadChoice): Partial<PanelState> {
  return { ...focusOf(choice), heads: [], average: false };
}

/** The longest state that the editor is asked to keep, in UTF-16 units of JSON. */
const MOST_STATE = 16 * 1024;

/** What the editor is to keep: no text, which a search for a word of the selection would be. */
export function keptState(state: PanelState): PanelState {
  const kept = { ...state, search: '' };
  const fits = JSON.stringify(kept).length <= MOST_STATE;
  return fits ? kept : { ...kept, pins: DEFAULT_PANEL_STATE.pins };
}
