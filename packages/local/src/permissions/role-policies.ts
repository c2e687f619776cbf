/** The roles of a template, with the statements of all their policies. */

import * as v from 'valibot';
import { StartError } from '../start-error.ts';
import type { ResourcesByType, WrittenResource } from '../template/cloud-formation.ts';
import { managedPolicyArn } from '../template/iam-arn.ts';
import { type References, resolve } from '../template/intrinsics.ts';
import { awsManagedPolicy } from './managed-policies.ts';
import type { PolicyStatement } from './statement.ts';

/** A role with all its statements. */
export interface RolePolicies {
  readonly name: string;
  readonly statements: readonly PolicyStatement[];
  /** A sentence about each unknown policy. */
  readonly notes: readonly string[];
}

/** Unknown references are dropped, because they cannot name a resource of this runtime. */
const names = v.pipe(
  v.union([v.string(), v.null(), v.array(v.unknown())]),
  v.transform((value) => [value].flat().filter((name) => typeof name === 'string')),
);

const statement = v.object({
  Effect: v.picklist(['Allow', 'Deny']),
  Action: v.optional(names),
  NotAction: v.optional(names),
  Resource: v.optional(names),
  NotResource: v.optional(names),
  Condition: v.optional(v.unknown()),
});

const document = v.object({
  Statement: v.pipe(
    v.union([statement, v.array(statement)]),
    v.transform((value) => [value].flat()),
  ),
});

const role = v.object({
  Policies: v.optional(v.array(v.object({ PolicyDocument: document })), []),
  ManagedPolicyArns: v.optional(names, []),
  PermissionsBoundary: v.optional(v.unknown()),
});

const policy = v.object({
  PolicyDocument: document,
  /** Set by `AWS::IAM::Policy` and `AWS::IAM::ManagedPolicy`. */
  Roles: v.optional(names, []),
  /** Set by `AWS::IAM::RolePolicy`. */
  RoleName: v.optional(v.string()),
});

type Policy = v.InferOutput<typeof policy> & { readonly arn: string };

const POLICY_TYPES = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy', 'AWS::IAM::RolePolicy'];

/** @throws StartError that names a malformed role or policy. */
export function rolePolicies(byType: ResourcesByType, references: References): readonly RolePolicies[] {
  const exists = ({ Condition }: WrittenResource) =>
    Condition === undefined || references.condition(Condition) === true;
  const existing = (type: string) => (byType.get(type) ?? []).filter(([, resource]) => exists(resource));
  const policies = POLICY_TYPES.flatMap(existing).map(([logicalId, { Properties }]) => ({
    ...parsed(policy, logicalId, Properties, references),
    arn: managedPolicyArn(logicalId),
  }));
  return existing('AWS::IAM::Role').map(([logicalId, { Properties }]) => {
    const name = String(references.ref(logicalId));
    return { name, ...policiesOf(name, parsed(role, logicalId, Properties, references), policies) };
  });
}

function policiesOf(
  name: string,
  { Policies, ManagedPolicyArns, PermissionsBoundary }: v.InferOutput<typeof role>,
  policies: readonly Policy[],
): Omit<RolePolicies, 'name'> {
  const attached = policies.filter(
    ({ arn, Roles, RoleName }) =>
      Roles.includes(name) || RoleName === name || ManagedPolicyArns.includes(arn),
  );
  const ofAws = ManagedPolicyArns.filter((arn) => !policies.some((own) => own.arn === arn));
  const unknown = ofAws.filter((arn) => awsManagedPolicy(arn) === undefined);
  return {
    statements: [
      ...[...Policies, ...attached].flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
      ...ofAws.flatMap((arn) => awsManagedPolicy(arn) ?? []),
    ],
    notes: [
      ...unknown.map((arn) => `The policy ${arn} of the role ${name} is not known here, and grants nothing.`),
      ...(PermissionsBoundary === undefined
        ? []
        : [`The permissions boundary of the role ${name} is not looked at here.`]),
    ],
  };
}

function parsed<Schema extends v.GenericSchema>(
  schema: Schema,
  logicalId: string,
  properties: unknown,
  references: References,
): v.InferOutput<Schema> {
  const { success, output } = v.safeParse(schema, resolvedLeniently(properties, references));
  if (success) return output;
  throw new StartError(`The local runtime does not understand the policies of ${logicalId}.`);
}

/** Resolves references. An unknown reference becomes `null`. */
function resolvedLeniently(value: unknown, references: References): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => resolvedLeniently(item, references));
  const entries = Object.entries(value);
  const isIntrinsic =
    entries.length === 1 && entries.every(([name]) => name === 'Ref' || name.startsWith('Fn::'));
  if (!isIntrinsic)
    return Object.fromEntries(entries.map(([name, item]) => [name, resolvedLeniently(item, references)]));
  try {
    return resolve(value, references);
  } catch (error) {
    if (error instanceof StartError) return null;
    throw error;
  }
}
