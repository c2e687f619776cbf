/** Reads the outputs of a deployed stack: URLs, and the names that CloudFormation has chosen. */

import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { stackNameOf } from '../lib/settings/stack-name.ts';
import { CommandLineError } from './command-line.ts';

/**
 * All outputs of the stage's stack, by their names.
 *
 * @throws CommandLineError when there is no such stack, or it has no outputs because its creation has not succeeded.
 */
export async function stackOutputs(
  stage: string,
  client: CloudFormationClient = new CloudFormationClient(),
): Promise<ReadonlyMap<string, string>> {
  const stack = await describe(stackNameOf(stage), client);
  const outputs = new Map(
    stack.Outputs?.flatMap(({ OutputKey, OutputValue }) =>
      OutputKey === undefined || OutputValue === undefined ? [] : [[OutputKey, OutputValue] as const],
    ),
  );
  if (outputs.size > 0) return outputs;
  throw new CommandLineError(
    `The stack ${stackNameOf(stage)} has no outputs. CloudFormation says of it: ${stack.StackStatus}.`,
  );
}

/**
 * One output of the stage's stack.
 *
 * @throws CommandLineError when there is no such stack or no such output.
 * @example
 * await stackOutput('prod', 'RevokeFunction');
 */
export async function stackOutput(
  stage: string,
  name: string,
  client?: CloudFormationClient,
): Promise<string> {
  const value = (await stackOutputs(stage, client)).get(name);
  if (value !== undefined) return value;
  throw new CommandLineError(
    `The stack ${stackNameOf(stage)} has no output ${name}. Deploy this version: npx cdk deploy -c stage=${stage}`,
  );
}

async function describe(StackName: string, client: CloudFormationClient) {
  const { Stacks: [stack] = [] } = await client
    .send(new DescribeStacksCommand({ StackName }))
    .catch((error: unknown) => {
      if (isNotThere(error)) return { Stacks: [] };
      throw error;
    });
  if (stack) return stack;
  throw new CommandLineError(
    `There is no stack ${StackName} in this account and region. AWS_PROFILE and AWS_REGION choose others.`,
  );
}

/** CloudFormation has no error of its own for it. */
function isNotThere(error: unknown): boolean {
  return (
    error instanceof CloudFormationServiceException &&
    error.name === 'ValidationError' &&
    error.message.includes('does not exist')
  );
}
