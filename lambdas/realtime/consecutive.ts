/** Groups of neighbouring numbers. */

export interface Run {
  readonly from: number;
  readonly to: number;
}

/** The numbers as runs without gaps, in order. */
export function consecutiveRuns(numbers: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (const number of numbers.toSorted((one, other) => one - other)) {
    const last = runs.at(-1);
    if (last && number <= last.to + 1) runs[runs.length - 1] = { from: last.from, to: number };
    else runs.push({ from: number, to: number });
  }
  return runs;
}
