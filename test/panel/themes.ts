/** Colours of the editor's four kinds of theme, as far as the panel uses them, near those of the built-in ones. */

export type ThemeName = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

interface Theme {
  /** Of the body, as the editor sets them. */
  readonly classes: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

interface Palette {
  readonly background: string;
  readonly foreground: string;
  readonly faint: string;
  readonly border: string;
  readonly focus: string;
  readonly input: string;
  readonly accent: string;
  readonly onAccent: string;
  readonly hover: string;
}

function variables(palette: Palette): Readonly<Record<string, string>> {
  const { background, foreground, faint, border, focus, input, accent, onAccent, hover } = palette;
  return {
    'font-family': 'sans-serif',
    'font-size': '13px',
    'font-weight': 'normal',
    'editor-font-family': 'monospace',
    'editor-font-size': '14px',
    foreground,
    descriptionForeground: faint,
    disabledForeground: faint,
    errorForeground: foreground,
    'icon-foreground': foreground,
    focusBorder: focus,
    'textLink-foreground': focus,
    'editor-background': background,
    'editor-foreground': foreground,
    'panel-border': border,
    'widget-border': border,
    'editorWidget-background': input,
    'editorWidget-foreground': foreground,
    'editorHoverWidget-background': input,
    'editorHoverWidget-foreground': foreground,
    'editorHoverWidget-border': border,
    'badge-background': accent,
    'badge-foreground': onAccent,
    'button-background': accent,
    'button-foreground': onAccent,
    'button-hoverBackground': accent,
    'button-secondaryBackground': hover,
    'button-secondaryForeground': foreground,
    'button-border': border,
    'dropdown-background': input,
    'dropdown-foreground': foreground,
    'dropdown-border': border,
    'input-background': input,
    'input-foreground': foreground,
    'input-placeholderForeground': faint,
    'settings-textInputBackground': input,
    'settings-textInputForeground': foreground,
    'settings-dropdownBackground': input,
    'settings-dropdownForeground': foreground,
    'settings-dropdownBorder': border,
    'settings-dropdownListBorder': border,
    'settings-checkboxBackground': input,
    'settings-checkboxForeground': foreground,
    'settings-checkboxBorder': border,
    'list-hoverBackground': hover,
    'list-hoverForeground': foreground,
    'list-activeSelectionBackground': hover,
    'list-activeSelectionForeground': foreground,
    'list-focusOutline': focus,
    'charts-blue': focus,
    'charts-foreground': foreground,
  };
}

const contrast = { contrastBorder: '#6fc3df', contrastActiveBorder: '#f38518' };
const contrastLight = { contrastBorder: '#0f4a85', contrastActiveBorder: '#006bbd' };

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  dark: {
    classes: ['vscode-dark'],
    variables: variables({
      background: '#1f1f1f',
      foreground: '#cccccc',
      faint: '#9d9d9d',
      border: '#3c3c3c',
      focus: '#4daafc',
      input: '#313131',
      accent: '#0078d4',
      onAccent: '#ffffff',
      hover: '#37373d',
    }),
  },
  light: {
    classes: ['vscode-light'],
    variables: variables({
      background: '#ffffff',
      foreground: '#3b3b3b',
      faint: '#616161',
      border: '#cecece',
      focus: '#005fb8',
      input: '#f8f8f8',
      accent: '#005fb8',
      onAccent: '#ffffff',
      hover: '#e5e5e5',
    }),
  },
  highContrast: {
    classes: ['vscode-high-contrast'],
    variables: {
      ...variables({
        background: '#000000',
        foreground: '#ffffff',
        faint: '#d9d9d9',
        border: '#6fc3df',
        focus: '#f38518',
        input: '#000000',
        accent: '#000000',
        onAccent: '#ffffff',
        hover: '#000000',
      }),
      ...contrast,
    },
  },
  highContrastLight: {
    classes: ['vscode-high-contrast', 'vscode-high-contrast-light'],
    variables: {
      ...variables({
        background: '#ffffff',
        foreground: '#292929',
        faint: '#292929',
        border: '#0f4a85',
        focus: '#006bbd',
        input: '#ffffff',
        accent: '#0f4a85',
        onAccent: '#ffffff',
        hover: '#ffffff',
      }),
      ...contrastLight,
    },
  },
};
