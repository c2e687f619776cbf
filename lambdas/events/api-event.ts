/** The events of an HTTP API, payload format 2.0, as far as they are used. */

import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type Grants, grants } from 'fanfare-protocol/grants';
import { Query } from 'fanfare-protocol/query';
import * as v from 'valibot';
import type { Sender } from '../realtime/log/sender.ts';

export type ApiEvent = Pick<
  APIGatewayProxyEventV2,
  'routeKey' | 'rawQueryString' | 'pathParameters' | 'body' | 'isBase64Encoded'
> & { readonly requestContext: { readonly requestId: string; readonly authorizer?: unknown } };

export interface ApiRequest {
  /** `GET /connections/{connectionId}`, as the route was declared. */
  readonly routeKey: string;
  /** From the query, each value as often as it was sent, and from the path. */
  readonly parameters: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Text; empty if there is no body. */
  readonly body: string;
}

/** The event of the authorizer. */
export interface ApiAuthorizerEvent {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly requestContext: { readonly requestId: string };
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export function apiRequestOf(event: ApiEvent): ApiRequest {
  const { routeKey, rawQueryString, pathParameters, body = '', isBase64Encoded } = event;
  const query = new Query(rawQueryString);
  return {
    routeKey,
    // Not from the event's own table, in which a comma may stand between two values or inside one.
    // The path last: no query can stand for it.
    parameters: {
      ...Object.fromEntries(query.names.map((name) => [name, query.all(name)])),
      ...pathParameters,
    },
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
  };
}

/** The context that `authorize-api` makes of a token. */
const fromToken = v.object({
  lambda: v.object({
    server: v.string(),
    channels: v.optional(v.pipe(v.string(), v.parseJson(), grants)),
  }),
});

/** The context that the gateway makes of a request that was signed for IAM. */
const fromSignature = v.object({ iam: v.object({ userId: v.string() }) });

/** A server that was let in. */
export interface ApiCaller {
  readonly sender: Sender;
  /** The channels that the token names. A request that was signed for IAM has no token, but the rights of its role. */
  readonly grants: Grants | undefined;
}

/**
 * The caller, as the gateway attests it.
 *
 * @throws ValiError for a request that no authorizer has let in.
 */
export function apiCallerOf({ requestContext: { authorizer } }: ApiEvent): ApiCaller {
  if (v.is(fromSignature, authorizer)) return { sender: principal(authorizer.iam.userId), grants: undefined };
  const { server, channels } = v.parse(fromToken, authorizer).lambda;
  return { sender: { kind: 'server', id: server }, grants: channels };
}

/**
 * The sender of requests that an IAM principal signs. A colon and the name of the session follow the unique id of a role. The
 * name of the session changes each time that the role is assumed.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
 */
function principal(userId: string): Sender {
  const [id = ''] = userId.split(':');
  return { kind: 'principal', id };
}
