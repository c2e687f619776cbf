/** The permissions of the roles of a template, as sentences. */

import type { Template } from 'aws-cdk-lib/assertions';
import * as v from 'valibot';
import { asNamed } from '../../lib/security/accepted-findings.ts';

const viaService = v.pipe(
  v.strictObject({ 'kms:ViaService': v.unknown() }),
  v.transform((condition) => ` through ${asNamed(condition['kms:ViaService'])}`),
);

const ownEvents = v.pipe(
  v.strictObject({ 'events:source': v.string(), 'events:detail-type': v.array(v.string()) }),
  v.transform(
    (condition) => ` as ${condition['events:source']}: ${condition['events:detail-type'].join(', ')}`,
  ),
);

/** A statement that denies, negates or has another condition than this fails the test that reads it. */
const statement = v.strictObject({
  Effect: v.literal('Allow'),
  Action: v.union([v.string(), v.array(v.string())]),
  Resource: v.unknown(),
  Condition: v.optional(v.strictObject({ StringEquals: v.union([viaService, ownEvents]) })),
});

const policy = v.object({
  PolicyDocument: v.object({ Statement: v.array(statement) }),
  Roles: v.array(v.object({ Ref: v.string() })),
});

export interface Permission {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  /** `<action> on <resource>`, and the service through which alone it may be done, or the events that it is for. */
  readonly sentence: string;
}

/** Every permission of every policy. */
export function grantedPermissions(template: Template): readonly Permission[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) => {
    const { PolicyDocument, Roles } = v.parse(policy, Properties);
    const permissions = PolicyDocument.Statement.flatMap(permissionsOf);
    return Roles.flatMap(({ Ref: role }) => permissions.map((permission) => ({ role, ...permission })));
  });
}

function permissionsOf({ Action, Resource, Condition }: v.InferOutput<typeof statement>) {
  const only = Condition?.StringEquals ?? '';
  const resources = [Resource].flat().map(asNamed);
  return [Action]
    .flat()
    .flatMap((action) =>
      resources.map((resource) => ({ action, resource, sentence: `${action} on ${resource}${only}` })),
    );
}
