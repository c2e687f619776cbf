/** Somebody's server on this machine, which keeps what it is sent and answers what a test wants. */

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
  /** The status of every answer from now on. */
  answer(status: number, headers?: Readonly<Record<string, string>>): void;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let next: { status: number; headers: Readonly<Record<string, string>> } = { status: 204, headers: {} };
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    response.writeHead(next.status, next.headers).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answer(status, headers = {}) {
      next = { status, headers };
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
