/** The options of `connect`, and their defaults. */

import { CLIENT_PREFIX, SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
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
  /**
   * The longest silence of the server before the client pings. The first ping of a socket comes after half of it, and only a socket whose
   * ping had a pong then may be silent for longer. API Gateway closes a socket after 10 minutes of silence. Milliseconds.
   */
  readonly idleMs: number;
  /**
   * The same, once a socket was lost in silence: a router or proxy on the way forgets silent connections, often after 30 or
   * 60 seconds. Set it to `idleMs` if the client shall not learn. Milliseconds.
   */
  readonly shortIdleMs: number;
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
  /** The delays between attempts to connect. @default { baseMs: 500, capMs: 90_000, stableMs: 10_000 } */
  readonly backoff?: Partial<BackoffPolicy>;
  /** When to ping. @default { idleMs: 9 minutes, shortIdleMs: 25 seconds, timeoutMs: 5 seconds } */
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

/**
 * The policy, and what the connection has learned about it. A router or proxy on the way may forget a silent connection without a word, and
 * messages then get lost until the next ping. So the first socket that is lost in silence shortens `idleMs`.
 */
interface Heartbeats extends HeartbeatPolicy {
  /** How long the next pong may take, if that is more than `timeoutMs`: pongs came late. Milliseconds. */
  pongMs: number;
  /** Until then, by the clock, the client pings after `shortIdleMs`. */
  doubtUntil: number;
}

/** The options with their defaults, and the values that follow from them. */
export interface Settings {
  readonly url: string;
  token(): Promise<string | undefined>;
  /** A token that came too late for its attempt, which was given up. The next attempt uses it. */
  unused?: string | undefined;
  /**
   * The subprotocols that a socket offers: the protocol, a random name, and the token if there is one. Browsers cannot send headers with
   * a WebSocket, so the token travels there. The server recognizes the keys of an anonymous client by the name (docs/protocol.md).
   */
  offer(token: string | undefined): string[];
  readonly webSocket: WebSocketConstructor;
  /** How much larger than a frame a single command may be. Bytes. */
  readonly moreBytes: number;
  readonly timers: Timers;
  readonly requestTimeoutMs: number;
  readonly backoff: BackoffPolicy;
  readonly rhythm: Heartbeats;
  readonly maxPending: number;
  /** The time from now until a socket with this token is replaced. Milliseconds. */
  rotateAfterMs(openedWith: string | undefined): number;
  /** The delay after this number of failures in a row, and at least the `retryAfter` of the last one. Milliseconds. */
  retryMs(failures: number, last?: { readonly retryAfter?: number | undefined }): number;
  /** Whether a function gives the tokens, so that the next one can follow an expired one. */
  readonly isRenewable: boolean;
}

/** @param moreBytes how much larger than a frame a command may be, if its sockets carry such commands. Bytes. */
export function settingsOf(url: string, options: Options, moreBytes = 0): Settings {
  const { token, random = Math.random } = options;
  const backoff = { baseMs: 500, capMs: 90_000, stableMs: 10_000, ...options.backoff };
  const clock = new Timers(options.clock ?? systemClock);
  const name = CLIENT_PREFIX + newKey();
  const isRenewable = typeof token === 'function';
  // Throws for a URL that no platform can dial. Otherwise the connection would try it for ever.
  new URL(url);
  return {
    url,
    token: async () => (isRenewable ? token() : token),
    offer: (given) => [SUBPROTOCOL, name].concat(given ?? []),
    webSocket: options.webSocket ?? platformWebSocket(),
    moreBytes,
    timers: clock,
    requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
    backoff,
    rhythm: {
      idleMs: 9 * MINUTE,
      shortIdleMs: 25_000,
      timeoutMs: 5_000,
      ...options.heartbeat,
      pongMs: 0,
      doubtUntil: 0,
    },
    maxPending: options.maxPending ?? 1_000,
    rotateAfterMs(openedWith) {
      const longestMs = options.rotateAfterMs ?? 110 * MINUTE;
      const leftMs = isRenewable ? lifetimeMs(openedWith, clock.date()) : 0;
      const ageMs = leftMs > 0 ? Math.min(longestMs, RENEWAL * leftMs) : longestMs;
      return ageMs * (1 - ROTATION_JITTER * random());
    },
    retryMs: (failures, last) => Math.max(last?.retryAfter ?? 0, delayMs(failures, backoff, random())),
    isRenewable,
  };
}
