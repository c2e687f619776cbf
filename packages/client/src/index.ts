/** The public API of the client: everything that applications import. */

import { Client } from './lib/client.ts';
import type { Connection } from './lib/connection.ts';
import { type Options, settingsOf } from './lib/settings/settings.ts';

export type { Message } from 'fanfare-protocol/message';
export type { Channel, PublishOptions } from './lib/channel/channel.ts';
export type { Published } from './lib/channel/outbox.ts';
export type { MessageHandler, SubscribeOptions, Subscription } from './lib/channel/subscription.ts';
export type { Connection } from './lib/connection.ts';
export type { ConnectionEvents, ConnectionState, Gap } from './lib/events/connection-events.ts';
export type { Cancel, Clock } from './lib/platform/clock.ts';
export type { WebSocketConstructor, WebSocketLike } from './lib/platform/web-socket.ts';
export type { BackoffPolicy } from './lib/settings/backoff.ts';
export type { HeartbeatPolicy, Options } from './lib/settings/settings.ts';
// biome-ignore lint/performance/noBarrelFile: applications import from one place
export { type FailureCode, FanfareError } from './lib/wire/errors.ts';
export type { Member } from './lib/wire/server-frame.ts';

/**
 * Connects, and stays connected until `close()` is called or the signal aborts.
 *
 * @param url The output `WebSocketUrl` of the stack, or `ws://localhost:8080/local`.
 * @throws TypeError for a text that is not a URL, or if the platform has no WebSocket and the options name none.
 * @example
 * const connection = connect('wss://example.com/live', { token: () => fetchToken() });
 * connection.channel('chat:room').subscribe(({ data }) => console.log(data));
 */
export function connect(url: string, options: Options = {}): Connection {
  return new Client(settingsOf(url, options), options.signal);
}
