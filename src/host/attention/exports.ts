import * as vscode from 'vscode';
import type { ExportChunk } from '../../protocol/panel';
import type { Notices } from '../notices';
import { ExportAssembler, type ExportFile } from './exportFile';
import { saveExport } from './saveExport';

/** Takes the chunks of exports and saves what is whole, one file at a time. */
export class Exports {
  private readonly assembler = new ExportAssembler();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly notices: Notices) {}

  /** The path of the saved file; undefined where none was saved: not yet whole, given up, or failed, which is told. */
  async take(chunk: ExportChunk): Promise<string | undefined> {
    const file = this.assembler.add(chunk);
    if (!file) return undefined;
    const saved = this.last.then(() => this.save(file));
    this.last = saved;
    return saved;
  }

  private async save(file: ExportFile): Promise<string | undefined> {
    try {
      const target = await saveExport(file);
      return target && vscode.workspace.asRelativePath(target);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.notices.info(vscode.l10n.t('The file could not be saved: {0}', reason));
      return undefined;
    }
  }
}
