/** Gathers the tokens of a model, because each message costs the same, whether it has one token or fifty. */

import { setTimeout } from 'node:timers/promises';

/** Yields all that has come, at most once in `everyMs`. While the taker is busy, more gathers. */
export async function* batched(
  tokens: AsyncIterable<string>,
  everyMs: number,
): AsyncGenerator<string, void, void> {
  let waiting = '';
  let isDone = false;
  const reading = (async () => {
    for await (const token of tokens) waiting += token;
    isDone = true;
  })();
  let isLast = false;
  while (!isLast) {
    await Promise.race([setTimeout(everyMs), reading]);
    // Together with what waits: more may come while the taker is busy.
    isLast = isDone;
    const batch = waiting;
    waiting = '';
    if (batch !== '') yield batch;
  }
}
