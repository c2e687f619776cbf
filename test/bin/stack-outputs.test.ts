import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { CommandLineError } from '../../bin/command-line.ts';
import { stackOutput, stackOutputs } from '../../bin/stack-outputs.ts';

const sdk = mockClient(CloudFormationClient);
const client = new CloudFormationClient({ region: 'us-east-1' });

function stackWith(
  Outputs: { readonly OutputKey?: string; readonly OutputValue?: string }[],
  StackStatus: 'CREATE_COMPLETE' | 'ROLLBACK_COMPLETE' = 'CREATE_COMPLETE',
): void {
  const stack = { StackName: 'Fanfare-prod', CreationTime: new Date(0), StackStatus, Outputs };
  sdk.on(DescribeStacksCommand, { StackName: 'Fanfare-prod' }).resolves({ Stacks: [stack] });
}

const failure = (name: string, message: string) =>
  new CloudFormationServiceException({ name, message, $fault: 'client', $metadata: {} });

beforeEach(() => sdk.reset());

describe('the outputs of a stage', () => {
  it('are those of its stack, by name', async () => {
    stackWith([
      { OutputKey: 'ApiUrl', OutputValue: 'https://api' },
      { OutputKey: 'RevokeFunction', OutputValue: 'Fanfare-prod-revoke1A2B' },
      { OutputKey: 'Nothing' },
    ]);

    expect(await stackOutputs('prod', client)).toEqual(
      new Map([
        ['ApiUrl', 'https://api'],
        ['RevokeFunction', 'Fanfare-prod-revoke1A2B'],
      ]),
    );
    expect(await stackOutput('prod', 'ApiUrl', client)).toBe('https://api');
  });

  it('are missing, which a sentence says, if the stack does not exist', async () => {
    sdk
      .on(DescribeStacksCommand)
      .rejects(failure('ValidationError', 'Stack with id Fanfare-staging does not exist'));

    await expect(stackOutputs('staging', client)).rejects.toThrow(
      new CommandLineError(
        'There is no stack Fanfare-staging in this account and region. AWS_PROFILE and AWS_REGION choose others.',
      ),
    );
  });

  it('are missing, which a sentence says, if the creation of the stack has failed', async () => {
    stackWith([], 'ROLLBACK_COMPLETE');

    await expect(stackOutputs('prod', client)).rejects.toThrow(
      new CommandLineError(
        'The stack Fanfare-prod has no outputs. CloudFormation says of it: ROLLBACK_COMPLETE.',
      ),
    );
  });

  it('of an older version are missing, and the sentence names them and says what to do', async () => {
    stackWith([{ OutputKey: 'ApiUrl', OutputValue: 'https://api' }]);

    await expect(stackOutput('prod', 'TokenSecret', client)).rejects.toThrow(
      new CommandLineError(
        'The stack Fanfare-prod has no output TokenSecret. Deploy this version: npx cdk deploy -c stage=prod',
      ),
    );
  });

  it.each([
    failure('AccessDenied', 'not authorized to perform cloudformation:DescribeStacks'),
    failure('ValidationError', 'The name has to match a pattern'),
    new Error('Could not load credentials from any providers'),
  ])('are not reported as missing when CloudFormation gives another error: $message', async (error) => {
    sdk.on(DescribeStacksCommand).rejects(error);

    await expect(stackOutputs('prod', client)).rejects.toThrow(error.message);
  });
});
