/** What the application holds of a subscription. */

import type { Message } from 'fanfare-protocol/message';
import type { FanfareError } from '../wire/errors.ts';
import type { Member } from '../wire/server-frame.ts';
import type { Gap } from './sequencer.ts';

/** Called with every message, in order, each once. What it throws is reported and changes nothing for the next one. */
export type MessageHandler = (message: Message) => unknown;

export interface SubscribeOptions {
  /**
   * The last message you have: delivery starts behind it; `0` is before everything that is still kept. Without it, delivery
   * starts with the first message from now on.
   */
  readonly after?: number;
  /** Unsubscribes when it aborts. */
  readonly signal?: AbortSignal;
  /** These messages cannot be had any more; the next one delivered is behind them. */
  readonly onLost?: (gap: Gap) => unknown;
  /** After an interruption, everything that was missed has been delivered. */
  readonly onRecovered?: () => unknown;
  readonly onJoined?: (member: Member) => unknown;
  readonly onLeft?: (member: Member) => unknown;
  /** No message will follow: unsubscribed, closed, or refused, which comes with the error. */
  readonly onEnd?: (error: FanfareError | undefined) => unknown;
}

/**
 * One handler's place in a channel.
 *
 * @example
 * const subscription = connection.channel('chat:room').subscribe(show, { after: saved });
 * window.addEventListener('pagehide', () => save(subscription.position));
 */
export interface Subscription {
  readonly channel: string;
  /** The last message delivered: pass it as `after` to go on from there. `undefined` where there is no history. */
  readonly position: number | undefined;
  /**
   * Settles when the server has confirmed it for the first time.
   * @throws FanfareError when it is refused or ended before.
   */
  readonly ready: Promise<void>;
  unsubscribe(): void;
}
