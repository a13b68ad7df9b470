/**
 * Writes every graph of a model folder as NAME-PRECISION-ATTENTION.onnx, for tools that read such files; golden.py has them
 * checked by onnx.
 *
 *   npx tsx test/engine/emitGraphs.ts MODEL_FOLDER OUT_FOLDER
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readModelFiles, WEIGHTS_FILE } from '../../src/engine/modelFiles';
import { emitDecoder } from '../../src/transformer/graphs/decoder';
import { emitEncoder } from '../../src/transformer/graphs/encoder';
import { emitInspect } from '../../src/transformer/graphs/inspect';

const EMITTERS = { encoder: emitEncoder, decoder: emitDecoder, inspect: emitInspect };

async function main([folder, out]: string[]): Promise<void> {
  if (!folder || !out) throw new Error('Needs MODEL_FOLDER OUT_FOLDER');
  const { config, weights } = await readModelFiles(folder);
  const quantized = weights.get('model.shared.weight')?.dtype === 'I8';
  const precisions = quantized ? (['int8', 'fp32', 'fp16'] as const) : (['fp32', 'fp16'] as const);
  await mkdir(out, { recursive: true });
  for (const precision of precisions)
    for (const attention of ['fused', 'plain'] as const)
      for (const [name, emit] of Object.entries(EMITTERS)) {
        const graph = emit(config, weights, {
          precision,
          attention,
          weightsLocation: WEIGHTS_FILE,
        });
        await writeFile(join(out, `${name}-${precision}-${attention}.onnx`), graph);
      }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
