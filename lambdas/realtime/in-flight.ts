/** Bounded concurrency over a stream of items. */

/** Visits every item, at most `limit` at a time; items are pulled only as lanes become free. */
export async function visitInFlight<Item>(
  items: AsyncIterable<Item>,
  limit: number,
  visit: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  const lane = async () => {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) await visit(next.value);
  };
  await Promise.all(Array.from({ length: limit }, lane));
}
