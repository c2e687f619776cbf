/** The authorizer of a WebSocket API: its function, and the identity sources that a client must send. */

import { StartError } from '../start-error.ts';
import type { ApiParts, Authorizer } from './apis.ts';
import { invokedBy } from './function-arn.ts';
import type { Resource } from './resources.ts';

export interface AuthorizerModel {
  readonly functionName: string;
  /** If one is missing in a request, the answer is 401 (AU-3). */
  readonly identitySources: readonly IdentitySource[];
}

export interface IdentitySource {
  readonly place: 'header' | 'querystring';
  readonly name: string;
}

type Route = Resource<'AWS::ApiGatewayV2::Route'>;

const IDENTITY_SOURCE = /^route\.request\.(header|querystring)\.(.+)$/;

/**
 * The authorizer of the route `$connect`. Other routes cannot have one (AU-1).
 *
 * @throws StartError that names a route or an authorizer whose authorization would not be checked here.
 */
export function connectAuthorizer(parts: ApiParts): AuthorizerModel | undefined {
  const routes = parts['AWS::ApiGatewayV2::Route'];
  const authorizers = routes.flatMap((route) => authorizerOf(route, parts) ?? []);
  return authorizers.map((authorizer) => authorizerModel(authorizer, parts)).at(0);
}

function authorizerOf(route: Route, parts: ApiParts): Authorizer | undefined {
  const { RouteKey, AuthorizationType, AuthorizerId } = route;
  if (AuthorizationType === 'NONE') {
    if (AuthorizerId === undefined) return undefined;
    throw new StartError(`The route ${RouteKey} has an authorizer, and the authorization NONE.`);
  }
  if (AuthorizationType === 'AWS_IAM')
    throw new StartError(
      `The local runtime cannot serve ${route.logicalId} (AWS::ApiGatewayV2::Route): AuthorizationType AWS_IAM is not checked on ${RouteKey}.`,
    );
  if (RouteKey !== '$connect')
    throw new StartError(`The route ${RouteKey} has an authorizer, which only $connect can have.`);
  const found = parts.authorizers.get(AuthorizerId);
  if (found) return found;
  throw new StartError(`The route ${RouteKey} has no authorizer, and the authorization CUSTOM.`);
}

function authorizerModel(authorizer: Authorizer, parts: ApiParts): AuthorizerModel {
  const { logicalId, AuthorizerUri, IdentitySource } = authorizer;
  const functionName = invokedBy(AuthorizerUri, parts);
  if (functionName === undefined)
    throw new StartError(`The authorizer ${logicalId} invokes no function of the template.`);
  return { functionName, identitySources: IdentitySource.map((source) => identitySource(source, logicalId)) };
}

function identitySource(source: string, logicalId: string): IdentitySource {
  const [, place, name] = IDENTITY_SOURCE.exec(source) ?? [];
  if (name === undefined)
    throw new StartError(`The local runtime does not know the identity source ${source} of ${logicalId}.`);
  return { place: place === 'header' ? 'header' : 'querystring', name };
}
