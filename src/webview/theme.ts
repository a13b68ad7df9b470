/** Colours of the editor for what is drawn on a canvas, which does not follow the style sheet by itself. */
export interface ThemeColours {
  readonly foreground: string;
  readonly muted: string;
  readonly background: string;
  readonly border: string;
  readonly focus: string;
  readonly accent: string;
  readonly font: string;
}

export function isLightTheme(): boolean {
  const classes = document.body.classList;
  return classes.contains('vscode-light') || classes.contains('vscode-high-contrast-light');
}

export function isReducedMotion(): boolean {
  return (
    document.body.classList.contains('vscode-reduce-motion') ||
    matchMedia('(prefers-reduced-motion: reduce)').matches
  );
}

export function usesScreenReader(): boolean {
  return document.body.classList.contains('vscode-using-screen-reader');
}

export function readTheme(): ThemeColours {
  const style = getComputedStyle(document.body);
  const light = isLightTheme();
  const variable = (names: readonly string[], otherwise: string): string => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value !== '') return value;
    }
    return otherwise;
  };
  return {
    foreground: variable(['foreground', 'editor-foreground'], light ? '#3b3b3b' : '#cccccc'),
    muted: variable(['descriptionForeground', 'foreground'], light ? '#555555' : '#a0a0a0'),
    background: variable(['editor-background'], light ? '#ffffff' : '#1f1f1f'),
    border: variable(['contrastBorder', 'panel-border'], light ? '#c8c8c8' : '#4a4a4a'),
    focus: variable(['focusBorder'], light ? '#005fb8' : '#0078d4'),
    accent: variable(['charts-orange', 'focusBorder'], light ? '#b34c00' : '#e8a33d'),
    font: variable(['font-family'], 'sans-serif'),
  };
}

/** The editor changes classes of the body when the theme or a setting of accessibility changes. */
export function onThemeChange(listener: () => void): void {
  new MutationObserver(listener).observe(document.body, { attributeFilter: ['class'] });
  new MutationObserver(listener).observe(document.documentElement, { attributeFilter: ['style'] });
}
