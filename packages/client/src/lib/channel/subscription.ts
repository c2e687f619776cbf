/** A subscription, as the application holds it. */

import type { Message } from 'fanfare-protocol/message';
import type { Gap } from '../events/connection-events.ts';
import type { FanfareError } from '../wire/errors.ts';
import type { ServerFrame } from '../wire/server-frame.ts';

/** Gets every message once and in order. What it throws becomes the event `error`; the next message follows all the same. */
export type MessageHandler<Data = unknown> = (message: Message<Data>) => unknown;

export interface SubscribeOptions {
  /**
   * The `seq` of the last message that the application has: delivery begins behind it. `0` begins with the oldest message that is
   * still kept. Without it, delivery begins with the next message that is published.
   */
  readonly after?: number;
  /**
   * Begins with the newest messages of the channel: this many, or as many as it keeps. Later ones follow without a gap. After a loss of
   * the connection, delivery goes on where it was. With `after`, it has no effect. 0 to 1000.
   */
  readonly last?: number;
  /** Unsubscribes when it aborts. */
  readonly signal?: AbortSignal;
  /** Called when messages were deleted before they could be delivered. The next message delivered comes after the gap. */
  readonly onLost?: (gap: Gap) => unknown;
  /** Called when everything that was missed during an interruption has been delivered. */
  readonly onRecovered?: () => unknown;
  /**
   * Called once, when no message will follow. `error` is the server's refusal; it is `undefined` after `unsubscribe()`, the
   * signal, or the end of the connection. Not called for a subscription to a connection that is already closed: its `ready` rejects.
   */
  readonly onEnd?: (error: FanfareError | undefined) => unknown;
  /** @internal For the other doors: a frame of the channel that brings no messages. Each call of the application goes through `call`. */
  readonly onFrame?: (frame: ServerFrame, call: (run: () => unknown) => void) => unknown;
}

/**
 * One handler's subscription to one channel.
 *
 * @example
 * const subscription = connection.channel('chat:room').subscribe(show, { after: saved });
 * window.addEventListener('pagehide', () => save(subscription.position));
 */
export interface Subscription {
  readonly channel: string;
  /** The `seq` of the last message delivered. Pass it as `after` to go on from there. `undefined` without history. */
  readonly position: number | undefined;
  /**
   * Settles when the server has confirmed the subscription for the first time.
   *
   * @throws FanfareError the server's refusal, or `closed` if the subscription ended before.
   */
  readonly ready: Promise<void>;
  unsubscribe(): void;
}
