/** Controls that look and behave as the editor's own. Each has a visible label that is its accessible name, too. */
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { VscodeButton } from '@vscode-elements/elements/dist/vscode-button/index.js';
import type { VscodeCheckbox } from '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import type { VscodeTextfield } from '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { element } from './dom';

export interface Control<T> {
  readonly root: HTMLElement;
  /** Sets what is shown, without a call to the listener. */
  set(value: T): void;
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
}

/** Numbered from 1 as they are shown, from 0 as they are counted: `Layer 1` is the choice `0`. */
export function numbered(count: number, name: string): Choice<string>[] {
  return Array.from({ length: count }, (_, index) => ({
    value: String(index),
    label: `${name} ${index + 1}`,
  }));
}

export interface SelectControl<T extends string> extends Control<T> {
  offer(choices: readonly Choice<T>[]): void;
}

/**
 * The browser's own list in the editor's colours: the elements' package has one too, but with all it brings along it is a
 * quarter of what the bundle may weigh.
 */
export function selectControl<T extends string>(
  label: string,
  choices: readonly Choice<T>[],
  onChange: (value: T) => void,
): SelectControl<T> {
  const select = element('select');
  let offered: readonly Choice<T>[] = [];
  const offer = (next: readonly Choice<T>[]): void => {
    const same =
      next.length === offered.length &&
      next.every(({ value, label: text }, at) => {
        const old = offered[at];
        return old?.value === value && old.label === text;
      });
    // An open list would close.
    if (same) return;
    offered = next;
    select.replaceChildren(
      ...next.map(({ value, label: text }) => element('option', { value }, text)),
    );
  };
  offer(choices);
  select.addEventListener('change', () => {
    const chosen = offered.find(({ value }) => value === select.value);
    if (chosen) onChange(chosen.value);
  });
  const name = element('span', { class: 'control-label' }, label);
  const root = element('label', { class: 'control' }, name, select);
  return { root, offer, set: (value) => (select.value = value) };
}

export function checkboxControl(
  label: string,
  onChange: (checked: boolean) => void,
): Control<boolean> {
  const box: VscodeCheckbox = document.createElement('vscode-checkbox');
  box.setAttribute('label', label);
  box.addEventListener('change', () => onChange(box.checked));
  return { root: box, set: (checked) => (box.checked = checked) };
}

export interface TextControl extends Control<string> {
  focus(): void;
}

/** A line of text; the listener is called at every change. */
export function textControl(
  label: string,
  placeholder: string,
  onChange: (text: string) => void,
): TextControl {
  const field: VscodeTextfield = document.createElement('vscode-textfield');
  field.label = label;
  field.placeholder = placeholder;
  field.addEventListener('input', () => onChange(field.value));
  const root = element('div', { class: 'control' });
  root.append(element('span', { class: 'control-label', 'aria-hidden': 'true' }, label), field);
  return {
    root,
    focus: () => field.focus(),
    // Writing into a field that is typed in would move the cursor.
    set: (text) => {
      if (field.value !== text) field.value = text;
    },
  };
}

export interface RangeLimits {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

export interface RangeControl extends Control<number> {
  limit(limits: RangeLimits): void;
}

/** A slider with its value in words beside it. The elements' package has none. */
export function rangeControl(
  label: string,
  limits: RangeLimits,
  describe: (value: number) => string,
  onChange: (value: number) => void,
): RangeControl {
  const input = element('input', { type: 'range', 'aria-label': label });
  const output = element('output');
  const show = (): void => {
    output.textContent = describe(Number(input.value));
    input.setAttribute('aria-valuetext', output.textContent);
  };
  const limit = ({ min, max, step }: RangeLimits): void => {
    input.min = String(min);
    input.max = String(max);
    input.step = String(step);
  };
  limit(limits);
  input.addEventListener('input', () => {
    show();
    onChange(Number(input.value));
  });
  const name = element('span', { class: 'control-label', 'aria-hidden': 'true' }, label);
  const root = element('div', { class: 'control' }, name, input, output);
  return {
    root,
    limit,
    set: (value) => {
      input.value = String(value);
      show();
    },
  };
}

export function buttonControl(label: string, onClick: () => void, secondary = true): HTMLElement {
  const button: VscodeButton = document.createElement('vscode-button');
  button.secondary = secondary;
  button.textContent = label;
  button.addEventListener('click', onClick);
  return button;
}
