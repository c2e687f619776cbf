/** What the roles of a template may do, as sentences. */

import type { Template } from 'aws-cdk-lib/assertions';
import * as v from 'valibot';
import { asNamed } from '../../lib/accepted-findings.ts';

/** A statement that denies, negates or has another condition than this fails the test that reads it. */
const statement = v.strictObject({
  Effect: v.literal('Allow'),
  Action: v.union([v.string(), v.array(v.string())]),
  Resource: v.unknown(),
  Condition: v.optional(v.strictObject({ StringEquals: v.strictObject({ 'kms:ViaService': v.unknown() }) })),
});

const policy = v.object({
  PolicyDocument: v.object({ Statement: v.array(statement) }),
  Roles: v.array(v.object({ Ref: v.string() })),
});

export interface Permission {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  /** `<action> on <resource>`, and the service through which alone it may be done. */
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
  const through = Condition ? ` through ${asNamed(Condition.StringEquals['kms:ViaService'])}` : '';
  const resources = [Resource].flat().map(asNamed);
  return [Action]
    .flat()
    .flatMap((action) =>
      resources.map((resource) => ({ action, resource, sentence: `${action} on ${resource}${through}` })),
    );
}
