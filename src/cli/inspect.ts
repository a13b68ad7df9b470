import { alignTexts, toPharaoh } from '../attention/alignment';
import { meanMap } from '../attention/attentionMap';
import { distribution } from '../attention/candidates';
import { readAlignment } from '../engine/folder';
import type { InspectResult } from '../engine/types';
import type { AttentionRun } from '../protocol/attentionRun';
import { headDrawing } from './headDrawing';
import { inspections, rawInspection, type Inspected, type InspectInvocation } from './inspected';
import { readText } from './input';
import { metricsTable, type SpecialTokens } from './metricsTable';
import { npz } from './npz';
import { writeFolder } from './output';
import { openReferenceSession, openSession, type Session } from './session';

/** Runs the model on the text and writes the maps of all of it, or nothing. */
export async function inspect(options: InspectInvocation): Promise<void> {
  const text = options.text === '-' ? await readText(undefined) : options.text;
  const session = options.raw ? await openReferenceSession(options) : await openSession(options);
  try {
    const { model, folder } = session;
    const all = options.raw
      ? [await rawInspection(session, options, text)]
      : await inspections(session, options, text);
    const choice = await readAlignment(folder, model.config.decoder.layers);
    const files: { name: string; data: Uint8Array | string }[] = [];
    for (const [index, inspected] of all.entries()) {
      const [source, inputs] = [ids(inspected.source), ids(inspected.target)];
      const result = await model.inspect(source, inputs.slice(1));
      const suffix = all.length === 1 ? '' : `-${index + 1}`;
      files.push(
        { name: `maps${suffix}.npz`, data: maps(result) },
        { name: `metrics${suffix}.csv`, data: metricsTable(result, specialTokens(inspected)) },
        { name: `alignment${suffix}.txt`, data: `${alignment(inspected, result, choice)}\n` },
        { name: `tokens${suffix}.json`, data: tokens(session, text, inspected, result, choice) },
      );
      for (const head of options.heads) {
        const name = `${head.kind}.${head.layer}.${head.head}${suffix}.svg`;
        files.push({ name, data: headDrawing(head, inspected, result) });
      }
    }
    await writeFolder(options.out, files);
  } finally {
    await session.model.dispose();
  }
}

function ids(tokens: Inspected['source']): number[] {
  return tokens.map(({ id }) => id);
}

function maps({ enc, dec, cross, valueNorms }: InspectResult): Uint8Array {
  const norms = valueNorms;
  return npz({
    enc,
    dec,
    cross,
    enc_norm: norms.enc,
    dec_norm: norms.dec,
    cross_norm: norms.cross,
  });
}

function specialTokens({ source, target }: Inspected): SpecialTokens {
  const special = (tokens: Inspected['source']): Set<number> =>
    new Set([...tokens.keys()].filter((index) => tokens[index]?.special));
  return { source: special(source), target: special(target), sourceEnd: source.length - 1 };
}

/** One line of word pairs, both counted from 0 in the order of `word` in tokens.json. */
function alignment(
  { source, predicted }: Inspected,
  { cross }: InspectResult,
  { layer, mode }: AttentionRun['alignment'],
): string {
  const [, heads = 0, queries = 0, keys = 0] = cross.dims;
  const size = queries * keys;
  const layerMaps = Array.from({ length: heads }, (_, head) => {
    const start = (layer * heads + head) * size;
    const weights = cross.data.subarray(start, start + size);
    return { weights, queries, keys, causal: false };
  });
  return toPharaoh(alignTexts(meanMap(layerMaps), source, predicted, mode));
}

function tokens(
  { tokenizer }: Session,
  text: string,
  inspected: Inspected,
  { logits }: InspectResult,
  choice: AttentionRun['alignment'],
): string {
  const vocabulary = logits.dims[1] ?? 0;
  const logProbability = inspected.predicted.reduce((sum, { id }, row) => {
    const values = logits.data.subarray(row * vocabulary, (row + 1) * vocabulary);
    return sum + Math.log(distribution(values, id, 0).probability);
  }, 0);
  const listed = (list: Inspected['source']) =>
    list.map(({ id, start, end, special, word }) => {
      return { id, token: tokenizer.idToToken(id) ?? '', start, end, special, word };
    });
  const value = {
    text,
    output: inspected.targetText,
    logProbability,
    alignment: choice,
    source: listed(inspected.source),
    target: listed(inspected.target),
    predicted: listed(inspected.predicted),
  };
  return `${JSON.stringify(value, null, 1)}\n`;
}
