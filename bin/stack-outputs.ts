/** What a deployed stack tells about itself: its URLs, and the names that CloudFormation has made up. */

import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { stackNameOf } from '../lib/stack-name.ts';
import { CommandLineError } from './command-line.ts';

/**
 * The outputs of a stage's stack, by their names.
 *
 * @throws CommandLineError when there is no such stack, or it tells nothing.
 */
export async function stackOutputs(
  stage: string,
  client = new CloudFormationClient(),
): Promise<ReadonlyMap<string, string>> {
  const StackName = stackNameOf(stage);
  const outputs = await describe(client, StackName);
  if (outputs.size > 0) return outputs;
  throw new CommandLineError(`The stack ${StackName} has no outputs: deploy it first.`);
}

async function describe(client: CloudFormationClient, StackName: string): Promise<Map<string, string>> {
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return new Map(
      stack?.Outputs?.flatMap(({ OutputKey, OutputValue }) =>
        OutputKey === undefined || OutputValue === undefined ? [] : [[OutputKey, OutputValue] as const],
      ),
    );
  } catch (error) {
    // A stack that is not there is a `ValidationError`.
    if (error instanceof Error && error.message.includes('does not exist'))
      throw new CommandLineError(
        `There is no stack ${StackName} in this account and region: deploy it first.`,
      );
    throw error;
  }
}
