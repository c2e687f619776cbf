/**
 * The hot half of the management API: one POST per subscriber, with keep-alive and a prepared signing key.
 *
 * The SDK client spends most of a post's time on its own middleware, and a broadcast is nothing but posts.
 */

import type { Dispatcher, Pool } from 'undici';
import type { PostOutcome } from '../realtime/ports.ts';
import { requestSigner, type Signatory, sha256 } from './request-signer.ts';

export interface PosterOptions {
  /** `https://{apiId}.execute-api.{region}.amazonaws.com/{stage}` (MG-3) */
  readonly endpoint: string;
  /** Asked again after a short while: to refresh credentials ahead of their end is the provider's business. */
  readonly signatory: () => Promise<Signatory>;
  /** Sockets kept open; more posts than that wait for one. */
  readonly sockets: number;
  /** A post without an answer is given up after this, give or take half a second. Milliseconds. */
  readonly timeoutMs: number;
  /** Certificate to trust beside the usual ones, for an endpoint with one of its own. */
  readonly ca?: string;
}

/** Posts one frame, once. */
export type Poster = (connectionId: string, frame: Uint8Array) => Promise<PostOutcome>;

/** Credentials are taken for good this long: far less than the minutes by which a provider refreshes them early. */
const SIGNATORY_MS = 30_000;

const CONNECT_TIMEOUT_MS = 1_000;

/** Between two broadcasts sockets stay open this long; one that the other side closed first costs a retry. */
const KEEP_ALIVE_MS = 30_000;

export function poster(options: PosterOptions): Poster {
  const { origin, host, pathname } = new URL(options.endpoint);
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
    const headers = sign({ method: 'POST', host, path, bodyHash: hashOf(frame) }, by, now);
    return new Promise<PostOutcome>((resolve) => {
      via.dispatch({ path, method: 'POST', headers, body: frame }, new OutcomeOnly(resolve));
    });
  }

  async function sendFirst(now: number, connectionId: string, frame: Uint8Array): Promise<PostOutcome> {
    const by = await signatory.ask(now);
    return send(await open(), by, now, connectionId, frame);
  }

  return function post(connectionId, frame) {
    const now = Date.now();
    const by = signatory.known(now);
    return pool && by ? send(pool, by, now, connectionId, frame) : sendFirst(now, connectionId, frame);
  };
}

/** Loaded with the first post, so that a function which never broadcasts starts without it. */
async function openPool(origin: string, { sockets, timeoutMs, ca }: PosterOptions): Promise<Pool> {
  const { default: UndiciPool } = await import('undici/lib/dispatcher/pool.js');
  return new UndiciPool(origin, {
    connections: sockets,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS, ...(ca !== undefined && { ca }) },
  });
}

/** What the platform's answers come to; everything else has failed. */
const outcomes: Readonly<Record<number, PostOutcome>> = { 200: 'sent', 410: 'gone', 429: 'throttled' };

export function outcomeOf(status: number): PostOutcome {
  return outcomes[status] ?? 'failed';
}

/** Reads a response for its status; the body says nothing that a broadcast could use. */
class OutcomeOnly implements Dispatcher.DispatchHandler {
  private status = 0;
  private readonly resolve: (outcome: PostOutcome) => void;

  constructor(resolve: (outcome: PostOutcome) => void) {
    this.resolve = resolve;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.status = status;
  }

  onResponseData(): void {}

  onResponseEnd(): void {
    this.resolve(outcomeOf(this.status));
  }

  onResponseError(): void {
    this.resolve('failed');
  }
}

/** The last answer of something that is slow to ask, for as long as it may be taken for good. */
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
