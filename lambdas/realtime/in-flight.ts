/** Bounded concurrency over a list. */

/** Visits every item, at most `limit` at a time. */
export async function visitInFlight<Item>(
  items: readonly Item[],
  limit: number,
  visit: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const lane = async () => {
    for (const item of waiting) await visit(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
}
