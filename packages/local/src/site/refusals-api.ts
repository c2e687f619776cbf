/** Tells the pages of this very server why handshakes were refused. The guard keeps those of other sites away. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusals } from '../gateway/refusals.ts';
import { replyError } from '../web/error-reply.ts';

/** Beside the console, whose pages ask for it. */
export const REFUSALS_PATH = '/console/refusals.json';

export function answerRefusals(refusals: Refusals, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'GET')
    replyError(response, 405, 'MethodNotAllowedException', 'GET reads the refusals');
  else tell(refusals, response);
}

function tell(refusals: Refusals, response: ServerResponse): void {
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(JSON.stringify(refusals.list()));
}
