/** Whether the policies of a role keep to IAM's sizes, which count no spaces. */

import { type DeployResource, type DeployTemplate, listOf, valueAt } from './deploy-template.ts';
import type { Finding } from './finding.ts';
import { mentionsIn } from './mentions.ts';
import { longestText, sum } from './text-length.ts';

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length */
const MAX_CHARACTERS = { inlinePolicies: 10_240, trustPolicy: 2_048, managedPolicy: 6_144 } as const;

export function policySizeFindings({ resources }: DeployTemplate): Finding[] {
  const all = [...resources.values()];
  return [
    ...ofType(all, 'AWS::IAM::Role').flatMap((role) => roleFindings(role, ofType(all, 'AWS::IAM::Policy'))),
    ...ofType(all, 'AWS::IAM::ManagedPolicy').flatMap(({ id, properties }) =>
      tooLong(id, 'Properties.PolicyDocument', longestText(properties['PolicyDocument']), 'managedPolicy'),
    ),
  ];
}

function roleFindings({ id, properties }: DeployResource, policies: readonly DeployResource[]): Finding[] {
  const attached = policies
    .filter((policy) => mentionsIn(policy.properties['Roles'], '').some(({ name }) => name === id))
    .map((policy) => policy.properties['PolicyDocument']);
  const own = listOf(properties['Policies']).map((policy) => valueAt(policy, 'PolicyDocument'));
  const trust = properties['AssumeRolePolicyDocument'];
  return [
    ...tooLong(id, 'Properties.Policies', sum([...attached, ...own].map(longestText)), 'inlinePolicies'),
    ...tooLong(id, 'Properties.AssumeRolePolicyDocument', longestText(trust), 'trustPolicy'),
  ];
}

function tooLong(
  resource: string,
  path: string,
  characters: number,
  what: keyof typeof MAX_CHARACTERS,
): Finding[] {
  if (characters <= MAX_CHARACTERS[what]) return [];
  const sentence = `Its policies may have ${characters} characters, and IAM takes ${MAX_CHARACTERS[what]}.`;
  return [{ resource, path, sentence }];
}

function ofType(resources: readonly DeployResource[], type: string): readonly DeployResource[] {
  return resources.filter((resource) => resource.type === type);
}
