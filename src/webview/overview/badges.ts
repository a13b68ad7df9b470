import { POSITIONAL_SHARE } from '../../attention/position';
import { SINK_THRESHOLD } from '../../attention/received';
import type { HeadMetric } from '../../protocol/attentionRun';

/** What kind of head it is, by its metrics alone. */
export type Badge = 'previous' | 'next' | 'self' | 'sink' | 'diffuse' | 'aligner';

/** Clark et al. 2019 take half of the mass for a head that looks at one offset. */
const MOST_MASS = 0.5;
/** Nearly as even as attention can be: effective keys are then above n^0.9. */
const DIFFUSE = 0.9;

/**
 * - `previous`, `next`: the offset is the strongest key of 90 % of rows (Voita et al. 2019) or has half of the mass
 * - `self`: half of the mass
 * - `sink`: one key receives more than the threshold on average (Gu et al. 2025)
 * - `diffuse`: normalized entropy above 0.9
 * - `aligner`: cross-attention that looks sharply at words: half of a row on its strongest key that is not the end, and
 *   less than that on special tokens. NaN, for a metric that does not apply, is never more than anything.
 */
export function badgesOf(metric: (name: HeadMetric) => number, cross: boolean): Badge[] {
  const badges: Badge[] = [];
  if (metric('previousShare') >= POSITIONAL_SHARE || metric('previous') > MOST_MASS)
    badges.push('previous');
  if (metric('self') > MOST_MASS) badges.push('self');
  if (metric('nextShare') >= POSITIONAL_SHARE || metric('next') > MOST_MASS) badges.push('next');
  if (metric('sinkMass') > SINK_THRESHOLD) badges.push('sink');
  if (metric('normalizedEntropy') > DIFFUSE) badges.push('diffuse');
  if (cross && metric('confidence') >= MOST_MASS && metric('specialMass') < MOST_MASS)
    badges.push('aligner');
  return badges;
}
