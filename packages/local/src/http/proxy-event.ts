/**
 * Makes the event of a request in payload format 2.0, which HTTP APIs and function URLs share.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */

import { forwardedHeaders } from '../web/forwarded-headers.ts';
import { requestTime } from '../web/request-time.ts';
import type { RequestFacts } from './request-facts.ts';

/** The API or URL that received a request. Members that are `undefined` are missing in the event, as on AWS. */
export interface Place {
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly stageVariables?: Readonly<Record<string, string>> | undefined;
  readonly routeKey: string;
  /** The path in the event. */
  readonly path: string;
  readonly pathParameters?: Readonly<Record<string, string>> | undefined;
  readonly requestId: string;
  /** An HTTP API removes this header, because the event has `cookies`. A function URL keeps it. */
  readonly keepsCookieHeader: boolean;
}

/** These headers are about one connection, and not about the request. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect', 'te', 'trailer'];

export type RequestEvent = ReturnType<typeof requestEvent>;

/** The event without its body and without the authorizer's context. */
export function requestEvent(facts: RequestFacts, place: Place) {
  const { routeKey, path, stageVariables, pathParameters } = place;
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: facts.rawQueryString,
    ...(facts.cookies.length > 0 && { cookies: facts.cookies }),
    headers: eventHeaders(facts, place.keepsCookieHeader),
    ...(Object.keys(facts.query).length > 0 && { queryStringParameters: facts.query }),
    requestContext: requestContext(facts, place),
    ...(pathParameters && Object.keys(pathParameters).length > 0 && { pathParameters }),
    ...(stageVariables && { stageVariables }),
  };
}

function requestContext(facts: RequestFacts, place: Place) {
  const { accountId, apiId, path, requestId, routeKey, stage } = place;
  return {
    accountId,
    apiId,
    domainName: facts.host,
    domainPrefix: facts.host.split('.', 1)[0] ?? '',
    http: {
      method: facts.method,
      path,
      protocol: facts.protocol,
      sourceIp: facts.sourceIp,
      userAgent: facts.headers['user-agent'] ?? '',
    },
    requestId,
    routeKey,
    stage,
    time: requestTime(facts.receivedAt),
    timeEpoch: facts.receivedAt,
  };
}

function eventHeaders(facts: RequestFacts, keepsCookieHeader: boolean): Record<string, string> {
  const hidden = new Set(keepsCookieHeader ? HOP_BY_HOP : [...HOP_BY_HOP, 'cookie']);
  const { headers } = facts;
  const forwarded = forwardedHeaders({
    ...facts,
    forwardedFor: headers['x-forwarded-for'],
    traceId: headers['x-amzn-trace-id'],
  });
  return {
    ...Object.fromEntries(Object.entries(headers).filter(([name]) => !hidden.has(name))),
    ...Object.fromEntries(Object.entries(forwarded).map(([name, value]) => [name.toLowerCase(), value])),
  };
}

/**
 * These types are text. All others are binary, including forms and bodies without a type
 * (github.com/ministackorg/ministack/pull/766, seen on AWS).
 */
const TEXT = /^(?:text\/.+|application\/(?:json|javascript|xml))$/;

/** The members of an event that hold the body. An event without a body has no `body`. */
export function eventBody(bytes: Buffer, contentType = '') {
  if (bytes.length === 0) return { isBase64Encoded: false };
  const [mediaType = ''] = contentType.split(';');
  const isBase64Encoded = !TEXT.test(mediaType.trim().toLowerCase());
  return { body: bytes.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
}
