/** Lets one request at a time work on an item, in the order of arrival. Requests for different items do not wait for each other. */

export class KeyLocks {
  private readonly lastOf = new Map<string, Promise<void>>();

  /** Waits for all keys at once, so that two requests with the same keys in another order cannot block each other. */
  async holding<Result>(keys: readonly string[], run: () => Promise<Result>): Promise<Result> {
    const before = keys.map((key) => this.lastOf.get(key));
    const result = Promise.all(before).then(run);
    const done = result.then(
      () => {},
      () => {},
    );
    for (const key of keys) this.lastOf.set(key, done);
    try {
      return await result;
    } finally {
      for (const key of keys) if (this.lastOf.get(key) === done) this.lastOf.delete(key);
    }
  }

  /** The keys that a request holds or waits for. */
  get size(): number {
    return this.lastOf.size;
  }
}
