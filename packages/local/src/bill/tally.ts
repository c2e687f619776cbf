/** Counts everything that is charged, by its cause. */

import type { Billable } from './prices.ts';

export interface Count {
  /** How often the cause happened. */
  times: number;
  /** The counted parts of the unit, all together. */
  parts: number;
}

export class Tally {
  private readonly counts = new Map<Billable, Map<string, Count>>();

  /** @param cause The route, function or table that the bill shows beside the item. */
  add(billable: Billable, cause: string, parts: number, times = 1): void {
    const causes = this.causesOf(billable);
    const count = causes.get(cause);
    if (!count) {
      causes.set(cause, { times, parts });
      return;
    }
    count.times += times;
    count.parts += parts;
  }

  addAll(other: Tally): void {
    for (const [billable, causes] of other.counts)
      for (const [cause, { times, parts }] of causes) this.add(billable, cause, parts, times);
  }

  /** In alphabetical order, so that two bills of the same session are equal. */
  of(billable: Billable): [cause: string, count: Count][] {
    return [...(this.counts.get(billable) ?? [])].sort(([one], [other]) => (one < other ? -1 : 1));
  }

  clear(): void {
    this.counts.clear();
  }

  private causesOf(billable: Billable): Map<string, Count> {
    const known = this.counts.get(billable);
    if (known) return known;
    const causes = new Map<string, Count>();
    this.counts.set(billable, causes);
    return causes;
  }
}
