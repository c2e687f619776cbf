/**
 * A user's inbox: every message once and in order, on whichever device they read. How far they are is kept on the server;
 * what is delivered next begins there.
 */

import type { Message } from 'fanfare-protocol/message';
import type { Gap } from './lib/channel/sequencer.ts';
import type { Connection } from './lib/connection.ts';
import { InboxReader } from './lib/inbox-reader.ts';
import type { Clock } from './lib/platform/clock.ts';

/** Called with the next message when it is done with the one before. What it throws ends the inbox before this message. */
export type InboxHandler = (message: Message) => unknown;

export interface InboxOptions {
  /** Closes the inbox when it aborts. */
  readonly signal?: AbortSignal;
  /** How often the server is told at most. Milliseconds. @default 1 second */
  readonly markEveryMs?: number;
  /** These messages waited for longer than they are kept; the next one delivered is behind them. */
  readonly onLost?: (gap: Gap) => unknown;
  /** @default the system's */
  readonly clock?: Clock;
}

export interface Inbox {
  /** The last message that was dealt with; `undefined` until the server has told. */
  readonly position: number | undefined;
  /**
   * Settles when no message will follow: it was closed, or the connection was.
   *
   * @throws what the handler threw: opened again, the inbox begins with the same message. FanfareError what the server refuses.
   */
  readonly ended: Promise<void>;
  /** Delivers no further message. Settles when the handler is done and the server knows, or cannot be told. */
  close(): Promise<void>;
}

/**
 * Delivers what the user has not read yet, and then whatever comes.
 *
 * @param user as in the connection's token.
 * @example
 * const inbox = openInbox(connection, 'ann', async ({ data }) => store(data));
 * window.addEventListener('pagehide', () => void inbox.close());
 * await inbox.ended;
 */
export function openInbox(
  connection: Connection,
  user: string,
  handler: InboxHandler,
  options: InboxOptions = {},
): Inbox {
  return new InboxReader(connection, user, handler, options);
}
