/** An async iterable whose first item is being fetched already, while its consumer is still busy with something else. */

export function primed<Item>(items: AsyncIterable<Item>): AsyncIterable<Item> {
  const iterator = items[Symbol.asyncIterator]();
  const first = iterator.next();
  // Its consumer may never come, and then nobody needs to hear that it failed.
  first.catch(() => {});
  return {
    async *[Symbol.asyncIterator]() {
      for (let next = await first; !next.done; next = await iterator.next()) yield next.value;
    },
  };
}
