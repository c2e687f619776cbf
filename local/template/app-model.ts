/** What the runtime serves, read from a synthesized template: one WebSocket API, its functions, its tables. */

import { StartError } from '../start-error.ts';
import {
  defaultEventInvokeConfig,
  type EventInvokeConfig,
  eventInvokeConfigs,
} from './event-invoke-config.ts';
import { hasFunction } from './function-arn.ts';
import type { Properties } from './resources.ts';
import { type Resource, type Resources, readTemplate, type Template } from './template.ts';

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
}

/** What a route does with an event. */
export type IntegrationModel =
  | { readonly kind: 'function'; readonly functionName: string; readonly timeoutMs: number }
  | { readonly kind: 'mock'; readonly reply: string };

export interface RouteModel {
  readonly integration: IntegrationModel;
  /** Two-way: what the integration returns goes to the client (PR-3). */
  readonly replies: boolean;
}

export interface TableModel extends Properties<'AWS::DynamoDB::GlobalTable'> {
  readonly name: string;
}

export interface AppModel {
  readonly apiId: string;
  readonly stageName: string;
  readonly routeSelectionExpression: string;
  readonly routes: ReadonlyMap<string, RouteModel>;
  readonly functions: readonly FunctionModel[];
  readonly tables: readonly TableModel[];
}

/** @throws StartError that names what the runtime cannot serve. */
export function readAppModel(template: Template): AppModel {
  const resources = readTemplate(template);
  const api = only(resources['AWS::ApiGatewayV2::Api'], 'WebSocket API');
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
    routeSelectionExpression: api.RouteSelectionExpression,
    routes: new Map(routes),
    functions: functionModels(resources),
    tables: resources['AWS::DynamoDB::GlobalTable'].map((table) => ({ ...table, name: table.logicalId })),
  };
}

function only<Item>([first, ...rest]: readonly Item[], what: string): Item {
  if (first && rest.length === 0) return first;
  throw new StartError(
    `The local runtime serves exactly one ${what}; the template has ${first ? rest.length + 1 : 0}.`,
  );
}

function functionModels(resources: Resources): FunctionModel[] {
  const configs = eventInvokeConfigs(resources);
  return resources['AWS::Lambda::Function'].map((resource) => ({
    name: resource.FunctionName ?? resource.logicalId,
    s3Key: resource.Code.S3Key,
    handler: resource.Handler,
    memoryMb: resource.MemorySize,
    timeoutMs: resource.Timeout * 1000,
    variables: resource.Environment?.Variables ?? {},
    eventInvokeConfig: configs.get(resource.FunctionName ?? resource.logicalId) ?? defaultEventInvokeConfig,
  }));
}

function integrationModel(
  integration: Resource<'AWS::ApiGatewayV2::Integration'>,
  resources: Resources,
): IntegrationModel {
  if (integration.IntegrationType === 'MOCK') {
    const responses = resources['AWS::ApiGatewayV2::IntegrationResponse'];
    const response = responses.find(({ IntegrationId }) => IntegrationId === integration.logicalId);
    return {
      kind: 'mock',
      reply: staticTemplate(response?.ResponseTemplates?.['$default'], integration.logicalId),
    };
  }
  const [, functionName = ''] =
    /functions\/arn:aws:lambda:[^:]*:[^:]*:function:([^/]+)\/invocations$/.exec(
      integration.IntegrationUri ?? '',
    ) ?? [];
  if (!hasFunction(resources, functionName))
    throw new StartError(`The integration ${integration.logicalId} invokes no function of the template.`);
  return { kind: 'function', functionName, timeoutMs: integration.TimeoutInMillis };
}

/** A MOCK reply without variables; mapping templates that compute something are not served yet. */
function staticTemplate(template: string | undefined, logicalId: string): string {
  if (template === undefined)
    throw new StartError(`The MOCK integration ${logicalId} has no $default response template.`);
  if (/[$#]/.test(template))
    throw new StartError(
      `The response template of ${logicalId} uses variables, which the local runtime does not know.`,
    );
  return template;
}
