/** The public API of the client: all that applications import. */

import { Client } from './lib/client.ts';
import type { Connection } from './lib/connection.ts';
import { type Options, settingsOf } from './lib/settings.ts';

export type { Message } from 'fanfare-protocol/message';
export type { BackoffPolicy } from './lib/backoff.ts';
export type { Channel, HistoryOptions, HistoryPage, PublishOptions } from './lib/channel.ts';
export type { Cancel, Clock } from './lib/clock.ts';
export type { Connection } from './lib/connection.ts';
// biome-ignore lint/performance/noBarrelFile: applications import from one place
export { type FailureCode, FanfareError } from './lib/errors.ts';
export type { ConnectionEvents, ConnectionState } from './lib/events.ts';
export type { HeartbeatPolicy } from './lib/heartbeat.ts';
export type { Published } from './lib/outbox.ts';
export type { Gap } from './lib/sequencer.ts';
export type { Options } from './lib/settings.ts';
export type { MessageHandler, SubscribeOptions, Subscription } from './lib/subscription.ts';
export type { WebSocketConstructor, WebSocketLike } from './lib/web-socket.ts';
export type { Member } from './lib/wire.ts';

/**
 * Connects, and stays connected until `close()` is called or the signal aborts.
 *
 * @throws TypeError where there is no global WebSocket and none is given.
 * @example
 * const connection = connect('wss://example.com/live', { token: () => fetchToken() });
 * connection.channel('chat:room').subscribe(({ data }) => console.log(data));
 */
export function connect(url: string, options: Options = {}): Connection {
  return new Client(settingsOf(url, options), options.signal);
}
