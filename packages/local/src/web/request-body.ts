/** Reads the body of a request up to a limit. */

import type { IncomingMessage } from 'node:http';

/**
 * The whole body, or `undefined` if it is over the limit.
 *
 * @throws Error if the client leaves before the end of the body.
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  const { chunks, size } = await read(request, limitBytes);
  return size <= limitBytes ? joined(chunks) : undefined;
}

/**
 * The whole body, of any length.
 *
 * @throws Error if the client leaves before the end of the body.
 */
export async function wholeBody(request: IncomingMessage): Promise<Buffer> {
  const { chunks } = await read(request, Number.POSITIVE_INFINITY);
  return joined(chunks);
}

/** Most bodies come in one chunk, which needs no copy. */
function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return first && chunks.length === 1 ? first : Buffer.concat(chunks);
}

const LEFT = 'The client has left in the middle of its request.';

interface Body {
  readonly chunks: readonly Buffer[];
  readonly size: number;
}

/** Uses the events of the stream. Iteration would take as long as all the rest of a small request. */
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
