import { EXPORT_FORMATS, type ExportFormat } from '../../protocol/panel';
import type { PanelStrings } from '../../protocol/panelStrings';
import { buttonControl, checkboxControl, selectControl } from '../controls';
import { element } from '../dom';
import type { ExportOptions, ExportParts } from './parts';

export interface ExportRequest extends ExportOptions {
  readonly parts: ExportParts;
  readonly format: ExportFormat;
  readonly scale: 1 | 2 | 4;
}

const SCALES = { '1': 1, '2': 2, '4': 4 } as const;

/** A button that opens the formats which the view has. */
export class ExportMenu {
  readonly root: HTMLElement;
  private readonly dialog: HTMLDialogElement;
  private readonly formats = element('div', { class: 'formats' });
  private parts: ExportParts | undefined;
  private omitText = false;
  private scale: 1 | 2 | 4 = 2;

  constructor(
    strings: PanelStrings,
    private readonly onExport: (request: ExportRequest) => void,
  ) {
    const omit = checkboxControl(strings.omitText, (checked) => (this.omitText = checked));
    const choices = (['1', '2', '4'] as const).map((value) => ({ value, label: `${value}×` }));
    const scale = selectControl(strings.pictureScale, choices, (value) => {
      this.scale = SCALES[value];
    });
    scale.set('2');
    const close = buttonControl(strings.close, () => this.dialog.close());
    const title = element('h2', { id: 'export-title' }, strings.exportTitle);
    this.dialog = element(
      'dialog',
      { 'aria-labelledby': 'export-title', class: 'export' },
      title,
      scale.root,
      omit.root,
      this.formats,
      close,
    );
    this.root = element(
      'div',
      {},
      buttonControl(strings.exportTitle, () => this.open()),
      this.dialog,
    );
  }

  show(parts: ExportParts | undefined): void {
    this.parts = parts;
    this.root.hidden = parts === undefined;
  }

  open(): void {
    const { parts } = this;
    if (!parts || this.dialog.open) return;
    const offered = EXPORT_FORMATS.filter((format) => parts[format] !== undefined);
    this.formats.replaceChildren(
      ...offered.map((format) => {
        const button = buttonControl(formatName(format), () => this.choose(format), false);
        button.dataset['format'] = format;
        return button;
      }),
    );
    this.dialog.showModal();
  }

  private choose(format: ExportFormat): void {
    this.dialog.close();
    const { parts, omitText, scale } = this;
    if (parts) this.onExport({ parts, format, scale, omitText });
  }
}

function formatName(format: ExportFormat): string {
  return format === 'pharaoh' ? 'Pharaoh' : format.toUpperCase();
}
