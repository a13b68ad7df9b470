/**
 * `npx tsx test/bench/alignment.ts [--model DIR]`: the alignment error rate of every layer and mode of a model's
 * cross-attention on the hand-made pairs of test/fixtures, and the best choice as it goes into config.json's `headlight`.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readTokenizer } from '../../src/engine/folder';
import { openModel } from '../../src/engine/model';
import { rankAlignments } from '../engine/support/goldAlignments';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: 'string', default: join(__dirname, '..', '..', 'models', 'default') },
    },
  });
  const model = await openModel(values.model, { device: 'cpu', threads: 0 });
  const tokenizer = await readTokenizer(values.model);
  const { ranks, best } = await rankAlignments(model, tokenizer);
  await model.dispose();
  process.stdout.write('| layer | mode | English to Korean | Korean to English | mean |\n');
  process.stdout.write('| --- | --- | --- | --- | --- |\n');
  for (const { layer, mode, toKorean, toEnglish, mean } of ranks) {
    const rates = [toKorean, toEnglish, mean].map((rate) => rate.toFixed(3));
    process.stdout.write(`| ${layer + 1} | ${mode} | ${rates.join(' | ')} |\n`);
  }
  const { layer, mode } = best;
  process.stdout.write(`\n"alignment": ${JSON.stringify({ layer, mode })}\n`);
}

void main();
