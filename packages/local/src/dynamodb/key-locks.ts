/** Lets one at a time work on an item, in the order in which they came; on different items they do not meet. */

export class KeyLocks {
  private readonly lastOf = new Map<string, Promise<void>>();

  /** Waits for all of these keys at once: who asks for several cannot be in the way of who asks for them in another order. */
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

  /** Keys that somebody holds or waits for. */
  get size(): number {
    return this.lastOf.size;
  }
}
