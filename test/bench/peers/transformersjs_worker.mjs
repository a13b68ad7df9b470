// transformers.js as a worker of the benchmark: node transformersjs_worker.mjs PACKAGES MODEL DTYPE THREADS
// PACKAGES is the folder with its node_modules. The protocol is that of ctranslate2_worker.py.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';

const [packages, folder, dtype, threads] = process.argv.slice(2);
const start = performance.now();
const require = createRequire(join(resolve(packages), 'package.json'));
const {
  AutoModelForSeq2SeqLM,
  AutoTokenizer,
  StoppingCriteria,
  env,
} = require('@huggingface/transformers');
const imported = performance.now();
env.allowRemoteModels = false;
env.localModelPath = `${dirname(resolve(folder))}/`;
const name = basename(resolve(folder));
const tokenizer = await AutoTokenizer.from_pretrained(name);
const model = await AutoModelForSeq2SeqLM.from_pretrained(name, {
  dtype,
  device: 'cpu',
  session_options: { intraOpNumThreads: Number(threads), interOpNumThreads: 1 },
});
const loaded = performance.now();
const eos = model.config.eos_token_id;

// The package's own criterion forgets which rows have ended, so that a batch runs on until all emit EOS in one step.
class Remembering extends StoppingCriteria {
  ended = [];
  _call(rows) {
    return rows.map((row, i) => (this.ended[i] ||= row.length > 1 && Number(row.at(-1)) === eos));
  }
}

async function translateBatch(texts, maxTokens) {
  const inputs = tokenizer(texts, { padding: true });
  const output = await model.generate({
    ...inputs,
    max_new_tokens: maxTokens,
    num_beams: 1,
    do_sample: false,
    stopping_criteria: new Remembering(),
  });
  return output.tolist().map((row) => {
    const ids = row.map(Number).slice(1);
    const end = ids.indexOf(eos);
    const kept = end < 0 ? ids : ids.slice(0, end + 1);
    tokenizer.decode(kept, { skip_special_tokens: true });
    return kept;
  });
}

async function translate({ texts, batch, beam, maxTokens }) {
  if (beam !== 1) throw new Error('transformers.js has no beam search');
  // Sorted by length, as a careful user would: less padding in each batch.
  const order = texts.map((_, i) => i).sort((a, b) => texts[b].length - texts[a].length);
  const ids = new Array(texts.length);
  for (let i = 0; i < order.length; i += batch) {
    const part = order.slice(i, i + batch);
    const out = await translateBatch(
      part.map((index) => texts[index]),
      maxTokens,
    );
    part.forEach((index, row) => (ids[index] = out[row]));
  }
  return ids;
}

function peakMiB() {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024;
}

const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
answer({
  version: env.version,
  loadSeconds: (loaded - imported) / 1000,
  startSeconds: (loaded - start) / 1000,
});
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  if (request.end) {
    answer({ peakMiB: peakMiB() });
    break;
  }
  const begin = performance.now();
  const ids = await translate(request);
  answer({ seconds: (performance.now() - begin) / 1000, ids });
}
process.exit(0);
