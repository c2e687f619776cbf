/** Compares the figures of a situation with what the client must reach in it. */

import type { Figures } from './play.ts';
import type { Bounds, Situation } from './situation.ts';

const words: Readonly<Record<keyof Bounds, string>> = {
  bytesOverNeeded: 'bytes over needed',
  lateP99: 'late p99 (ms)',
  attemptsPerMinute: 'attempts per minute',
  worstSecond: 'worst second',
};

/** What is broken, a sentence each; empty if everything is reached. */
export function breachesOf(
  { hasHistory, bounds = {} }: Pick<Situation, 'hasHistory' | 'bounds'>,
  figures: Figures,
): string[] {
  const breaches: string[] = [];
  if (hasHistory && figures.expected === 0) breaches.push('no message was expected');
  if (hasHistory && figures.missed > 0) breaches.push(`missed ${figures.missed}`);
  if (hasHistory && figures.twice > 0) breaches.push(`twice ${figures.twice}`);
  for (const name of ['bytesOverNeeded', 'lateP99', 'attemptsPerMinute', 'worstSecond'] as const) {
    const [most, reached = 0] = [bounds[name], figures[name]];
    if (most !== undefined && reached > most) breaches.push(`${words[name]} ${rounded(reached)} > ${most}`);
  }
  return breaches;
}

export function rounded(value: number): number {
  return Number(value.toFixed(value < 10 ? 2 : 0));
}
