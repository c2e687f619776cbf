/** Gives the pages of this server the reasons of refused handshakes. The guard refuses pages of other sites. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusals } from '../gateway/refusals.ts';
import { replyError } from '../web/error-reply.ts';

/** Below the path of the pages, which fetch it. */
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
