import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeHalf } from '../attention/half';
import { weightsError } from '../transformer/weights';
import { readModelFiles, WEIGHTS_FILE } from './modelFiles';

/** E [V, d_model], row-major. Rows of the int8 layout are without their scales: a positive factor turns no vector. */
export interface Embeddings {
  readonly rows: Float32Array | Int8Array;
  readonly size: number;
}

const NAMES = [
  'model.shared.weight',
  'model.encoder.embed_tokens.weight',
  'model.decoder.embed_tokens.weight',
];

/** Read when it is asked for: 8 MB of int8 rows come from the file system's cache in milliseconds. Throws modelWeightsInvalid. */
export async function readEmbeddings(folder: string): Promise<Embeddings> {
  const { config, weights } = await readModelFiles(folder);
  const name = NAMES.find((candidate) => weights.has(candidate)) ?? '';
  const tensor = weights.get(name);
  if (!tensor) throw weightsError(NAMES[0] ?? '', 'is missing');
  const bytes = new Uint8Array(tensor.length);
  const file = await open(join(folder, WEIGHTS_FILE));
  try {
    const { bytesRead } = await file.read(bytes, 0, bytes.length, tensor.offset);
    if (bytesRead < bytes.length) throw weightsError(name, 'is cut off');
  } finally {
    await file.close();
  }
  const { buffer } = bytes;
  const size = config.modelSize;
  switch (tensor.dtype) {
    case 'F32':
      return { rows: new Float32Array(buffer), size };
    case 'F16':
      return { rows: decodeHalf(new Uint16Array(buffer)), size };
    case 'I8':
      return { rows: new Int8Array(buffer), size };
    case 'U8':
      throw weightsError(name, 'is U8');
  }
}

export interface NearPiece {
  readonly id: number;
  readonly cosine: number;
}

/** The `count` pieces whose embeddings point most nearly the way of piece `id`'s, nearest first, without itself. */
export function nearestPieces(embeddings: Embeddings, id: number, count: number): NearPiece[] {
  const { rows, size } = embeddings;
  const own = rows.subarray(id * size, (id + 1) * size);
  const ownNorm = Math.sqrt(dot(own, rows, id * size));
  const pieces: NearPiece[] = [];
  for (let other = 0; other * size < rows.length; other++) {
    if (other === id) continue;
    const norm = Math.sqrt(
      dot(rows.subarray(other * size, (other + 1) * size), rows, other * size),
    );
    // A row of zeros points nowhere; the padding's can be one.
    const cosine = norm * ownNorm === 0 ? 0 : dot(own, rows, other * size) / (norm * ownNorm);
    pieces.push({ id: other, cosine });
  }
  return pieces.sort((a, b) => b.cosine - a.cosine || a.id - b.id).slice(0, count);
}

function dot(vector: Embeddings['rows'], rows: Embeddings['rows'], start: number): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += (vector[i] ?? 0) * (rows[start + i] ?? 0);
  return sum;
}
