/** CloudFormation stacks as they are: their states, outputs and resources. */

import {
  type CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { isMissingStack } from '../aws-error.ts';

export interface StackFact {
  readonly status: string;
  readonly outputs: ReadonlyMap<string, string>;
}

export interface StackResource {
  readonly logicalId: string;
  /** A name or an ARN; empty while CloudFormation has not made it yet. */
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
}

/** Stacks that do not exist are left out. */
export async function readStacks(
  client: CloudFormationClient,
  names: readonly string[],
): Promise<ReadonlyMap<string, StackFact>> {
  const found = new Map<string, StackFact>();
  for (const name of names) {
    const fact = await readStack(client, name);
    if (fact) found.set(name, fact);
  }
  return found;
}

async function readStack(client: CloudFormationClient, name: string): Promise<StackFact | undefined> {
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    if (!stack?.StackStatus) return undefined;
    const outputs = (stack.Outputs ?? []).map(
      ({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue] as const,
    );
    return { status: stack.StackStatus, outputs: new Map(outputs) };
  } catch (error) {
    if (isMissingStack(error)) return undefined;
    throw error;
  }
}

/** The resources that still exist. `undefined` when there is no such stack. */
export async function readStackResources(
  client: CloudFormationClient,
  stackName: string,
): Promise<readonly StackResource[] | undefined> {
  const found: StackResource[] = [];
  try {
    for await (const { StackResourceSummaries = [] } of paginateListStackResources(
      { client },
      { StackName: stackName },
    )) {
      for (const summary of StackResourceSummaries) {
        const {
          LogicalResourceId = '',
          PhysicalResourceId = '',
          ResourceType = '',
          ResourceStatus = '',
        } = summary;
        found.push({
          logicalId: LogicalResourceId,
          physicalId: PhysicalResourceId,
          type: ResourceType,
          status: ResourceStatus,
        });
      }
    }
  } catch (error) {
    if (isMissingStack(error)) return undefined;
    throw error;
  }
  // A resource that a rollback has left (DELETE_SKIPPED) no longer belongs to the stack.
  return found.filter(({ status }) => status !== 'DELETE_COMPLETE' && status !== 'DELETE_SKIPPED');
}
