/**
 * The hot half of the management API: one POST per subscriber, with keep-alive and a prepared signing key.
 *
 * The SDK client spends most of a post's time on its own middleware, and a broadcast consists of posts.
 */

import type { Pool } from 'undici';
import type { PostOutcome } from '../realtime/connections/outbound.ts';
import { refusalIn } from '../realtime/platform-refusal.ts';
import { PostAnswer } from './post-answer.ts';
import { requestSigner, type Signatory, sha256 } from './request-signer.ts';

export interface PosterOptions {
  /** `https://{apiId}.execute-api.{region}.amazonaws.com/{stage}` (MG-3) */
  readonly endpoint: string;
  /** Asked again after a short while: to refresh credentials ahead of their end is the provider's business. */
  readonly signatory: () => Promise<Signatory>;
  /** Sockets kept open; more posts than that wait for one. */
  readonly sockets: number;
  /** A post without an answer is given up after this time, with a tolerance of half a second. Milliseconds. */
  readonly timeoutMs: number;
  /** A socket that takes longer to open fails its post: TLS costs more than a post does. Milliseconds. */
  readonly connectTimeoutMs?: number;
  /** A further certificate to trust, for an endpoint with a certificate of its own. */
  readonly ca?: string;
  /** Called with the reason why a post failed. */
  readonly onFailure?: (reason: string) => void;
}

/** Posts one frame, once. */
export type Poster = (connectionId: string, frame: Uint8Array) => Promise<PostOutcome>;

/** How long credentials are reused. A provider refreshes them minutes before they expire, which is much longer. */
const SIGNATORY_MS = 30_000;

/**
 * In a fresh process 32 TLS handshakes at once take 80 ms of a core, and 128 take 250 ms (measured once: Node.js 20, RSA 2048). A
 * function of 256 MB has a seventh of a core, one of 128 MB half of that: up to 3.5 s. Milliseconds.
 */
export const CONNECT_TIMEOUT_MS = 5_000;

/** Between two broadcasts sockets stay open this long; one that the other side closed first costs a retry. */
const KEEP_ALIVE_MS = 30_000;

/** The one that the SDK sends. */
const CONTENT_TYPE = 'application/octet-stream';

export function poster(options: PosterOptions): Poster {
  const { origin, host, pathname } = new URL(options.endpoint);
  const { onFailure = () => {} } = options;
  const sign = requestSigner('execute-api');
  const signatory = remembered(options.signatory, SIGNATORY_MS);
  let hashed: { readonly frame: Uint8Array; readonly hash: string } | undefined;
  let opening: Promise<Pool> | undefined;
  let pool: Pool | undefined;

  /** One frame goes to many connections: it is hashed for the first. */
  function hashOf(frame: Uint8Array): string {
    if (hashed?.frame !== frame) hashed = { frame, hash: sha256(frame) };
    return hashed.hash;
  }

  async function open(): Promise<Pool> {
    opening ??= openPool(origin, options);
    pool = await opening;
    return pool;
  }

  function send(via: Pool, by: Signatory, now: number, connectionId: string, frame: Uint8Array) {
    // Ids end in `=`, which must be encoded (MG-4).
    const path = `${pathname}/%40connections/${encodeURIComponent(connectionId)}`;
    const request = { method: 'POST', host, path, contentType: CONTENT_TYPE, bodyHash: hashOf(frame) };
    const headers = sign(request, by, now);
    return new Promise<PostOutcome>((resolve) => {
      via.dispatch({ path, method: 'POST', headers, body: frame }, new PostAnswer(resolve, onFailure));
    });
  }

  async function sendFirst(now: number, connectionId: string, frame: Uint8Array): Promise<PostOutcome> {
    try {
      const by = await signatory.ask(now);
      return await send(await open(), by, now, connectionId, frame);
    } catch (error) {
      return unsent(error, onFailure);
    }
  }

  return function post(connectionId, frame) {
    const now = Date.now();
    const by = signatory.known(now);
    return pool && by ? send(pool, by, now, connectionId, frame) : sendFirst(now, connectionId, frame);
  };
}

/** Without credentials no post can be signed. */
function unsent(error: unknown, onFailure: (reason: string) => void): PostOutcome {
  const reason = refusalIn(error);
  if (reason !== undefined) return { refused: 'every post', reason };
  onFailure(error instanceof Error ? error.name : 'unknown');
  return 'failed';
}

/** Loaded with the first post, so that a function which never broadcasts starts without it. */
async function openPool(
  origin: string,
  { sockets, timeoutMs, connectTimeoutMs = CONNECT_TIMEOUT_MS, ca }: PosterOptions,
): Promise<Pool> {
  const { default: UndiciPool } = await import('undici/lib/dispatcher/pool.js');
  return new UndiciPool(origin, {
    connections: sockets,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: { timeout: connectTimeoutMs, ...(ca !== undefined && { ca }) },
  });
}

/** Keeps the last answer of a slow function, and returns it while it is young enough. */
function remembered<Value extends object>(ask: () => Promise<Value>, lifetimeMs: number) {
  let last: { readonly value: Value; readonly until: number } | undefined;
  return {
    known: (now: number): Value | undefined => (last && now < last.until ? last.value : undefined),
    async ask(now: number): Promise<Value> {
      const value = await ask();
      last = { value, until: now + lifetimeMs };
      return value;
    },
  };
}
