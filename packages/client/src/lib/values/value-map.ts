/** The values of a channel, folded from its messages and from snapshots. Pure: both may overlap, and come in any order of their pages. */

import type { Value, ValueChange } from './value.ts';

export class ValueMap {
  readonly values = new Map<string, Value>();
  /** The names that were removed during a reading. A page that was read before may still bring their values. */
  readonly #removed = new Map<string, number>();
  /** The names that the snapshot has told so far; `undefined` while none is read. */
  #told: Set<string> | undefined;

  /** The reading of a snapshot begins, maybe in place of one that is not finished. */
  begin(): void {
    this.#told = new Set();
  }

  /** Takes a message of the channel. Returns the changes: one, or none if a newer one is known or nothing was there to remove. */
  live(change: ValueChange): ValueChange[] {
    const { name, seq, removed } = change;
    const known = this.values.get(name);
    if (seq <= Math.max(known?.seq ?? -1, this.#removed.get(name) ?? -1)) return [];
    if (!removed) this.values.set(name, change);
    else {
      this.values.delete(name);
      if (this.#told) this.#removed.set(name, seq);
    }
    return removed && !known ? [] : [change];
  }

  /** Takes a page of the snapshot. */
  page(changes: readonly ValueChange[]): ValueChange[] {
    return changes.flatMap((change) => {
      this.#told?.add(change.name);
      return this.live(change);
    });
  }

  /**
   * The snapshot is complete. What it does not tell is gone, if it is not newer.
   *
   * @param head The channel's last number when the first page was read.
   */
  complete(head: number): ValueChange[] {
    const told = this.#told;
    const gone = [...this.values.values()].filter(({ name, seq }) => seq <= head && !told?.has(name));
    for (const { name } of gone) this.values.delete(name);
    this.#removed.clear();
    this.#told = undefined;
    return gone.map(({ name, seq, time }) => ({ name, seq, time, data: null, removed: true }));
  }
}
