/** The official property schemas of CloudFormation, from the database that the CDK itself is generated from. */

import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

let loaded: ReturnType<typeof loadAwsServiceSpecSync> | undefined;

/** Takes about a second, and is read once. */
function database() {
  loaded ??= loadAwsServiceSpecSync();
  return loaded;
}

export type ResourceSpec = NonNullable<ReturnType<typeof resourceSpec>>;

export type PropertySpec = ResourceSpec['properties'][string];

export type PropertyType = PropertySpec['type'];

/** `undefined` for a type that CloudFormation does not have. */
export function resourceSpec(type: string) {
  const [found] = database().lookup('resource', 'cloudFormationType', 'equals', type);
  return found;
}

/** Properties of a structure within a resource. */
export function structureOf({ reference }: Extract<PropertyType, { type: 'ref' }>) {
  const { properties } = database().get('typeDefinition', reference);
  return { properties };
}
