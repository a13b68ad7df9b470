import { translateParams } from '../../engine/support/engine';
import { DOCUMENT, numbered, peakBytes, warmClient } from './measures';
import { row, type Row } from './row';

const BYTES = 1_000_000;
const MIB = 2 ** 20;

/** A megabyte as one selection: one text of one request, by greedy search. */
export async function megabyte(enginePath: string): Promise<Row[]> {
  const client = await warmClient(enginePath);
  const before = peakBytes(client);
  const parts: string[] = [];
  for (let bytes = 0; bytes < BYTES; bytes += Buffer.byteLength(parts.at(-1) ?? ''))
    parts.push(numbered(DOCUMENT, parts.length));
  const result = await client.request('translate', translateParams([parts.join('\n\n')]));
  const peak = peakBytes(client);
  await client.stop();
  const segments = result.results.flatMap((text) => text.segments);
  const kept = segments.filter(({ status }) => status === 'kept');
  // A quarter of the document is in the language that it is translated to.
  const already = kept.filter(({ reason }) => reason === 'alreadyTarget').length;
  const refused = kept.length - already;
  const perSecond = (result.sourceTokens / result.milliseconds) * 1000;
  return [
    row(
      '1 MB of text as one selection',
      `${segments.length.toLocaleString('en')} segments, ${already} of them in Korean already, ${refused} kept for another reason, ${(result.milliseconds / 1000).toFixed(0)} s, ${perSecond.toFixed(0)} tokens/s`,
      'every sentence is answered',
      segments.length,
      already,
      refused,
      result.milliseconds,
    ),
    row(
      'peak memory before and after it',
      `${(before / MIB).toFixed(0)} and ${(peak / MIB).toFixed(0)} MiB`,
      '',
      before,
      peak,
    ),
  ];
}
