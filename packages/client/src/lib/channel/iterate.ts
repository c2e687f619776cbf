/** A subscription as an async iterable. Messages wait until the loop takes them. */

import type { Message } from 'fanfare-protocol/message';
import { type FanfareError, localError } from '../wire/errors.ts';
import type { Channel } from './channel.ts';
import type { LiveSubscription } from './live-subscription.ts';
import type { SubscribeOptions } from './subscription.ts';

/** A loop that is this far behind ends with `overflow`. The application can begin a new loop at its position. Messages. */
const MOST_WAITING = 10_000;

/** Subscribes when the loop begins, and unsubscribes when it ends. */
export function iterate<Data>(
  { name, owner }: Channel<Data>,
  options: SubscribeOptions,
): AsyncGenerator<Message<Data>, void, void> {
  const waiting: Message<Data>[] = [];
  let wake = () => {};
  let end: { readonly error: FanfareError | undefined } | undefined;
  let subscription: LiveSubscription | undefined;
  async function* run(): AsyncGenerator<Message<Data>, void, void> {
    subscription = owner.subscribe(
      name,
      (message) => {
        if (waiting.push(message) >= MOST_WAITING) subscription?.end(localError('overflow', 429));
        wake();
      },
      {
        ...options,
        onEnd(error) {
          end = { error };
          wake();
          return options.onEnd?.(error);
        },
      },
    );
    // A connection that is already closed tells it to `ready` only.
    subscription.ready.catch((error: FanfareError) => {
      end ??= { error };
      wake();
    });
    while (!end || waiting.length > 0) {
      yield* waiting.splice(0);
      if (end || waiting.length > 0) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (end.error) throw end.error;
  }
  const loop = run();
  for (const ending of ['return', 'throw'] as const) {
    const call = loop[ending].bind(loop);
    // A generator would queue the call behind a `next()` that waits for a message, which may never come. This ends the wait.
    loop[ending] = (value) => {
      subscription?.end();
      return call(value);
    };
  }
  return loop;
}
