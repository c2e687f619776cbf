/** The options of `connect`, and their defaults. */

import { CLIENT_PREFIX } from 'fanfare-protocol/subprotocol';
import { type Clock, systemClock, Timers } from '../platform/clock.ts';
import { newKey } from '../platform/random-key.ts';
import { platformWebSocket, type WebSocketConstructor } from '../platform/web-socket.ts';
import { type BackoffPolicy, delayMs } from './backoff.ts';
import { lifetimeMs } from './token-lifetime.ts';

const MINUTE = 60_000;

/** Rotation comes earlier by up to a tenth, at random, so that clients that connected together do not rotate together. */
const ROTATION_JITTER = 0.1;

/** The share of a token's remaining life after which it is renewed. The rest is for fetching the next one, and for wrong clocks. */
const RENEWAL = 0.9;

export interface HeartbeatPolicy {
  /** The client pings after this long without a frame in either direction. API Gateway closes the socket at 10 minutes. Milliseconds. */
  readonly idleMs: number;
  /** How long the client waits for the pong before it closes the socket. Milliseconds. */
  readonly timeoutMs: number;
}

export interface Options {
  /**
   * A token that names the user, or a function that fetches a fresh one for every attempt to connect. With a function, the client
   * also replaces its socket before the `exp` of a JWT. A string is never renewed. Omit it to connect anonymously.
   */
  readonly token?: string | (() => string | Promise<string>);
  /** @default the platform's own. Node before version 22 has none: pass the class of the package `ws`. */
  readonly webSocket?: WebSocketConstructor;
  /** Closes the connection when it aborts. */
  readonly signal?: AbortSignal;
  /** How long the client waits for a reply. Milliseconds. @default 10 seconds */
  readonly requestTimeoutMs?: number;
  /** The delays between attempts to connect. @default { baseMs: 500, capMs: 30_000, stableMs: 10_000 } */
  readonly backoff?: Partial<BackoffPolicy>;
  /** When to ping. @default { idleMs: 4.5 minutes, timeoutMs: 5 seconds } */
  readonly heartbeat?: Partial<HeartbeatPolicy>;
  /**
   * The age at which a socket is replaced, less up to a tenth at random. API Gateway closes each socket after 2 hours.
   * Milliseconds. @default 1 hour 50 minutes
   */
  readonly rotateAfterMs?: number;
  /** How many publishes may wait for their acknowledgement. One more rejects with `overflow`. @default 1000 */
  readonly maxPending?: number;
  /** Returns a number in [0, 1). @default Math.random */
  readonly random?: () => number;
  /** @default the system's clock */
  readonly clock?: Clock;
}

/** The options with their defaults, and the values that follow from them. */
export interface Settings {
  readonly url: string;
  token(): Promise<string | undefined>;
  /** A random name that every socket offers. The server uses it to recognize the keys of an anonymous client (docs/protocol.md). */
  readonly name: string;
  readonly webSocket: WebSocketConstructor;
  readonly clock: Timers;
  readonly requestTimeoutMs: number;
  readonly backoff: BackoffPolicy;
  readonly heartbeat: HeartbeatPolicy;
  readonly maxPending: number;
  /** The time from now until a socket with this token is replaced. Milliseconds. */
  rotateAfterMs(openedWith: string | undefined): number;
  /** The delay after this number of failures in a row, and at least the `retryAfter` of the last one. Milliseconds. */
  retryMs(failures: number, last?: { readonly retryAfter?: number | undefined }): number;
  /** Whether a function gives the tokens, so that the next one can follow an expired one. */
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
    rotateAfterMs(openedWith) {
      const leftMs = isRenewable ? lifetimeMs(openedWith, clock.now()) : 0;
      const ageMs = leftMs > 0 ? Math.min(rotateAfterMs, RENEWAL * leftMs) : rotateAfterMs;
      return ageMs * (1 - ROTATION_JITTER * random());
    },
    retryMs: (failures, last) => Math.max(last?.retryAfter ?? 0, delayMs(failures, backoff, random())),
    isRenewable,
  };
}
