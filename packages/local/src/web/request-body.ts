/** Reads the body of a request, as far as a limit allows. */

import type { IncomingMessage } from 'node:http';

/**
 * The whole body, or `undefined` once it is over the limit.
 *
 * @throws Error when the client leaves before its end.
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  const { chunks, size } = await read(request, limitBytes);
  return size <= limitBytes ? joined(chunks) : undefined;
}

/**
 * The whole body, however long it is.
 *
 * @throws Error when the client leaves before its end.
 */
export async function wholeBody(request: IncomingMessage): Promise<Buffer> {
  const { chunks } = await read(request, Number.POSITIVE_INFINITY);
  return joined(chunks);
}

/** Most come in one piece, which needs no copy. */
function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return first && chunks.length === 1 ? first : Buffer.concat(chunks);
}

const LEFT = 'The client has left in the middle of its request.';

interface Body {
  readonly chunks: readonly Buffer[];
  readonly size: number;
}

/** By its events: to iterate over a stream costs as much as all else about a small request. */
function read(request: IncomingMessage, limitBytes: number): Promise<Body> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) chunks.push(chunk);
    });
    request.on('end', () => resolve({ chunks, size }));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.readableEnded) reject(new Error(LEFT));
    });
    if (request.destroyed) reject(new Error(LEFT));
  });
}
