/** Decides whether a resource stays when its creation is rolled back, and when its stack is deleted. */

import { type DeployResource, listOf, valueAt } from './deploy-template.ts';

export type Fate = 'deleted' | 'kept' | 'undeletable';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html */
const keptByRollback: ReadonlySet<unknown> = new Set(['Retain']);
const keptByDeletion: ReadonlySet<unknown> = new Set(['Retain', 'RetainExceptOnCreate', 'Snapshot']);

/** In a rollback of a creation (LF-4). */
export function fateInRollback(resource: DeployResource): Fate {
  return fate(resource, keptByRollback);
}

/** In `cdk destroy`. */
export function fateInDeletion(resource: DeployResource): Fate {
  return fate(resource, keptByDeletion);
}

function fate(resource: DeployResource, keeping: ReadonlySet<unknown>): Fate {
  if (keeping.has(resource.json['DeletionPolicy'])) return 'kept';
  return isProtected(resource) ? 'undeletable' : 'deleted';
}

/** Whose own setting refuses to be deleted, by CloudFormation as well. */
function isProtected({ type, properties }: DeployResource): boolean {
  return (protections.get(type) ?? (() => false))(properties);
}

type Properties = DeployResource['properties'];

const says = (name: string, value: unknown) => (properties: Properties) => properties[name] === value;

const protections = new Map<string, (properties: Properties) => boolean>([
  ['AWS::DynamoDB::Table', says('DeletionProtectionEnabled', true)],
  [
    'AWS::DynamoDB::GlobalTable',
    ({ Replicas }) =>
      listOf(Replicas).some((replica) => valueAt(replica, 'DeletionProtectionEnabled') === true),
  ],
  ['AWS::Logs::LogGroup', says('DeletionProtectionEnabled', true)],
  ['AWS::Cognito::UserPool', says('DeletionProtection', 'ACTIVE')],
  ['AWS::RDS::DBInstance', says('DeletionProtection', true)],
  ['AWS::RDS::DBCluster', says('DeletionProtection', true)],
]);
