/** What of a template stays when a stack goes, and what has a name that a second stack could not have. */

import type { Template } from 'aws-cdk-lib/assertions';
import * as v from 'valibot';

const resources = v.record(
  v.string(),
  v.object({
    Type: v.string(),
    DeletionPolicy: v.optional(v.picklist(['Delete', 'Retain', 'RetainExceptOnCreate']), 'Delete'),
    Properties: v.optional(v.record(v.string(), v.unknown()), {}),
  }),
);

export type TemplateResource = v.InferOutput<typeof resources>[string] & { readonly id: string };

export function resourcesIn(template: Template): readonly TemplateResource[] {
  const found = v.parse(resources, template.toJSON()['Resources']);
  return Object.entries(found).map(([id, resource]) => ({ id, ...resource }));
}

/** Properties that name a resource. */
const NAME = /^(?:\w+)?Name$/;

/** Of these types a name is no identity: two may have the same, or it is that of another resource. */
const NAMED_FOR_PEOPLE =
  /^(?:AWS::(?:ApiGatewayV2::(?:Api|Authorizer|Stage)|IAM::Policy|Lambda::(?:Permission|EventInvokeConfig|EventSourceMapping)|Logs::Delivery)|Custom::S3BucketNotifications)$/;

export function isNamed({ Type, Properties }: TemplateResource): boolean {
  return !NAMED_FOR_PEOPLE.test(Type) && Object.keys(Properties).some((property) => NAME.test(property));
}

/** The logical id without its hash. */
export function kindOf({ id }: Pick<TemplateResource, 'id'>): string {
  return id.replace(/[0-9A-F]{8}$/, '');
}
