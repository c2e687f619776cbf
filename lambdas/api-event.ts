/** The events of an HTTP API, payload format 2.0, as far as they are used. */

import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import { Query } from '../protocol/query.ts';
import { type Grants, grants } from './identity/grants.ts';
import type { ApiRequest } from './operations/respond.ts';

export type ApiEvent = Pick<
  APIGatewayProxyEventV2,
  'routeKey' | 'rawQueryString' | 'pathParameters' | 'body' | 'isBase64Encoded'
> & { readonly requestContext: { readonly requestId: string; readonly authorizer?: unknown } };

/** What the authorizer gets. */
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

const fromAuthorizer = v.object({
  // `null` where the authorizer's context has nothing in it.
  lambda: v.nullable(v.object({ channels: v.optional(v.pipe(v.string(), v.parseJson(), grants)) })),
});

/** What the server's token names. Requests that were signed for IAM carry no token, and have the rights of their role. */
export function grantsOf({ requestContext: { authorizer } }: ApiEvent): Grants | undefined {
  if (!v.is(v.object({ lambda: v.unknown() }), authorizer)) return undefined;
  return v.parse(fromAuthorizer, authorizer).lambda?.channels;
}
