/** What a page reads from a channel on top of its subscriptions: pages of older messages, and messages as a loop. */

import type { Message } from 'fanfare-protocol/message';
import type { Channel } from './lib/channel/channel.ts';
import { iterate } from './lib/channel/iterate.ts';
import type { SubscribeOptions } from './lib/channel/subscription.ts';

// biome-ignore lint/performance/noBarrelFile: the stores of the React hooks read pages as well
export { type HistoryOptions, type HistoryPage, historyOf } from './lib/channel/history.ts';

/**
 * The messages as a loop, which ends when the connection is closed or the signal aborts.
 *
 * @throws FanfareError the server's refusal, and `overflow` when 10,000 messages wait for the loop.
 * @example
 * for await (const { data } of messagesOf(chat, { signal })) show(data);
 */
export function messagesOf<Data>(
  channel: Channel<Data>,
  options: SubscribeOptions = {},
): AsyncGenerator<Message<Data>, void, void> {
  return iterate(channel, options);
}
