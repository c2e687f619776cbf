/** What the runtime serves, read from a synthesized template: its APIs, its functions, its tables. */

import { StartError } from '../start-error.ts';
import { type Api, apisOf, partsOf } from './apis.ts';
import { type AuthorizerModel, connectAuthorizer } from './authorizer-model.ts';
import { type EventBusModel, eventBusModel } from './event-bus-model.ts';
import {
  defaultEventInvokeConfig,
  type EventInvokeConfig,
  eventInvokeConfigs,
} from './event-invoke-config.ts';
import { type EventSourceModel, eventSourceModels } from './event-source-model.ts';
import { type FunctionUrlModel, functionUrlModels } from './function-url-model.ts';
import { type HttpApiModel, httpApiModel } from './http-api-model.ts';
import { type IntegrationModel, integrationModel } from './integration-model.ts';
import { type SecretModel, secretModels } from './secret-model.ts';
import { type TableModel, tableModels } from './table-model.ts';
import { type Resources, readTemplate, type Template } from './template.ts';

/** A function as the template declares it. */
export interface FunctionModel {
  readonly name: string;
  /** Key of the code in the asset bucket. */
  readonly s3Key: string;
  /** `file.export` */
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly variables: Readonly<Record<string, string>>;
  /** What becomes of events that nobody waits for. */
  readonly eventInvokeConfig: EventInvokeConfig;
  /** Whether it may be busy with each of many clients for long, because it has a URL that streams. */
  readonly streams: boolean;
}

export interface RouteModel {
  readonly integration: IntegrationModel;
  /** Two-way: what the integration returns goes to the client (PR-3). */
  readonly replies: boolean;
}

export interface AppModel {
  readonly apiId: string;
  readonly stageName: string;
  readonly routeSelectionExpression: string;
  readonly routes: ReadonlyMap<string, RouteModel>;
  /** Decides on every connection before `$connect`, if there is one (AU-1). */
  readonly authorizer: AuthorizerModel | undefined;
  /** Beside the WebSocket API, whose members are the ones above. */
  readonly httpApi: HttpApiModel | undefined;
  readonly functionUrls: readonly FunctionUrlModel[];
  readonly functions: readonly FunctionModel[];
  readonly tables: readonly TableModel[];
  /** The functions that read streams of tables. */
  readonly eventSources: readonly EventSourceModel[];
  readonly eventBuses: EventBusModel;
  readonly secrets: readonly SecretModel[];
}

/** @throws StartError that names what the runtime cannot serve. */
export function readAppModel(template: Template): AppModel {
  const all = readTemplate(template);
  const api = only(apisOf(all, 'WEBSOCKET'), 'WebSocket API');
  const resources = partsOf(all, api);
  const authorizer = connectAuthorizer(resources);
  const tables = tableModels(all);
  const stage = only(resources['AWS::ApiGatewayV2::Stage'], 'stage');
  const replying = new Set(resources['AWS::ApiGatewayV2::RouteResponse'].map(({ RouteId }) => RouteId));
  const integrations = new Map(
    resources['AWS::ApiGatewayV2::Integration'].map((integration) => [
      integration.logicalId,
      integrationModel(integration, resources),
    ]),
  );
  const routes = resources['AWS::ApiGatewayV2::Route'].map(({ logicalId, RouteKey, Target }) => {
    const integration = integrations.get(Target.replace('integrations/', ''));
    if (!integration) throw new StartError(`The route ${RouteKey} has no integration.`);
    return [RouteKey, { integration, replies: replying.has(logicalId) }] as const;
  });

  return {
    apiId: api.logicalId,
    stageName: stage.StageName,
    routeSelectionExpression: selectionExpression(api),
    routes: new Map(routes),
    authorizer,
    httpApi: httpApiModel(all),
    functionUrls: functionUrlModels(all),
    functions: functionModels(resources),
    tables,
    eventSources: eventSourceModels(all, tables),
    eventBuses: eventBusModel(all),
    secrets: secretModels(resources),
  };
}

function only<Item>([first, ...rest]: readonly Item[], what: string): Item {
  if (first && rest.length === 0) return first;
  throw new StartError(
    `The local runtime serves exactly one ${what}; the template has ${first ? rest.length + 1 : 0}.`,
  );
}

function selectionExpression({ logicalId, RouteSelectionExpression }: Api): string {
  if (RouteSelectionExpression !== undefined) return RouteSelectionExpression;
  throw new StartError(`The WebSocket API ${logicalId} has no RouteSelectionExpression.`);
}

function functionModels(resources: Resources): FunctionModel[] {
  const configs = eventInvokeConfigs(resources);
  const streaming = new Set(
    functionUrlModels(resources).flatMap(({ streams, functionName }) => (streams ? [functionName] : [])),
  );
  return resources['AWS::Lambda::Function'].map((resource) => ({
    name: resource.FunctionName ?? resource.logicalId,
    s3Key: resource.Code.S3Key,
    handler: resource.Handler,
    memoryMb: resource.MemorySize,
    timeoutMs: resource.Timeout * 1000,
    variables: resource.Environment?.Variables ?? {},
    eventInvokeConfig: configs.get(resource.FunctionName ?? resource.logicalId) ?? defaultEventInvokeConfig,
    streams: streaming.has(resource.FunctionName ?? resource.logicalId),
  }));
}
