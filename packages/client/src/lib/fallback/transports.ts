/** The transports, best first, and how to open a socket on each of them. */

import { CLIENT_PREFIX } from 'fanfare-protocol/subprotocol';
import type { Timers } from '../platform/clock.ts';
import { platformWebSocket, type WebSocketConstructor, type WebSocketLike } from '../platform/web-socket.ts';
import { eventStream } from './http/event-stream.ts';
import { HttpSocket, type Receive } from './http/http-socket.ts';
import { LargeCommands } from './http/large-commands.ts';
import { polling, sendingOnly } from './http/polling.ts';
import { Session } from './http/session.ts';

export const TRANSPORTS = ['websocket', 'sse', 'polling'] as const;

export type Transport = (typeof TRANSPORTS)[number];

/**
 * Opens a socket.
 *
 * @param protocols As `offer()` of the settings makes them: the protocol, the client's name, and the token if there is one.
 */
export type Dial = (protocols: string[]) => WebSocketLike;

export interface DialOptions {
  readonly url: string;
  readonly fallbackUrl: string;
  /** @default the platform's own */
  readonly webSocket: WebSocketConstructor | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Timers;
  readonly pollEveryMs: number | undefined;
}

export function dials(options: DialOptions): Readonly<Record<Transport, Dial>> {
  const { url, fallbackUrl, webSocket, fetch, clock, pollEveryMs } = options;
  const overHttp =
    (receive: Receive): Dial =>
    ([, name = '', token]) => {
      const client = name.slice(CLIENT_PREFIX.length);
      return new HttpSocket(new Session({ url: fallbackUrl, token, client, fetch }), receive);
    };
  const upload = overHttp(sendingOnly(clock));
  return {
    websocket(protocols) {
      const socket = new (webSocket ?? platformWebSocket())(url, protocols);
      return new LargeCommands(socket, () => upload(protocols));
    },
    sse: overHttp(eventStream(clock)),
    polling: overHttp(polling(clock, pollEveryMs)),
  };
}
