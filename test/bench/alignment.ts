/**
 * `npx tsx test/bench/alignment.ts [--model DIR]`: the alignment error rate of every layer and mode of a model's
 * cross-attention on the hand-made pairs of test/fixtures, and the best choice as it goes into config.json's `headlight`.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readTokenizer } from '../../src/engine/folder';
import { openModel } from '../../src/engine/model';
import { alignmentScores, goldPairs } from '../engine/support/goldAlignments';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: 'string', default: join(__dirname, '..', '..', 'models', 'default') },
    },
  });
  const model = await openModel(values.model, { device: 'cpu', threads: 0 });
  const tokenizer = await readTokenizer(values.model);
  const { en, ko } = goldPairs();
  const toKorean = await alignmentScores(model, tokenizer, en, 'ko');
  const toEnglish = await alignmentScores(model, tokenizer, ko, 'en');
  await model.dispose();
  process.stdout.write('| layer | mode | English to Korean | Korean to English | mean |\n');
  process.stdout.write('| --- | --- | --- | --- | --- |\n');
  const rows = toKorean.map((score, index) => {
    const other = toEnglish[index]?.errorRate ?? NaN;
    return { ...score, other, mean: (score.errorRate + other) / 2 };
  });
  for (const { layer, mode, errorRate, other, mean } of rows) {
    const rates = [errorRate, other, mean].map((rate) => rate.toFixed(3));
    process.stdout.write(`| ${layer + 1} | ${mode} | ${rates.join(' | ')} |\n`);
  }
  const [best] = rows.sort((a, b) => a.mean - b.mean);
  if (!best) return;
  const { layer, mode } = best;
  process.stdout.write(`\n"alignment": ${JSON.stringify({ layer, mode })}\n`);
}

void main();
