import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readModelName } from '../engine/folder';
import { readModelFiles, WEIGHTS_FILE } from '../engine/modelFiles';
import type { StackConfig, TransformerConfig } from '../transformer/config';
import { countParameters, type StackCounts } from '../transformer/parameters';
import type { ModelOptions } from './arguments';
import { writeOut } from './output';
import { modelFolder } from './modelFolder';
import { formatTable } from './table';

/** Shows a model without loading its weights. */
export async function model(options: ModelOptions & { readonly json: boolean }): Promise<void> {
  const folder = modelFolder(options);
  const { config, weights } = await readModelFiles(folder);
  const name = await readModelName(folder);
  const { size } = await stat(join(folder, WEIGHTS_FILE));
  const types = [...new Set([...weights.values()].map((tensor) => tensor.dtype))].sort();
  const parameters = countParameters(config);
  if (options.json) {
    const all = { name, folder, bytes: size, types, config, parameters };
    return writeOut(`${JSON.stringify(all, null, 1)}\n`);
  }
  const text = [
    `${name} (${folder})`,
    `${(size / 2 ** 20).toFixed(1)} MiB, tensors of ${types.join(', ')}`,
    '',
    formatTable(['configuration', ''], configurationRows(config)),
    '',
    formatTable(
      ['parameters', 'each', 'count', 'total'],
      [
        ['embedding', number(parameters.embedding), '1', number(parameters.embedding)],
        ['output projection', ...tiedOr(config.tiedSoftmax, parameters.output)],
        ['positions', '', '', number(parameters.positions)],
        ['embedding norms', '', '', number(parameters.embeddingNorms)],
        ...stackRows('encoder', config.encoder, parameters.encoder, 1),
        ...stackRows('decoder', config.decoder, parameters.decoder, 2),
        ['total', '', '', number(parameters.total)],
      ],
    ),
    '',
  ];
  return writeOut(text.join('\n'));
}

function configurationRows(config: TransformerConfig): string[][] {
  const { encoder, decoder } = config;
  const rows: [string, string | number][] = [
    ['vocabulary', config.vocabularySize],
    ['layers N (encoder, decoder)', `${encoder.layers}, ${decoder.layers}`],
    ['model size d_model', config.modelSize],
    ['heads h (encoder, decoder)', `${encoder.heads}, ${decoder.heads}`],
    ['key and value size d_k, d_v', `${encoder.keySize}, ${encoder.valueSize}`],
    ['feed-forward size d_ff', `${encoder.feedForwardSize}, ${decoder.feedForwardSize}`],
    ['activation', config.activation],
    ['norm placement', config.norm],
    ['positional encoding', config.positions],
    ['positions', config.maxPositions],
    ['embedding times sqrt(d_model)', config.scaleEmbedding ? 'yes' : 'no'],
    ['tied softmax', config.tiedSoftmax ? 'yes' : 'no'],
  ];
  return rows.map(([label, value]) => [label, String(value)]);
}

function stackRows(
  name: string,
  stack: StackConfig,
  counts: StackCounts,
  attentions: number,
): string[][] {
  const row = (label: string, each: number, perLayer: number) => [
    `  ${label}`,
    number(each),
    `${perLayer} x ${stack.layers}`,
    number(each * perLayer * stack.layers),
  ];
  return [
    [`${name}, per layer`, number(counts.layer), String(stack.layers), number(counts.total)],
    row('multi-head attention', counts.attention, attentions),
    row('feed-forward', counts.feedForward, 1),
    row('layer norm', counts.norm, attentions + 1),
  ];
}

function tiedOr(tied: boolean, count: number): string[] {
  return tied ? ['tied', '', '0'] : [number(count), '1', number(count)];
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
