/**
 * The URL of a function: every request invokes the function, with any method and path.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Functions } from '../functions/functions.ts';
import { SYNCHRONOUS_BYTES } from '../functions/invoke-api.ts';
import type { Outcome } from '../functions/outcome.ts';
import type { AppDoor } from '../guard/pages.ts';
import { invokeFunctionUrl } from '../permissions/needs.ts';
import type { Guard } from '../permissions/permissions.ts';
import { verdictOn } from '../signature/verdict.ts';
import { ACCOUNT } from '../template/account.ts';
import { functionArn } from '../template/function-arn.ts';
import type { FunctionUrlModel } from '../template/function-url-model.ts';
import { readBody } from '../web/request-body.ts';
import { allowsOrigin, isPreflight, preflightReply, withCors } from './cors.ts';
import { type HttpReply, jsonReply, sendHttpReply } from './http-reply.ts';
import { eventBody, requestEvent } from './proxy-event.ts';
import { type ResultRules, replyOfResult } from './proxy-result.ts';
import { localIdentity } from './request-authorization.ts';
import { type RequestFacts, receivedRequest, requestFacts } from './request-facts.ts';
import { StreamedReply } from './streamed-reply.ts';

const rules: ResultRules = { contentType: 'application/json', sendsStringsAsTheyAre: false };

/** The answer if the function fails, times out or returns an invalid result. */
const FAILED: HttpReply = {
  status: 502,
  headers: { 'content-type': 'application/json' },
  cookies: [],
  body: Buffer.from('Internal Server Error'),
};

const FORBIDDEN = jsonReply(403, { Message: 'Forbidden' });
const TOO_LARGE = jsonReply(413, { Message: 'Request Entity Too Large' });

export class FunctionUrl {
  private readonly model: FunctionUrlModel;
  private readonly functions: Functions;
  private readonly guard: Guard;

  constructor(model: FunctionUrlModel, functions: Functions, guard: Guard) {
    this.model = model;
    this.functions = functions;
    this.guard = guard;
  }

  /** Pages of other machines may send requests if CORS names their origin, if requests are signed, or if the template allows any page. */
  get door(): AppDoor {
    const { cors, authorization, admitsAnyPage = false } = this.model;
    return { admits: (origin) => admitsAnyPage || authorization === 'iam' || allowsOrigin(cors, origin) };
  }

  /** @param path The part of the request's path after the function's name, percent-encoded. */
  async answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { cors, authorization } = this.model;
    const facts = requestFacts(request);
    const send = (reply: HttpReply) => sendHttpReply(response, withCors(reply, cors, facts));
    if (cors && isPreflight(facts)) return sendHttpReply(response, preflightReply(cors, facts, 200));
    const body = await readBody(request, SYNCHRONOUS_BYTES);
    if (!body) return send(TOO_LARGE);
    if (authorization === 'iam' && !this.isAllowed(facts, body)) return send(FORBIDDEN);
    const requestId = randomUUID();
    const event = this.eventOf(facts, path, body, requestId);
    await (this.model.streams
      ? this.stream(event, facts, requestId, response)
      : this.buffer(event, requestId, send));
  }

  private isAllowed(facts: RequestFacts, body: Buffer): boolean {
    if (verdictOn(receivedRequest(facts), body, 'lambda') !== 'signed') return false;
    const need = () => [invokeFunctionUrl(functionArn(this.model.functionName))];
    return this.guard.refusalOf(facts.headers['authorization'], need) === undefined;
  }

  private async buffer(event: unknown, requestId: string, send: (reply: HttpReply) => void): Promise<void> {
    send(replyOf(await this.functions.invoke(this.model.functionName, event, requestId)));
  }

  /** A function that does not stream may have a streaming URL. Its answer is the same as with another URL. */
  private async stream(
    event: unknown,
    facts: RequestFacts,
    requestId: string,
    response: ServerResponse,
  ): Promise<void> {
    const { functionName, cors } = this.model;
    const reply = new StreamedReply({
      response,
      finish: (head) => withCors(head, cors, facts),
      failure: FAILED,
    });
    const outcome = await this.functions.invoke(functionName, event, requestId, reply.write);
    if (reply.begun) reply.end(outcome.kind === 'result');
    else sendHttpReply(response, withCors(replyOf(outcome), cors, facts));
  }

  private eventOf(facts: RequestFacts, path: string, body: Buffer, requestId: string) {
    const { urlId, authorization } = this.model;
    const isIam = authorization === 'iam';
    const event = requestEvent(facts, {
      accountId: isIam ? ACCOUNT : 'anonymous',
      apiId: urlId,
      stage: '$default',
      routeKey: '$default',
      path: path || '/',
      requestId,
      keepsCookieHeader: true,
    });
    return {
      ...event,
      requestContext: { ...event.requestContext, ...(isIam && { authorizer: localIdentity() }) },
      ...eventBody(body, facts.headers['content-type']),
    };
  }
}

function replyOf(outcome: Outcome): HttpReply {
  return (outcome.kind === 'result' ? replyOfResult(outcome.value, rules) : undefined) ?? FAILED;
}
