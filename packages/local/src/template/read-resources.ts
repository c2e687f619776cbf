/** Reads a template's resources by type, with their references resolved and their shapes checked. */

import * as v from 'valibot';
import { StartError } from '../start-error.ts';
import { ANY_PAGE, resourcesByType, type Template, type WrittenResource } from './cloud-formation.ts';
import { failureQueues } from './failure-queues.ts';
import { resolve } from './intrinsics.ts';
import { referencesIn } from './references.ts';
import {
  type Properties,
  type Resource,
  type Resources,
  type ServedType,
  served,
  withoutLocalEffect,
} from './resources.ts';
import { type OnUnsupported, refuse } from './unsupported.ts';

/**
 * @param onUnsupported Called for resources and properties that are not supported. @default the template is refused
 * @throws StartError that names each resource type which is not supported, or the property which is not.
 */
export function readResources(template: Template, onUnsupported: OnUnsupported = refuse): Resources {
  reportUnsupported(template, onUnsupported);
  const written = resourcesByType(template);
  const references = referencesIn(template, onUnsupported);
  const exists = ({ Condition }: WrittenResource) =>
    Condition === undefined || references.condition(Condition) === true;
  const read = <T extends ServedType>(type: T): Resource<T>[] =>
    (written.get(type) ?? [])
      .filter(([, resource]) => exists(resource))
      .map(([logicalId, { Properties, Metadata }]) => ({
        ...parseProperties(type, logicalId, resolve(select(type, Properties), references), onUnsupported),
        logicalId,
        ...(Metadata?.[ANY_PAGE] && { admitsAnyPage: true }),
      }));

  const functions = read('AWS::Lambda::Function');
  return {
    functionNames: new Set(functions.map(({ FunctionName, logicalId }) => FunctionName ?? logicalId)),
    'AWS::ApiGatewayV2::Api': read('AWS::ApiGatewayV2::Api'),
    'AWS::ApiGatewayV2::Stage': read('AWS::ApiGatewayV2::Stage'),
    'AWS::ApiGatewayV2::Route': read('AWS::ApiGatewayV2::Route'),
    'AWS::ApiGatewayV2::Authorizer': read('AWS::ApiGatewayV2::Authorizer'),
    'AWS::ApiGatewayV2::RouteResponse': read('AWS::ApiGatewayV2::RouteResponse'),
    'AWS::ApiGatewayV2::Integration': read('AWS::ApiGatewayV2::Integration'),
    'AWS::ApiGatewayV2::IntegrationResponse': read('AWS::ApiGatewayV2::IntegrationResponse'),
    'AWS::Lambda::Function': functions,
    'AWS::Lambda::Url': read('AWS::Lambda::Url'),
    'AWS::Lambda::EventInvokeConfig': read('AWS::Lambda::EventInvokeConfig'),
    'AWS::Lambda::EventSourceMapping': read('AWS::Lambda::EventSourceMapping'),
    'AWS::DynamoDB::GlobalTable': read('AWS::DynamoDB::GlobalTable'),
    'AWS::DynamoDB::Table': read('AWS::DynamoDB::Table'),
    'AWS::Events::EventBus': read('AWS::Events::EventBus'),
    'AWS::Events::Rule': read('AWS::Events::Rule'),
    'AWS::SecretsManager::Secret': read('AWS::SecretsManager::Secret'),
  };
}

function reportUnsupported({ Resources }: Template, onUnsupported: OnUnsupported): void {
  const queues = failureQueues({ Resources });
  const unknown = Object.entries(Resources).filter(([id, { Type }]) => !isKnown(Type) && !queues.has(id));
  if (unknown.length === 0) return;
  const names = unknown.map(([logicalId, { Type }]) => `${logicalId} (${Type})`).join(', ');
  onUnsupported(`The local runtime does not support ${names}.`);
}

function isKnown(type: string): boolean {
  return Object.hasOwn(served, type) || withoutLocalEffect.has(type);
}

/** Only the properties that the runtime reads are resolved, so that others may contain unknown references. */
function select(type: ServedType, properties: unknown): unknown {
  const read = new Set(Object.keys(served[type].entries));
  return Object.fromEntries(Object.entries(properties ?? {}).filter(([name]) => read.has(name)));
}

function parseProperties<T extends ServedType>(
  type: T,
  logicalId: string,
  properties: unknown,
  onUnsupported: OnUnsupported,
): Properties<T> {
  const result = v.safeParse(served[type], properties);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const sentence = `The local runtime cannot serve ${logicalId} (${type}): ${v.getDotPath(issue) ?? ''} ${issue.message}.`;
  const property = issue.path?.[0]?.key;
  // A property that is never served can be left out. A property with the wrong shape cannot.
  if (issue.type !== 'never' || property === undefined) throw new StartError(sentence);
  onUnsupported(sentence);
  const rest = Object.entries(properties ?? {}).filter(([name]) => name !== property);
  return parseProperties(type, logicalId, Object.fromEntries(rest), onUnsupported);
}
