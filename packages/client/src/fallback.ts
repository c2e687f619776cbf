/**
 * The client for networks that block WebSockets: the same connection, which falls back to HTTP, and returns to a WebSocket by itself.
 *
 * The core client only gets a WebSocket constructor, and does not know the fallbacks. It resumes, orders, publishes and rotates
 * as usual. A change of transport is a rotation to it, so no message is lost or repeated.
 */

import { FRAME_BYTES, MESSAGE_BYTES } from 'fanfare-protocol/limits';
import { Client } from './lib/client.ts';
import type { Connection } from './lib/connection.ts';
import { Climber } from './lib/fallback/climber.ts';
import { Ladder } from './lib/fallback/ladder.ts';
import { ladderSocket } from './lib/fallback/ladder-socket.ts';
import { choicesOf, type FallbackOptions } from './lib/fallback/options.ts';
import { dials, type Transport } from './lib/fallback/transports.ts';
import { WatchedSocket } from './lib/fallback/watched-socket.ts';
import { onWakeUp } from './lib/platform/wake-up.ts';
import { settingsOf } from './lib/settings/settings.ts';

export type { FallbackOptions } from './lib/fallback/options.ts';
export type { ProbePolicy } from './lib/fallback/probe-policy.ts';
export type { Transport } from './lib/fallback/transports.ts';

/** Each transport carries a command of any size that the server takes: above a frame, by HTTP. Bytes. */
const MORE_BYTES = MESSAGE_BYTES - FRAME_BYTES;

/** The transport that opened last in this page, by URL. The next connection begins with it. */
const lastOpened = new Map<string, Transport>();

/** The server ends a stream whose client has sent nothing for five minutes. Milliseconds. */
const LONGEST_SILENCE_MS = 270_000;

/**
 * Connects by the first transport that works, and stays connected until `close()` is called or the signal aborts.
 *
 * @param url The output `WebSocketUrl` of the stack.
 * @throws TypeError if an option is wrong, or if the platform has no WebSocket and the options name none.
 * @example
 * const connection = connect('wss://example.com/live', {
 *   fallbackUrl: 'https://example.lambda-url.eu-central-1.on.aws/',
 *   token: () => fetchToken(),
 *   onTransport: (transport) => (badge.textContent = transport),
 * });
 */
export function connect(url: string, options: FallbackOptions): Connection {
  const { transports, onTransport, probe: policy, ...choices } = choicesOf(url, options);
  const { clock, openTimeoutMs } = choices;
  const ladder = new Ladder(transports, lastOpened.get(url));
  const dial = dials({ ...choices, url });
  const climber = new Climber({
    ...choices,
    ladder,
    policy,
    dial(transport, token) {
      const socket = dial[transport](client.settings.offer(token));
      return new WatchedSocket(socket, { clock, openTimeoutMs, opened() {}, ended() {} });
    },
    onBetter: () => client.renew(),
  });
  let reported: Transport | undefined;
  const onChange = () => {
    climber.plan();
    const { inUse } = ladder;
    if (inUse === undefined || inUse === reported) return;
    reported = inUse;
    lastOpened.set(url, inUse);
    client.guarded(() => onTransport(inUse));
  };
  const listening = new AbortController();
  // Registered before the core's own listener, which dials at once. The ladder has to be reset before that.
  onWakeUp(() => climber.wakeUp(), listening);
  const webSocket = ladderSocket({ ...choices, ladder, dials: dial, onChange });
  const heartbeat = { idleMs: LONGEST_SILENCE_MS, ...options.heartbeat };
  const client = new Client(
    settingsOf(url, { ...options, webSocket, heartbeat }, MORE_BYTES),
    options.signal,
  );
  const end = () => {
    if (client.state !== 'closed') return;
    listening.abort();
    climber.stop();
    clock.end();
  };
  client.on('state', end);
  end();
  return client;
}
