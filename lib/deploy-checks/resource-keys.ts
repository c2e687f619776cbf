/** The keys of a resource beside its properties, and their allowed values. */

import type { DeployResource } from './deploy-template.ts';
import type { Mistake } from './finding.ts';
import { resourceSpec } from './spec.ts';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-product-attribute-reference.html */
const keys: ReadonlySet<string> = new Set([
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
  'CreationPolicy',
  'UpdatePolicy',
]);

const policies = {
  DeletionPolicy: ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot'],
  UpdateReplacePolicy: ['Delete', 'Retain', 'Snapshot'],
} as const;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html */
const withSnapshots: ReadonlySet<string> = new Set([
  'AWS::DocDB::DBCluster',
  'AWS::EC2::Volume',
  'AWS::ElastiCache::CacheCluster',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::Neptune::DBCluster',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::Redshift::Cluster',
]);

export function resourceKeyMistakes({ type, json }: DeployResource): readonly Mistake[] {
  const unknown = Object.keys(json)
    .filter((key) => !keys.has(key))
    .map((key) => ({ path: key, sentence: `A resource has no ${key}.` }));
  return [
    ...unknown,
    ...policyMistakes('DeletionPolicy', type, json),
    ...policyMistakes('UpdateReplacePolicy', type, json),
  ];
}

/** Types whose code is in the template itself. No schema describes them. */
function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

export function typeMistake({ type }: DeployResource): readonly Mistake[] {
  if (isCustom(type) || resourceSpec(type)) return [];
  return [{ path: 'Type', sentence: `CloudFormation has no type ${type}.` }];
}

function policyMistakes(
  key: keyof typeof policies,
  type: string,
  json: DeployResource['json'],
): readonly Mistake[] {
  const given = json[key];
  if (given === undefined) return [];
  if (!policies[key].some((policy) => policy === given))
    return [{ path: key, sentence: `${JSON.stringify(given)} is not one of ${policies[key].join(', ')}.` }];
  if (given !== 'Snapshot' || withSnapshots.has(type)) return [];
  return [{ path: key, sentence: `There are no snapshots of the type ${type}.` }];
}
