/** Pages of a channel's older messages. */

import type { Message } from 'fanfare-protocol/message';
import type { Channel } from './channel.ts';
import { request } from './request.ts';

/** `after` or `before`, not both. With neither, the page has the newest messages. */
export interface HistoryOptions {
  /** Reads messages with a greater `seq`. */
  readonly after?: number;
  /** Reads messages with a smaller `seq`. */
  readonly before?: number;
  /** The most messages in the page, 1 to 1000. @default 50 */
  readonly limit?: number;
}

export interface HistoryPage<Data = unknown> {
  /** Oldest first. */
  readonly messages: Message<Data>[];
  /** Whether there are more messages in the direction asked for. */
  readonly more: boolean;
  /** The `after`, or the `before`, of the next page. `undefined` if this page is empty. */
  readonly next: number | undefined;
}

/**
 * Reads a page of the channel's messages.
 *
 * @throws FanfareError the server's refusal, `timeout`, `closed`.
 * @example
 * const { messages, next } = await historyOf(chat, { before: oldest, limit: 20 });
 */
export function historyOf<Data>(channel: Channel<Data>, options?: HistoryOptions): Promise<HistoryPage<Data>>;
export async function historyOf(channel: Channel, options: HistoryOptions = {}): Promise<HistoryPage> {
  const { messages: records, more } = await request(channel, 'history', options);
  const messages = records.filter((record) => !record.void);
  return { messages, more, next: records.at(options.after === undefined ? 0 : -1)?.seq };
}
