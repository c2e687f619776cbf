/**
 * The hot half of the management API: one POST per subscriber, with keep-alive and a prepared signing key.
 *
 * The SDK client spends most of a post's time on its own middleware; a broadcast is nothing but posts. So posts that go
 * well take this way, and whatever does not is left to the SDK client, which retries and names errors.
 */

import http from 'node:http';
import https from 'node:https';
import { requestSigner, type Signatory, sha256 } from './request-signer.ts';

export interface PosterOptions {
  /** `https://{apiId}.execute-api.{region}.amazonaws.com/{stage}` */
  readonly endpoint: string;
  /** Asked before every post; refreshing credentials ahead of their end is the provider's business. */
  readonly signatory: () => Promise<Signatory>;
  /** Sockets kept open. */
  readonly sockets: number;
  /** A post without an answer is given up after this. Milliseconds. */
  readonly timeoutMs: number;
}

/** Posts one frame and answers the HTTP status; rejects when there was no answer. */
export type Poster = (connectionId: string, frame: Uint8Array) => Promise<number>;

export function poster({ endpoint, signatory, sockets, timeoutMs }: PosterOptions): Poster {
  const { protocol, hostname, port, host, pathname } = new URL(endpoint);
  const transport = protocol === 'http:' ? http : https;
  const agent = new transport.Agent({ keepAlive: true, maxSockets: sockets });
  const sign = requestSigner('execute-api');
  const hashes = new WeakMap<Uint8Array, string>();

  /** One frame goes to many connections: it is hashed for the first. */
  function hashOf(frame: Uint8Array): string {
    const hash = hashes.get(frame) ?? sha256(frame);
    hashes.set(frame, hash);
    return hash;
  }

  return async function post(connectionId, frame) {
    // Ids end in `=`, which must be encoded (MG-4).
    const path = `${pathname}/%40connections/${encodeURIComponent(connectionId)}`;
    const signed = sign(
      { method: 'POST', host, path, bodyHash: hashOf(frame) },
      await signatory(),
      new Date(),
    );
    const headers = { ...signed, 'content-length': frame.byteLength };
    return new Promise((resolve, reject) => {
      const request = transport.request({
        hostname,
        port,
        path,
        method: 'POST',
        headers,
        agent,
        timeout: timeoutMs,
      });
      request.on('response', (response) => {
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', reject);
        response.resume();
      });
      request.on('timeout', () => request.destroy(new Error('The post was not answered in time')));
      request.on('error', reject);
      request.end(frame);
    });
  };
}
