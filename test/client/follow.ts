/** A subscription that records its messages. */

import type { Connection, SubscribeOptions } from 'fanfare-client';

/** The messages and losses of a subscription, in order. */
export function follow(connection: Connection, name: string, options: SubscribeOptions = {}) {
  const got: unknown[] = [];
  const subscription = connection.channel(name).subscribe(({ data }) => got.push(data), {
    onLost: ({ from, to }) => got.push(`lost ${from}-${to}`),
    ...options,
  });
  return { got, subscription };
}
