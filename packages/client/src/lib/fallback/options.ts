/** The options of `connect` with fallbacks, and their defaults. */

import { systemClock, Timers } from '../platform/clock.ts';
import { platformWebSocket, type WebSocketConstructor } from '../platform/web-socket.ts';
import type { Options } from '../settings/settings.ts';
import type { ProbePolicy } from './probe-policy.ts';
import { TRANSPORTS, type Transport } from './transports.ts';

export interface FallbackOptions extends Options {
  /** The output `FallbackUrl` of the stack. */
  readonly fallbackUrl: string;
  /** The transports to use, best first. @default ['websocket', 'sse', 'polling'] */
  readonly transports?: readonly Transport[];
  /** Called with the first transport in use, and at each change. What it throws becomes the event `error`. */
  readonly onTransport?: (transport: Transport) => unknown;
  /** How long a socket may take to open, on any transport. Milliseconds. @default 8 seconds */
  readonly openTimeoutMs?: number;
  /** Polls at this interval, and the server answers at once. Milliseconds. @default long polling, which waits for messages */
  readonly pollEveryMs?: number;
  /** When to probe whether a better transport works by now. @default { baseMs: 30_000, capMs: 300_000 } */
  readonly probe?: Partial<ProbePolicy>;
  /** @default the platform's own */
  readonly fetch?: typeof globalThis.fetch;
}

/** The options with their defaults, as far as the core client does not read them itself. */
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

/** @throws TypeError that names the wrong option. */
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
    // In browsers, `fetch` throws if it is called as a method of another object.
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

/** The token goes to this URL, so it must be encrypted if the WebSocket is. */
function checkUrl(url: string, fallbackUrl: string): void {
  const allowed = /^(wss|https):/i.test(url) ? /^https:\/\/./i : /^https?:\/\/./i;
  if (allowed.test(fallbackUrl)) return;
  throw new TypeError(
    `fallbackUrl must begin with https:// (or http://, where the url begins with ws://): ${fallbackUrl}`,
  );
}
