/** The options of `connect`, and what they are when nothing is said. */

import { type BackoffPolicy, delayMs } from './backoff.ts';
import { type Clock, systemClock, Timers } from './clock.ts';
import { FanfareError, isTransient } from './errors.ts';
import type { HeartbeatPolicy } from './heartbeat.ts';
import type { Answer } from './in-flight.ts';
import { platformWebSocket, type WebSocketConstructor } from './web-socket.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

/** Up to a tenth of the age, so that clients that came together do not rotate together. */
const ROTATION_JITTER = 0.1;

export interface Options {
  /** Who this is: a token, or a function that gets a fresh one for every attempt. */
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
  readonly webSocket: WebSocketConstructor;
  readonly clock: Timers;
  readonly requestTimeoutMs: number;
  readonly backoff: BackoffPolicy;
  readonly heartbeat: HeartbeatPolicy;
  readonly maxPending: number;
  /** The age at which the next connection is replaced. Milliseconds. */
  rotationMs(): number;
  /** The delay after so many failures, the server's own wish first. Milliseconds. */
  retryMs(failures: number, answer?: Answer): number;
  /** Whether the same command may succeed later, or with a new token. */
  mayPass(answer: Answer | undefined): boolean;
  /** Whether it was refused for its old token, and a new one can be had. */
  mayRenew(answer: Answer | undefined): boolean;
}

export function settingsOf(url: string, options: Options): Settings {
  const { token, random = Math.random, rotateAfterMs = 110 * MINUTE } = options;
  const backoff = { baseMs: 500, capMs: 30 * SECOND, stableMs: 10 * SECOND, ...options.backoff };
  const mayRenew = (answer: Answer | undefined) =>
    answer instanceof FanfareError && answer.code === 'token-expired' && typeof token === 'function';
  return {
    url,
    token: async () => (typeof token === 'function' ? token() : token),
    webSocket: options.webSocket ?? platformWebSocket(),
    clock: new Timers(options.clock ?? systemClock),
    requestTimeoutMs: options.requestTimeoutMs ?? 10 * SECOND,
    backoff,
    heartbeat: { idleMs: 4.5 * MINUTE, timeoutMs: 5 * SECOND, ...options.heartbeat },
    maxPending: options.maxPending ?? 1_000,
    rotationMs: () => rotateAfterMs * (1 - ROTATION_JITTER * random()),
    retryMs: (failures, answer) => answer?.retryAfter ?? delayMs(failures, backoff, random()),
    mayPass: (answer) => mayRenew(answer) || (answer instanceof FanfareError && isTransient(answer)),
    mayRenew,
  };
}
