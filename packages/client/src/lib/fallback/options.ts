/** The options of `connect` with fallbacks, and what they are when nothing is said. */

import { systemClock, Timers } from '../platform/clock.ts';
import { platformWebSocket, type WebSocketConstructor } from '../platform/web-socket.ts';
import type { Options } from '../settings/settings.ts';
import type { ProbePolicy } from './probe-policy.ts';
import { TRANSPORTS, type Transport } from './transports.ts';

export interface FallbackOptions extends Options {
  /** Where the fallbacks are: the output `FallbackUrl` of the stack. */
  readonly fallbackUrl: string;
  /** Which ways to use, the one to prefer first. @default ['websocket', 'sse', 'polling'] */
  readonly transports?: readonly Transport[];
  /** Told when messages begin to come by another transport, the first one too. What it throws becomes the event `error`. */
  readonly onTransport?: (transport: Transport) => unknown;
  /** How long a socket of any transport may take to open. Milliseconds. @default 8 seconds */
  readonly openTimeoutMs?: number;
  /** Makes `polling` short: asks at this interval, and no answer waits. Milliseconds. @default long polling */
  readonly pollEveryMs?: number;
  /** When to look whether a better transport works by now. @default { baseMs: 30_000, capMs: 300_000 } */
  readonly probe?: Partial<ProbePolicy>;
  /** @default the platform's own */
  readonly fetch?: typeof globalThis.fetch;
}

/** Everything decided that is not the core's to decide. */
export interface Choices {
  readonly fallbackUrl: string;
  readonly webSocket: WebSocketConstructor | undefined;
  readonly pollEveryMs: number | undefined;
  readonly transports: readonly [Transport, ...Transport[]];
  readonly clock: Timers;
  readonly openTimeoutMs: number;
  readonly stableMs: number;
  readonly probe: ProbePolicy;
  readonly fetch: typeof globalThis.fetch;
  random(): number;
  token(): Promise<string | undefined>;
  onTransport(transport: Transport): unknown;
}

/** @throws TypeError that names the option which is wrong. */
export function choicesOf(url: string, options: FallbackOptions): Choices {
  const {
    fallbackUrl,
    transports = TRANSPORTS,
    webSocket,
    pollEveryMs,
    openTimeoutMs = 8_000,
    onTransport = () => {},
    token,
    fetch = globalThis.fetch,
    random = Math.random,
    clock = systemClock,
  } = options;
  const known = knownTransports(transports);
  checkUrl(url, fallbackUrl);
  if (pollEveryMs !== undefined && !(pollEveryMs >= 0))
    throw new TypeError(`pollEveryMs: ${pollEveryMs} is no time`);
  if (known.includes('websocket') && !webSocket) platformWebSocket();
  return {
    fallbackUrl,
    transports: known,
    webSocket,
    pollEveryMs,
    openTimeoutMs,
    onTransport,
    token: async () => (typeof token === 'function' ? token() : token),
    // Browsers insist on no other object before the dot.
    fetch: (...request) => fetch(...request),
    random,
    clock: new Timers(clock),
    stableMs: options.backoff?.stableMs ?? 10_000,
    probe: { baseMs: 30_000, capMs: 300_000, ...options.probe },
  };
}

function knownTransports(names: readonly Transport[]): [Transport, ...Transport[]] {
  const [first, ...others] = names;
  const areKnown = names.every((name) => TRANSPORTS.includes(name));
  if (first !== undefined && areKnown && new Set(names).size === names.length) return [first, ...others];
  throw new TypeError(
    `transports must name each of ${TRANSPORTS.join(', ')} at most once: [${names.join(', ')}]`,
  );
}

/** The token goes there: never unencrypted, if the WebSocket is not. */
function checkUrl(url: string, fallbackUrl: string): void {
  const allowed = /^(wss|https):/i.test(url) ? /^https:\/\/./i : /^https?:\/\/./i;
  if (allowed.test(fallbackUrl)) return;
  throw new TypeError(
    `fallbackUrl must begin with https:// (or http://, where the url begins with ws://): ${fallbackUrl}`,
  );
}
