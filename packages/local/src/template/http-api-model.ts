/** The HTTP APIs of a template: stages, routes, functions and authorization. */

import { StartError } from '../start-error.ts';
import { type Api, type ApiParts, apisOf, type Integration, onlyStage, partsOf } from './apis.ts';
import { functionNameOf, hasFunction, invokedBy } from './function-arn.ts';
import { type HttpAuthorization, routeAuthorization } from './http-authorization-model.ts';
import { type RouteKey, routeKey } from './http-route-key.ts';
import type { CorsConfiguration, Resource, Resources } from './resources.ts';

export interface HttpApiModel {
  readonly apiId: string;
  readonly stageName: string;
  readonly stageVariables: Readonly<Record<string, string>> | undefined;
  readonly routes: readonly HttpRouteModel[];
  readonly cors: CorsConfiguration | undefined;
  /** Whether the app's functions check the origin of pages themselves. @default false */
  readonly admitsAnyPage?: boolean | undefined;
}

export interface HttpRouteModel {
  readonly key: RouteKey;
  readonly authorization: HttpAuthorization;
  readonly functionName: string;
  /** How long the gateway waits for the function. */
  readonly timeoutMs: number;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const INTEGRATION_TIMEOUT_MS = 30_000;

/** @throws StartError that names what of them the runtime cannot serve. */
export function httpApiModels(resources: Resources): HttpApiModel[] {
  return apisOf(resources, 'HTTP').map((api) => httpApiModel(api, partsOf(resources, api)));
}

function httpApiModel(api: Api, parts: ApiParts): HttpApiModel {
  const { StageName, StageVariables } = onlyStage(api, parts);
  return {
    apiId: api.logicalId,
    stageName: StageName,
    stageVariables: StageVariables,
    routes: parts['AWS::ApiGatewayV2::Route'].map((route) => routeModel(route, parts)),
    cors: api.CorsConfiguration,
    ...(api.admitsAnyPage && { admitsAnyPage: true }),
  };
}

function routeModel(route: Resource<'AWS::ApiGatewayV2::Route'>, parts: ApiParts): HttpRouteModel {
  const integration = parts.integrations.get(integrationId(route.Target));
  if (!integration) throw new StartError(`The route ${route.RouteKey} has no integration.`);
  return {
    key: routeKey(route.RouteKey),
    authorization: routeAuthorization(route, parts),
    functionName: integratedFunction(integration, parts),
    timeoutMs: integration.TimeoutInMillis ?? INTEGRATION_TIMEOUT_MS,
  };
}

/** A route targets `integrations/<logical id>`. */
function integrationId(target: string): string {
  return target.replace(/^integrations\//, '');
}

/** Unlike a WebSocket API, an HTTP API may name a function by its ARN alone. */
function integratedFunction(integration: Integration, parts: ApiParts): string {
  const { logicalId, IntegrationType, IntegrationUri = '', PayloadFormatVersion } = integration;
  if (IntegrationType !== 'AWS_PROXY')
    throw new StartError(`The local runtime does not know the type ${IntegrationType} of ${logicalId}.`);
  if (PayloadFormatVersion !== '2.0')
    throw new StartError(
      `The local runtime serves the PayloadFormatVersion 2.0, and not that of ${logicalId}.`,
    );
  if (integration.RequestParameters !== undefined || integration.ResponseParameters !== undefined)
    throw new StartError(`The local runtime does not map the parameters of ${logicalId}.`);
  const name = functionNameOf(IntegrationUri);
  const functionName = hasFunction(parts, name) ? name : invokedBy(IntegrationUri, parts);
  if (functionName !== undefined) return functionName;
  throw new StartError(`The integration ${logicalId} invokes no function of the template.`);
}
