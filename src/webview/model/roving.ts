/** One tab stop for the buttons of an element; arrows move among them (the ARIA toolbar pattern). */
export function rove(root: HTMLElement): void {
  root.addEventListener('keydown', (event) => {
    const buttons = buttonsOf(root);
    const at = buttons.findIndex((button) => button === event.target);
    const to = {
      ArrowDown: at + 1,
      ArrowRight: at + 1,
      ArrowUp: at - 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: buttons.length - 1,
    }[event.key];
    const next = at < 0 || to === undefined ? undefined : buttons[to];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  // Whatever is focused, by a click too, is where Tab comes back to.
  root.addEventListener('focusin', ({ target }) => {
    for (const button of buttonsOf(root)) button.tabIndex = button === target ? 0 : -1;
  });
}

/** After a change of the buttons: the first is the tab stop. */
rove.reset = (root: HTMLElement): void => {
  buttonsOf(root).forEach((button, index) => (button.tabIndex = index === 0 ? 0 : -1));
};

function buttonsOf(root: HTMLElement): HTMLButtonElement[] {
  return [...root.querySelectorAll('button')];
}
