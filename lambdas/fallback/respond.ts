/** Answers a request. It admits the client first, and every failure has a body. */

import { ProtocolError } from 'fanfare-protocol/errors';
import { type FallbackRequest, requestOf, type UrlEvent } from '../events/url-event.ts';
import { protocolErrorOf } from '../realtime/failures.ts';
import { logLines } from '../realtime/log-lines.ts';
import { admitRequest } from './admit-request.ts';
import { close } from './close.ts';
import { runCommands } from './commands.ts';
import type { AdmittedRequest, FallbackContext, Route } from './context.ts';
import { corsHeaders, preflight } from './cors.ts';
import { type HttpAnswer, refusal } from './http-answer.ts';
import { openStream } from './open-stream.ts';
import { poll } from './poll.ts';

/** Every request that is served, by method and path. */
export const routes: ReadonlyMap<string, Route> = new Map([
  ['GET /', openStream],
  ['POST /', runCommands],
  ['DELETE /', close],
  ['GET /poll', poll],
]);

export async function respond(
  event: UrlEvent,
  remainingMs: AdmittedRequest['remainingMs'],
  context: FallbackContext,
): Promise<HttpAnswer> {
  const request = requestOf(event);
  const { origins } = context.admissions.policy;
  const origin = request.headers['origin'];
  const answer = request.route.startsWith('OPTIONS ')
    ? preflight(origins, origin)
    : await answerTo(request, remainingMs, context);
  const headers = { 'Cache-Control': 'no-store', ...answer.headers, ...corsHeaders(origins, origin) };
  return { ...answer, headers };
}

async function answerTo(
  request: FallbackRequest,
  remainingMs: AdmittedRequest['remainingMs'],
  context: FallbackContext,
): Promise<HttpAnswer> {
  try {
    const route = routes.get(request.route);
    if (!route) throw new ProtocolError('not-found', 'There is GET /, POST /, DELETE / and GET /poll.');
    const admitted = await admitRequest(request, context);
    return await route({ ...request, ...admitted, remainingMs }, context);
  } catch (error) {
    const report = {
      log: context.ports.log,
      message: logLines.requestFailed,
      requestId: request.requestId,
    };
    return refusal(protocolErrorOf(error, report));
  }
}
