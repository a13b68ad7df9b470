// Started by webgpu.test.ts in an environment of its own: decodes on one device and sends what came out.
import { AppError } from '../../../src/common/errors';
import { readTokenizer } from '../../../src/engine/folder';
import { openModel } from '../../../src/engine/model';
import { readModelFiles, WEIGHTS_FILE } from '../../../src/engine/modelFiles';
import { openSessions, releaseSessions } from '../../../src/engine/modelSessions';
import { empty, int64, named, run, type Tensors } from '../../../src/engine/runtime';
import { readSources } from '../../../src/engine/sources';
import type { Capture, Hypothesis, Model } from '../../../src/engine/types';
import type { DeviceName } from '../../../src/protocol/engine';
import { SENTENCES } from './sentences';

const MOST_SOURCE = 24;
const MOST_TARGET = 5;

export interface Generated {
  readonly device: string;
  readonly greedy: Hypothesis[][];
  readonly beam: Hypothesis[][];
  /** Two models that were asked at the same time. */
  readonly together: Hypothesis[][][];
  readonly capture: Capture;
  /** Where what one run makes for the next one lies, by tensor. */
  readonly locations: Readonly<Record<string, string>>;
}

async function generateOn(path: string, device: DeviceName): Promise<Generated> {
  const tokenizer = await readTokenizer(path);
  const sources = SENTENCES.map((text) => [...tokenizer.encode(text).ids].slice(0, MOST_SOURCE));
  const decode = (model: Model, beam: number, texts = sources) =>
    model.generate(texts, { beam, nBest: beam, lengthPenalty: 1, maxTokens: MOST_TARGET });
  const model = await openModel(path, { device, threads: 1 });
  const other = await openModel(path, { device, threads: 1 });
  const [first = []] = sources;
  const result = {
    device: model.device,
    greedy: await decode(model, 1),
    beam: await decode(model, 4),
    together: await Promise.all([model, other].map((one) => decode(one, 1, [first]))),
    capture: await model.capture(first, [model.config.startTokenId, ...first.slice(0, 6)]),
    locations: await locationsOn(path, device, first),
  };
  await model.dispose();
  await other.dispose();
  return result;
}

/** Of the outputs of the encoder and of the decoder's first step. */
async function locationsOn(
  path: string,
  device: DeviceName,
  source: readonly number[],
): Promise<Record<string, string>> {
  const files = await readModelFiles(path);
  const graph = { precision: 'fp32', attention: 'fused', weightsLocation: WEIGHTS_FILE } as const;
  const options = { device, threads: 1, weightsFolder: path };
  const sessions = await openSessions(files, graph, options);
  const { encoder, decoder, config } = sessions;
  const cross = { ...(await run(encoder, readSources(sessions, [source]).feeds)) };
  named(cross, 'encoder_output').dispose();
  delete cross['encoder_output'];
  const { heads, keySize } = config.decoder;
  const past = { past_key_0: empty('float32', [1, heads, 0, keySize]) };
  const feeds: Tensors = {
    target_ids: int64([config.startTokenId], [1, 1]),
    position: int64([0], [1]),
    row_index: int64([0], [1]),
    top: int64([1], [1]),
    ...cross,
    ...past,
    past_value_0: past.past_key_0,
  };
  const step = await run(decoder, feeds);
  const tensors = Object.entries({ ...cross, ...step });
  const locations = Object.fromEntries(tensors.map(([name, { location }]) => [name, location]));
  for (const [, tensor] of tensors) tensor.dispose();
  await releaseSessions(sessions);
  return locations;
}

const [path = '', device = ''] = process.argv.slice(2);
void generateOn(path, device as DeviceName).then((generated) => {
  if (!process.send) throw new AppError('internal', 'Nobody listens.');
  process.send(generated, () => process.exit());
});
