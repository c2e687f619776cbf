/** A queue of items to repeat later, ordered by time. */

export class RetryQueue<Item> {
  /** Latest first, so that the earliest is cheap to take. */
  private readonly waiting: { readonly at: number; readonly item: Item }[] = [];

  /** When the earliest is due; `undefined` when nothing waits. Milliseconds since 1970. */
  get nextAt(): number | undefined {
    return this.waiting.at(-1)?.at;
  }

  put(item: Item, at: number): void {
    let low = 0;
    let high = this.waiting.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.waiting[middle]?.at ?? at) > at) low = middle + 1;
      else high = middle;
    }
    this.waiting.splice(low, 0, { at, item });
  }

  /** Removes and returns the earliest item if it is due. */
  takeDue(now: number): Item | undefined {
    return (this.nextAt ?? Number.POSITIVE_INFINITY) <= now ? this.waiting.pop()?.item : undefined;
  }

  /** Removes and answers everything, due or not. */
  drain(): Item[] {
    return this.waiting.splice(0).map(({ item }) => item);
  }
}
