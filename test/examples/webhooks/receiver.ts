/** A webhook on this machine, which records its requests and gives the answers of the test. */

import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnLoopback } from '../../loopback.ts';

interface Received {
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
  const { url, close } = await listenOnLoopback(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    response.writeHead(next.status, next.headers).end();
  });
  return {
    url: `${url}/hook`,
    received,
    answer(status, headers = {}) {
      next = { status, headers };
    },
    [Symbol.asyncDispose]: close,
  };
}
