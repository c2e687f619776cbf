/** A subscription as an async iterable: what arrives waits until the loop takes it. */

import type { Message } from 'fanfare-protocol/message';
import { type FanfareError, localError } from '../wire/errors.ts';
import type { Follower } from './live-subscription.ts';
import type { MessageHandler, SubscribeOptions } from './subscription.ts';

/** A loop that falls behind by more ends with `overflow`; it can go on from its position. Messages. */
const MOST_WAITING = 10_000;

/** Subscribes when the loop begins, unsubscribes when it ends. */
export async function* iterate(
  subscribe: (handler: MessageHandler, options: SubscribeOptions) => Follower,
  options: SubscribeOptions,
): AsyncGenerator<Message, void, void> {
  const waiting: Message[] = [];
  let wake = () => {};
  let end: { readonly error: FanfareError | undefined } | undefined;
  const follower = subscribe(
    (message) => {
      if (waiting.push(message) >= MOST_WAITING) follower.end(localError('overflow'));
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
  try {
    for (;;) {
      yield* waiting.splice(0);
      if (waiting.length > 0) continue;
      if (end?.error) throw end.error;
      if (end) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    follower.end();
  }
}
