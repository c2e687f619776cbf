/** The permissions of a template's functions, from the policies of their roles. */

import * as v from 'valibot';
import { resourcesByType, type Template } from '../template/cloud-formation.ts';
import { roleArn } from '../template/iam-arn.ts';
import { resolve } from '../template/intrinsics.ts';
import { referencesIn } from '../template/references.ts';
import type { FunctionGrants } from './permissions.ts';
import { type RolePolicies, rolePolicies } from './role-policies.ts';
import { statementOf } from './statement.ts';

export interface GrantsOfFunctions {
  /** By the name of the function. A function whose role is not in the template is missing, and may do everything. */
  readonly grants: ReadonlyMap<string, FunctionGrants>;
  /** A sentence about each permission that cannot be decided here. */
  readonly notes: readonly string[];
}

const withRole = v.object({ Role: v.nonOptional(v.unknown()) });

/** The actions of the services that run here. Only these are decided. */
const CHECKED = /^(?:\*|dynamodb:|execute-api:|lambda:|secretsmanager:|events:)/i;

/** @throws StartError that names a role or a policy which cannot be understood. */
export function functionGrants(template: Template): GrantsOfFunctions {
  const references = referencesIn(template, () => {});
  const byType = resourcesByType(template);
  const roles = new Map(rolePolicies(byType, references).map((role) => [roleArn(role.name), role] as const));
  const grants = new Map<string, FunctionGrants>();
  const notes = new Set<string>();
  for (const [logicalId, { Properties }] of byType.get('AWS::Lambda::Function') ?? []) {
    // AWS deploys no function without a role, so no decision is needed.
    if (!v.is(withRole, Properties)) continue;
    const functionName = String(references.ref(logicalId));
    const policies = roles.get(String(resolve(Properties.Role, references)));
    if (!policies) {
      notes.add(`The role of ${functionName} is not in the template: what it may do is not checked.`);
      continue;
    }
    grants.set(functionName, grantsOf(policies, notes));
  }
  return { grants, notes: [...notes] };
}

function grantsOf({ name: roleName, statements, notes }: RolePolicies, noted: Set<string>): FunctionGrants {
  for (const note of notes) noted.add(note);
  const own = statements.map((written) => {
    const statement = statementOf(written);
    const { Action = [], NotAction } = written;
    const isChecked = NotAction !== undefined || Action.some((action) => CHECKED.test(action));
    for (const unknown of isChecked ? statement.condition.unknown : [])
      noted.add(
        `The role ${roleName} has a condition that is not known here, and taken as not met: ${unknown}.`,
      );
    return statement;
  });
  return { roleName, statements: own };
}
