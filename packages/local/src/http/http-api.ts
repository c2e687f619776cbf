/** The HTTP API: each authorized request goes to the function of its route. */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Meter, NO_METER } from '../bill/meter.ts';
import { type IntegrationOutcome, type Invoke, runIntegration } from '../gateway/integration.ts';
import type { AppDoor } from '../guard/pages.ts';
import type { Guard } from '../permissions/permissions.ts';
import { ACCOUNT } from '../template/account.ts';
import type { HttpApiModel, HttpRouteModel } from '../template/http-api-model.ts';
import { decodeSegment } from '../web/path-segment.ts';
import { readBody } from '../web/request-body.ts';
import { allowsOrigin, isPreflight, preflightReply, withCors } from './cors.ts';
import { type HttpReply, jsonReply, sendHttpReply } from './http-reply.ts';
import { eventBody, requestEvent } from './proxy-event.ts';
import { type ResultRules, replyOfResult } from './proxy-result.ts';
import { permissionOf } from './request-authorization.ts';
import { type RequestFacts, requestFacts } from './request-facts.ts';
import { matchRoute, type RouteMatch } from './route-match.ts';

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
export const REQUEST_BYTES = 10 * 1024 * 1024;

/** The name of the stage that is served at the root. */
const ROOT_STAGE = '$default';

const rules: ResultRules = { contentType: 'text/plain; charset=utf-8', sendsStringsAsTheyAre: true };

/** The messages of the gateway's own answers. */
const messages = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

export class HttpApi {
  private readonly model: HttpApiModel;
  private readonly invoke: Invoke;
  private readonly guard: Guard;
  private readonly meter: Meter;

  constructor(model: HttpApiModel, invoke: Invoke, guard: Guard, meter: Meter = NO_METER) {
    this.model = model;
    this.invoke = invoke;
    this.guard = guard;
    this.meter = meter;
  }

  /**
   * Whether a path belongs to this API. Every path is below the stage `$default`. The path of the stage itself may also be the WebSocket
   * endpoint, so that it belongs here only if a route matches it.
   */
  serves(path: string): boolean {
    const { stageName } = this.model;
    if (stageName === ROOT_STAGE || path.startsWith(`/${stageName}/`)) return true;
    return path === `/${stageName}` && this.hasRouteOfStage();
  }

  get apiId(): string {
    return this.model.apiId;
  }

  /** Pages of other machines may use a route if CORS names their origin, or if the route has an authorizer or IAM. */
  doorOf(request: IncomingMessage): AppDoor {
    return { admits: (origin) => this.admits(origin, requestFacts(request)) };
  }

  private admits(origin: string | undefined, { method, path }: RequestFacts): boolean {
    const { routes, cors, admitsAnyPage = false } = this.model;
    if (admitsAnyPage || allowsOrigin(cors, origin)) return true;
    // The browser has not named the origin, so that an authorizer could not check it.
    if (origin === undefined) return false;
    const match = matchRoute(routes, method, this.belowStage(path));
    return match !== undefined && match.route.authorization.kind !== 'none';
  }

  get isAtRoot(): boolean {
    return this.model.stageName === ROOT_STAGE;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const facts = requestFacts(request);
    const requestId = randomUUID();
    const reply = await this.replyTo(facts, request, requestId);
    sendHttpReply(response, { ...reply, headers: { ...reply.headers, 'apigw-requestid': requestId } });
  }

  private async replyTo(
    facts: RequestFacts,
    request: IncomingMessage,
    requestId: string,
  ): Promise<HttpReply> {
    const { cors, routes } = this.model;
    const match = matchRoute(routes, facts.method, this.belowStage(facts.path));
    // A route for OPTIONS gets the request itself, with its own authorization.
    if (!match && cors && isPreflight(facts)) return preflightReply(cors, facts, 204);
    const body = match && (await readBody(request, REQUEST_BYTES));
    const reply = body ? await this.run(match, facts, body, requestId) : failure(match ? 413 : 404);
    return withCors(reply, cors, facts);
  }

  private async run(
    { route, pathParameters }: RouteMatch<HttpRouteModel>,
    facts: RequestFacts,
    body: Buffer,
    requestId: string,
  ): Promise<HttpReply> {
    const { apiId, stageName: stage, stageVariables } = this.model;
    // An HTTP API decodes the path (github.com/middleapi/standard-server/pull/93). The path includes the stage.
    const path = facts.path.split('/').map(decodeSegment).join('/');
    const event = requestEvent(facts, {
      accountId: ACCOUNT,
      apiId,
      stage,
      stageVariables,
      routeKey: route.key.text,
      path,
      pathParameters,
      requestId,
      keepsCookieHeader: false,
    });
    const question = { facts, body, event, resource: this.belowStage(path) };
    const permission = await permissionOf(route.authorization, question, this.invoke, this.guard);
    if (!permission.allowed) return failure(permission.status);
    const { authorizer } = permission;
    const complete = {
      ...event,
      requestContext: { ...event.requestContext, ...(authorizer && { authorizer }) },
      ...eventBody(body, facts.headers['content-type']),
    };
    const { functionName, timeoutMs } = route;
    const reply = replyOf(
      await runIntegration({ kind: 'function', functionName, timeoutMs }, complete, this.invoke),
    );
    // AWS does not charge a request that the authorizer refuses (docs/bill-meter.md).
    this.meter.httpRequest(route.key.text, Math.max(body.length, reply.body.length));
    return reply;
  }

  private hasRouteOfStage(): boolean {
    const { routes } = this.model;
    return routes.some((route) => matchRoute([route], route.key.pattern?.method ?? 'ANY', '/') !== undefined);
  }

  private belowStage(path: string): string {
    const { stageName } = this.model;
    return stageName === ROOT_STAGE ? path : path.slice(`/${stageName}`.length) || '/';
  }
}

/** A timeout is answered 503 (github.com/cortexlabs/cortex/issues/1225), every other failure 500. */
function replyOf(outcome: IntegrationOutcome): HttpReply {
  if (outcome.kind === 'timed-out') return failure(503);
  if (outcome.kind !== 'result') return failure(500);
  return replyOfResult(outcome.value, rules) ?? failure(500);
}

function failure(status: keyof typeof messages): HttpReply {
  return jsonReply(status, { message: messages[status] });
}
