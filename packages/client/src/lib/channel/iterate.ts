/** A subscription as an async iterable. Messages wait until the loop takes them. */

import type { Message } from 'fanfare-protocol/message';
import { type FanfareError, localError } from '../wire/errors.ts';
import type { LiveSubscription } from './live-subscription.ts';
import type { MessageHandler, SubscribeOptions } from './subscription.ts';

/** A loop that is this far behind ends with `overflow`. The application can begin a new loop at its position. Messages. */
const MOST_WAITING = 10_000;

/** Subscribes when the loop begins, and unsubscribes when it ends. */
export function iterate<Data>(
  subscribe: (handler: MessageHandler<Data>, options: SubscribeOptions) => LiveSubscription,
  options: SubscribeOptions,
): AsyncGenerator<Message<Data>, void, void> {
  const waiting: Message<Data>[] = [];
  let wake = () => {};
  let end: { readonly error: FanfareError | undefined } | undefined;
  let subscription: LiveSubscription | undefined;
  async function* run(): AsyncGenerator<Message<Data>, void, void> {
    subscription = subscribe(
      (message) => {
        if (waiting.push(message) >= MOST_WAITING) subscription?.end(localError('overflow'));
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
  for (const name of ['return', 'throw'] as const) {
    const call = loop[name].bind(loop);
    // A generator would queue the call behind a `next()` that waits for a message, which may never come. This ends the wait.
    loop[name] = (value) => {
      subscription?.end();
      return call(value);
    };
  }
  return loop;
}
