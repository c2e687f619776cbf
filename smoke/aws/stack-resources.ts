/** The functions and log groups of a stack, by their physical names. */

import {
  type CloudFormationClient,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';

export interface StackResources {
  readonly functions: readonly string[];
  readonly logGroups: readonly string[];
}

export async function stackResources(
  client: CloudFormationClient,
  StackName: string,
): Promise<StackResources> {
  const found: StackResourceSummary[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName }))
    found.push(...StackResourceSummaries);
  return {
    functions: namesOf(found, 'AWS::Lambda::Function'),
    logGroups: namesOf(found, 'AWS::Logs::LogGroup'),
  };
}

function namesOf(resources: readonly StackResourceSummary[], type: string): string[] {
  return resources.flatMap(({ ResourceType, PhysicalResourceId }) =>
    ResourceType === type && PhysicalResourceId !== undefined ? [PhysicalResourceId] : [],
  );
}
