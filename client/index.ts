/** The public API of the client: all that applications import. */

import { Client } from './client.ts';
import type { Connection } from './connection.ts';
import { type Options, settingsOf } from './settings.ts';

export type { Message } from '../protocol/actions.ts';
export type { BackoffPolicy } from './backoff.ts';
export type { Channel, HistoryOptions, HistoryPage, PublishOptions } from './channel.ts';
export type { Cancel, Clock } from './clock.ts';
export type { Connection } from './connection.ts';
// biome-ignore lint/performance/noBarrelFile: applications import from one place
export { type FailureCode, FanfareError } from './errors.ts';
export type { ConnectionEvents, ConnectionState } from './events.ts';
export type { HeartbeatPolicy } from './heartbeat.ts';
export type { Published } from './outbox.ts';
export type { Gap } from './sequencer.ts';
export type { Options } from './settings.ts';
export type { MessageHandler, SubscribeOptions, Subscription } from './subscription.ts';
export type { WebSocketConstructor, WebSocketLike } from './web-socket.ts';
export type { Member } from './wire.ts';

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
