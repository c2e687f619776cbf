/** Keeps what arrives until it is asked for, so that nothing is missed between two awaits. */

export class Queue<Item extends NonNullable<unknown>> {
  private readonly items: Item[] = [];
  private readonly readers: ((item: Item) => void)[] = [];

  /** Bound, so that it can be passed as a listener. */
  readonly put = (item: Item): void => {
    const reader = this.readers.shift();
    if (reader) reader(item);
    else this.items.push(item);
  };

  /** The oldest item that was not taken, or the next one to come. */
  async next(): Promise<Item> {
    const [kept] = this.items.splice(0, 1);
    return kept ?? new Promise((resolve) => this.readers.push(resolve));
  }
}
