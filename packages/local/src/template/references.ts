/** The local values of `Ref` and `Fn::GetAtt` for a template's resources. */

import * as v from 'valibot';
import { ACCOUNT, deployedApiHost, REGION } from './account.ts';
import type { Template } from './cloud-formation.ts';
import { holds } from './conditions.ts';
import { eventBusArn, ruleArn } from './event-bus-arn.ts';
import { failureQueues, QUEUE } from './failure-queues.ts';
import { functionArn } from './function-arn.ts';
import { deployedFunctionUrl, urlIdOf } from './function-url-model.ts';
import { managedPolicyArn, roleArn } from './iam-arn.ts';
import { type References, resolve } from './intrinsics.ts';
import { queueArn } from './queue-arn.ts';
import { served, withoutLocalEffect } from './resources.ts';
import { secretArn } from './secret-model.ts';
import { streamArn, tableArn } from './table-arn.ts';
import { type OnUnsupported, refuse } from './unsupported.ts';

const pseudoParameters = new Map([
  ['AWS::Region', REGION],
  ['AWS::AccountId', ACCOUNT],
  ['AWS::Partition', 'aws'],
  ['AWS::URLSuffix', 'amazonaws.com'],
  ['AWS::StackName', 'local'],
  ['AWS::StackId', `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/local/local`],
]);

/** The property that names a resource, by type. Without it, the logical id is the name. */
const nameProperties = new Map([
  ['AWS::ApiGatewayV2::Stage', 'StageName'],
  ['AWS::IAM::Role', 'RoleName'],
  ['AWS::Lambda::Function', 'FunctionName'],
  ['AWS::DynamoDB::GlobalTable', 'TableName'],
  ['AWS::DynamoDB::Table', 'TableName'],
  ['AWS::Events::EventBus', 'Name'],
  ['AWS::Events::Rule', 'Name'],
  ['AWS::SecretsManager::Secret', 'Name'],
  [QUEUE, 'QueueName'],
]);

const arns = new Map<string, (name: string) => string>([
  ['AWS::Lambda::Function', functionArn],
  ['AWS::DynamoDB::GlobalTable', tableArn],
  ['AWS::DynamoDB::Table', tableArn],
  ['AWS::Events::ApiDestination', (name) => `arn:aws:events:${REGION}:${ACCOUNT}:api-destination/${name}`],
  ['AWS::Events::Connection', (name) => `arn:aws:events:${REGION}:${ACCOUNT}:connection/${name}`],
  ['AWS::Events::EventBus', eventBusArn],
  ['AWS::Events::Rule', (name) => ruleArn(name)],
  ['AWS::IAM::Role', roleArn],
  ['AWS::KMS::Key', (name) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${name}`],
  [QUEUE, queueArn],
]);

/** The ARNs of tables' streams. */
const streamArns = new Map([
  ['AWS::DynamoDB::GlobalTable', streamArn],
  ['AWS::DynamoDB::Table', streamArn],
]);

/** ARNs by the name of the attribute. */
const arnAttributes = new Map([
  ['Arn', arns],
  ['StreamArn', streamArns],
]);

/** Attributes with ids and URLs. */
const endpoints = new Map<string, (logicalId: string, properties: unknown) => string>([
  ['AWS::ApiGatewayV2::Api.ApiId', (id) => id],
  [
    'AWS::ApiGatewayV2::Api.ApiEndpoint',
    (id, properties) => `${isHttpApi(properties) ? 'https' : 'wss'}://${deployedApiHost(id)}`,
  ],
  ['AWS::Lambda::Url.FunctionUrl', (id) => `${deployedFunctionUrl(urlIdOf(id))}/`],
]);

/** The types whose `Ref` is an ARN. The `Ref` of other types is the resource's name. */
const refs = new Map<string, (name: string) => string>([
  ['AWS::IAM::ManagedPolicy', managedPolicyArn],
  ['AWS::SecretsManager::Secret', secretArn],
]);

function isHttpApi(properties: unknown): boolean {
  return v.is(v.object({ ProtocolType: v.literal('HTTP') }), properties);
}

/**
 * @param onUnsupported Called for an attribute of a resource that is not supported. If it does not throw, the attribute's name is used as
 * its value.
 */
export function referencesIn(template: Template, onUnsupported: OnUnsupported = refuse): References {
  const { Resources, Parameters, Conditions, Mappings } = template;
  const queues = failureQueues(template);
  const nameOf = (logicalId: string, { Type, Properties }: Template['Resources'][string]): string => {
    const own = Object.entries(Properties ?? {}).find(([name]) => name === nameProperties.get(Type))?.[1];
    const name = resolve(own, references);
    return typeof name === 'string' ? name : logicalId;
  };
  const references: References = {
    ref(logicalId) {
      const resource = Resources[logicalId];
      if (!resource) return parameterValue(Parameters[logicalId]) ?? pseudoParameters.get(logicalId);
      const name = nameOf(logicalId, resource);
      return refs.get(resource.Type)?.(name) ?? name;
    },
    attribute(logicalId, attribute) {
      const resource = Resources[logicalId];
      if (!resource) return undefined;
      const endpoint = endpoints.get(`${resource.Type}.${attribute}`);
      if (endpoint) return endpoint(logicalId, resource.Properties);
      const isKnown = resource.Type !== QUEUE || queues.has(logicalId);
      const arn = isKnown
        ? arnAttributes.get(attribute)?.get(resource.Type)?.(nameOf(logicalId, resource))
        : undefined;
      if (arn !== undefined || Object.hasOwn(served, resource.Type) || withoutLocalEffect.has(resource.Type))
        return arn;
      onUnsupported(`The local runtime does not know ${logicalId}.${attribute} (${resource.Type}).`);
      return `${logicalId}.${attribute}`;
    },
    condition: (name) => (Object.hasOwn(Conditions, name) ? holds(Conditions[name], references) : undefined),
    mapped: (map, topLevelKey, secondLevelKey) => Mappings[map]?.[topLevelKey]?.[secondLevelKey],
  };
  return references;
}

/** A parameter that CloudFormation looks up in Systems Manager is unknown here, unless the user gives its value. */
function parameterValue(
  parameter: Template['Parameters'][string] | undefined,
): string | string[] | undefined {
  if (parameter?.Default === undefined || parameter.Type.startsWith('AWS::SSM::')) return undefined;
  const value = String(parameter.Default);
  return isList(parameter.Type) ? value.split(',').map((item) => item.trim()) : value;
}

function isList(type: string): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<');
}
