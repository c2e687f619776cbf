/** How many events a server had to bear in its worst second. */

const SECOND_MS = 1_000;

/** The most events in any window of one second, not only in those of the clock. @param times milliseconds, in any order. */
export function worstSecond(times: readonly number[]): number {
  const sorted = times.toSorted((one, other) => one - other);
  let first = 0;
  let most = 0;
  for (const [index, time] of sorted.entries()) {
    while ((sorted[first] ?? time) <= time - SECOND_MS) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** The time by which this share of all has arrived, or `undefined` if too few ever arrived. */
export function timeOfShare(times: readonly number[], all: number, share: number): number | undefined {
  return times.toSorted((one, other) => one - other)[Math.ceil(all * share) - 1];
}
