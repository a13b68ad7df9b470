import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { TranslationCache } from '../../../src/engine/translationCache';
import { sentence } from './measures';
import { row, type Row } from './row';

const MIB = 2 ** 20;
/** `headlight.cache.maxMegabytes` as it is by default. */
const DEFAULT_BYTES = 32 * MIB;

/** What the heap takes for a cache that counts itself full. */
export function cacheCost(): Row[] {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  const cache = new TranslationCache(DEFAULT_BYTES);
  let index = 0;
  for (let size = -1; cache.size > size; index++) {
    size = cache.size;
    // Of strings that were read from a message: not slices of one, which would share its memory.
    const text = Buffer.from(sentence(index)).toString();
    const key = Buffer.from(`/models/default\n44000000\n1700000000000\n<2ko>\n1 1 256\n${text}`);
    const translation = Buffer.from(
      `${index}번 파일은 다른 프로그램이 아직 쓰고 있어 열 수 없습니다.`,
    );
    cache.set(key.toString(), {
      kind: 'translated',
      text: translation.toString(),
      logProbability: -0.25,
      ids: new Int32Array(20),
    });
  }
  const cost = used() - before;
  return [
    row(
      `the cache of 32 MiB (the default), full: ${cache.size.toLocaleString('en')} sentences`,
      `${(cost / MIB).toFixed(0)} MiB`,
      'about what it counts',
      cost,
      cache.bytes,
    ),
  ];
}
