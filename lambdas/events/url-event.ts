/** The events of the function URL, as far as they are used, and what is read from them. */

import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ProtocolError } from 'fanfare-protocol/errors';
import { SESSION_LENGTH_MAX, SESSION_LENGTH_MIN } from 'fanfare-protocol/limits';
import { Query } from 'fanfare-protocol/query';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html */
export type UrlEvent = Pick<
  APIGatewayProxyEventV2,
  'rawPath' | 'rawQueryString' | 'headers' | 'body' | 'isBase64Encoded'
> & {
  readonly requestContext: {
    readonly requestId: string;
    readonly timeEpoch: number;
    readonly http: { readonly method: string; readonly sourceIp: string };
  };
};

export interface FallbackRequest {
  /** `GET /poll` */
  readonly route: string;
  readonly query: Query;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** From the platform, never from a header. */
  readonly sourceIp: string;
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

export function requestOf(event: UrlEvent): FallbackRequest {
  const { rawPath, rawQueryString, headers, body = '', isBase64Encoded, requestContext } = event;
  const { requestId, timeEpoch, http } = requestContext;
  return {
    route: `${http.method} ${withoutSlashesBehind(rawPath)}`,
    // Not from the event's own table, in which a comma may stand between two channels or inside one.
    query: new Query(rawQueryString),
    headers,
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
    sourceIp: http.sourceIp,
    requestId,
    receivedAt: timeEpoch,
  };
}

/** A loop, because a regular expression would start again at each slash, and this runs before the client is admitted. */
function withoutSlashesBehind(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

const SESSION = new RegExp(`^[A-Za-z0-9_-]{${SESSION_LENGTH_MIN},${SESSION_LENGTH_MAX}}$`);

const SESSION_RULE = `session must be random: ${SESSION_LENGTH_MIN} to ${SESSION_LENGTH_MAX} of A-Za-z0-9_-`;

/** @throws ProtocolError `bad-request`. */
export function sessionIn({ query }: FallbackRequest): string {
  const session = query.one('session') ?? '';
  if (SESSION.test(session)) return session;
  throw new ProtocolError('bad-request', `${SESSION_RULE}.`);
}
