import type * as vscode from 'vscode';
import type { AttentionRun } from '../../protocol/attentionRun';
import { OUTPUTS, type OutputName } from '../../protocol/panel';
import { anInteger, anObject, aString, oneOf, optional } from '../../protocol/shape';
import { Anchor, hashOf, type AnchorRecord } from './anchor';

const KEY = 'headlight.attentionPlace';

const readRecord = anObject({
  uri: aString,
  startOffset: anInteger(0),
  length: anInteger(1),
  hash: aString,
  sentence: anInteger(-1),
  output: oneOf(...OUTPUTS),
  hypothesis: optional(anInteger(0)),
});

/** A place, and what of it was shown. */
export type PlaceRecord = AnchorRecord & {
  readonly sentence: number;
  readonly output: OutputName;
  readonly hypothesis?: number;
};

/** What was shown last, over a reload of the window: where it stands, never what it says. */
export class PlaceMemory {
  private kept = '';

  constructor(private readonly memento: vscode.Memento) {}

  async keep(record: AnchorRecord, run: AttentionRun): Promise<void> {
    const place: PlaceRecord = {
      ...record,
      sentence: run.sentence,
      output: run.task?.name ?? 'translation',
      ...(run.hypothesis ? { hypothesis: run.hypothesis.number } : {}),
    };
    const key = JSON.stringify(place);
    if (key === this.kept) return;
    this.kept = key;
    await this.memento.update(KEY, place);
  }

  read(): PlaceRecord | undefined {
    try {
      return readRecord(this.memento.get(KEY), KEY);
    } catch {
      return undefined;
    }
  }
}

/** The place again, if the same text still stands there. */
export function anchorFrom(
  document: vscode.TextDocument,
  record: AnchorRecord,
): Anchor | undefined {
  const { startOffset, length, hash } = record;
  const text = document.getText().slice(startOffset, startOffset + length);
  return hashOf(text) === hash ? new Anchor(document, startOffset, text) : undefined;
}
