/** The options of `connect`, and what they are when nothing is said. */

import { CLIENT_PREFIX } from 'fanfare-protocol/subprotocol';
import { type Clock, systemClock, Timers } from '../platform/clock.ts';
import { newKey } from '../platform/random-key.ts';
import { platformWebSocket, type WebSocketConstructor } from '../platform/web-socket.ts';
import type { HeartbeatPolicy } from '../socket/heartbeat.ts';
import type { Answer } from '../socket/in-flight.ts';
import { type BackoffPolicy, delayMs } from './backoff.ts';
import { lifetimeMs } from './token-lifetime.ts';

const MINUTE = 60_000;

/** Up to a tenth of the age, so that clients that came together do not rotate together. */
const ROTATION_JITTER = 0.1;

/** So much of what is left of a token is used, before jitter; the rest is for getting the next one, and for clocks. */
const RENEWAL = 0.9;

export interface Options {
  /**
   * Who this is: a token, or a function that gets a fresh one for every attempt to connect. With a function, the
   * connection is also replaced before a JWT's `exp`.
   */
  readonly token?: string | (() => string | Promise<string>);
  /** @default the platform's own; Node before version 22 has none, pass that of the package `ws` */
  readonly webSocket?: WebSocketConstructor;
  /** Closes the connection when it aborts. */
  readonly signal?: AbortSignal;
  /** How long a reply may take. Milliseconds. @default 10 seconds */
  readonly requestTimeoutMs?: number;
  /** @default { baseMs: 500, capMs: 30_000, stableMs: 10_000 } */
  readonly backoff?: Partial<BackoffPolicy>;
  /** @default { idleMs: 4.5 minutes, timeoutMs: 5 seconds } */
  readonly heartbeat?: Partial<HeartbeatPolicy>;
  /**
   * Age at which a connection is replaced, less up to a tenth; the platform closes it at 2 hours. Milliseconds.
   * @default 1 hour 50 minutes
   */
  readonly rotateAfterMs?: number;
  /** Unacknowledged publishes that are kept; one more is refused with `overflow`. @default 1000 */
  readonly maxPending?: number;
  /** A number in [0, 1). @default Math.random */
  readonly random?: () => number;
  /** @default the system's */
  readonly clock?: Clock;
}

/** Everything decided. */
export interface Settings {
  readonly url: string;
  token(): Promise<string | undefined>;
  /** Offered on every socket: by this the server knows the keys of a client that has no user (docs/protocol.md). */
  readonly name: string;
  readonly webSocket: WebSocketConstructor;
  readonly clock: Timers;
  readonly requestTimeoutMs: number;
  readonly backoff: BackoffPolicy;
  readonly heartbeat: HeartbeatPolicy;
  readonly maxPending: number;
  /** The age at which a connection with this token is replaced, counted from now. Milliseconds. */
  rotateAfterMs(secret: string | undefined): number;
  /** The delay after so many failures, not shorter than the server asks for. Milliseconds. */
  retryMs(failures: number, answer?: Answer): number;
  /** Whether a function gives the tokens, so that one that has expired is followed by another one. */
  readonly isRenewable: boolean;
}

export function settingsOf(url: string, options: Options): Settings {
  const {
    token,
    webSocket = platformWebSocket(),
    requestTimeoutMs = 10_000,
    rotateAfterMs = 110 * MINUTE,
    maxPending = 1_000,
    random = Math.random,
    clock = systemClock,
  } = options;
  const backoff = { baseMs: 500, capMs: 30_000, stableMs: 10_000, ...options.backoff };
  const isRenewable = typeof token === 'function';
  return {
    url,
    token: async () => (isRenewable ? token() : token),
    name: CLIENT_PREFIX + newKey(),
    webSocket,
    clock: new Timers(clock),
    requestTimeoutMs,
    backoff,
    heartbeat: { idleMs: 4.5 * MINUTE, timeoutMs: 5_000, ...options.heartbeat },
    maxPending,
    rotateAfterMs(secret) {
      const leftMs = isRenewable ? lifetimeMs(secret, clock.now()) : 0;
      const ageMs = leftMs > 0 ? Math.min(rotateAfterMs, RENEWAL * leftMs) : rotateAfterMs;
      return ageMs * (1 - ROTATION_JITTER * random());
    },
    retryMs: (failures, answer) => Math.max(answer?.retryAfter ?? 0, delayMs(failures, backoff, random())),
    isRenewable,
  };
}
