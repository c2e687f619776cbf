/** The authorization of the routes of an HTTP API. */

import { StartError } from '../start-error.ts';
import type { ApiParts, Authorizer } from './apis.ts';
import type { IdentitySource } from './authorizer-model.ts';
import { invokedBy } from './function-arn.ts';
import type { Resource } from './resources.ts';

export type HttpAuthorization =
  | { readonly kind: 'none' }
  /** Requests must be signed with the credentials of functions. */
  | { readonly kind: 'iam' }
  | HttpAuthorizerModel;

/** A function decides. */
export interface HttpAuthorizerModel {
  readonly kind: 'function';
  readonly functionName: string;
  /** If one is missing in a request, the answer is 401. */
  readonly identitySources: readonly IdentitySource[];
}

type Route = Resource<'AWS::ApiGatewayV2::Route'>;

const IDENTITY_SOURCE = /^\$request\.(header|querystring)\.(.+)$/;

/** @throws StartError that names a route or an authorizer whose authorization would not be checked here. */
export function routeAuthorization(route: Route, parts: ApiParts): HttpAuthorization {
  const { RouteKey, AuthorizationType, AuthorizerId } = route;
  if (AuthorizationType !== 'CUSTOM' && AuthorizerId !== undefined)
    throw new StartError(
      `The route ${RouteKey} has an authorizer, and the authorization ${AuthorizationType}.`,
    );
  if (AuthorizationType === 'NONE') return { kind: 'none' };
  if (AuthorizationType === 'AWS_IAM') return { kind: 'iam' };
  const authorizer = parts.authorizers.get(AuthorizerId);
  if (authorizer) return authorizerModel(authorizer, parts);
  throw new StartError(`The route ${RouteKey} has no authorizer, and the authorization CUSTOM.`);
}

function authorizerModel(authorizer: Authorizer, parts: ApiParts): HttpAuthorizerModel {
  const { logicalId, AuthorizerUri, AuthorizerPayloadFormatVersion, EnableSimpleResponses } = authorizer;
  if (AuthorizerPayloadFormatVersion !== '2.0' || !EnableSimpleResponses)
    throw new StartError(
      `The local runtime serves authorizers with AuthorizerPayloadFormatVersion 2.0 and EnableSimpleResponses, unlike ${logicalId}.`,
    );
  const functionName = invokedBy(AuthorizerUri, parts);
  if (functionName === undefined)
    throw new StartError(`The authorizer ${logicalId} invokes no function of the template.`);
  const identitySources = authorizer.IdentitySource.map((source) => identitySource(source, logicalId));
  return { kind: 'function', functionName, identitySources };
}

function identitySource(source: string, logicalId: string): IdentitySource {
  const [, place, name] = IDENTITY_SOURCE.exec(source) ?? [];
  if (name === undefined)
    throw new StartError(`The local runtime does not know the identity source ${source} of ${logicalId}.`);
  return { place: place === 'header' ? 'header' : 'querystring', name };
}
