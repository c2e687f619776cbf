/** The WebSocket APIs of a template: stages, routes and authorizers. */

import { isReadable } from '../languages/selection-expression.ts';
import { StartError } from '../start-error.ts';
import { type Api, type ApiParts, apisOf, onlyStage, partsOf } from './apis.ts';
import { type AuthorizerModel, connectAuthorizer } from './authorizer-model.ts';
import { type IntegrationModel, integrationModel } from './integration-model.ts';
import type { Resources } from './resources.ts';
import { type StageThrottles, stageThrottles } from './stage-throttles.ts';

export interface WebSocketApiModel {
  readonly apiId: string;
  readonly stageName: string;
  readonly routeSelectionExpression: string;
  readonly routes: ReadonlyMap<string, RouteModel>;
  /** Decides on every connection before `$connect` runs (AU-1). */
  readonly authorizer: AuthorizerModel | undefined;
  /** Whether the app's functions check the origin of pages themselves. @default false */
  readonly admitsAnyPage?: boolean | undefined;
  /** Every event contains them (EV-8b). */
  readonly stageVariables?: Readonly<Record<string, string>> | undefined;
  /** Enforced only if the user asks for quotas. */
  readonly throttles: StageThrottles;
}

interface RouteModel {
  readonly integration: IntegrationModel;
  /** Whether the route is two-way: the client gets the result of the integration (PR-3). */
  readonly replies: boolean;
}

/** @throws StartError that names what of them the runtime cannot serve. */
export function webSocketApiModels(resources: Resources): WebSocketApiModel[] {
  return apisOf(resources, 'WEBSOCKET').map((api) => webSocketApiModel(api, partsOf(resources, api)));
}

function webSocketApiModel(api: Api, parts: ApiParts): WebSocketApiModel {
  return {
    apiId: api.logicalId,
    stageName: onlyStage(api, parts).StageName,
    stageVariables: onlyStage(api, parts).StageVariables,
    throttles: stageThrottles(onlyStage(api, parts)),
    routeSelectionExpression: selectionExpression(api),
    authorizer: connectAuthorizer(parts),
    ...(api.admitsAnyPage && { admitsAnyPage: true }),
    routes: routeModels(parts),
  };
}

/** The only route keys that may begin with `$` (RT-7). */
const OWN_ROUTES: ReadonlySet<string> = new Set(['$connect', '$disconnect', '$default']);

function selectionExpression({ logicalId, RouteSelectionExpression }: Api): string {
  if (RouteSelectionExpression === undefined)
    throw new StartError(`The WebSocket API ${logicalId} has no RouteSelectionExpression.`);
  if (isReadable(RouteSelectionExpression)) return RouteSelectionExpression;
  throw new StartError(
    `The local runtime cannot read the RouteSelectionExpression of ${logicalId}, ${RouteSelectionExpression}. It reads names and indexes, as in $request.body.items[0]['kind'].`,
  );
}

function routeModels(parts: ApiParts): Map<string, RouteModel> {
  const replying = new Set(parts['AWS::ApiGatewayV2::RouteResponse'].map(({ RouteId }) => RouteId));
  const integrations = new Map(
    parts['AWS::ApiGatewayV2::Integration'].map((integration) => [
      integration.logicalId,
      integrationModel(integration, parts),
    ]),
  );
  return new Map(
    parts['AWS::ApiGatewayV2::Route'].map(({ logicalId, RouteKey, Target }) => {
      const integration = integrations.get(Target.replace('integrations/', ''));
      if (!integration) throw new StartError(`The route ${RouteKey} has no integration.`);
      if (RouteKey.startsWith('$') && !OWN_ROUTES.has(RouteKey))
        throw new StartError(`The route key ${RouteKey} begins with $, as only those of the platform do.`);
      return [RouteKey, { integration, replies: replying.has(logicalId) }] as const;
    }),
  );
}
