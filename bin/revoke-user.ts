/** Revokes the tokens of a user, and closes the user's connections, by the function `revoke` of a stage. */

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { stackNameOf } from '../lib/settings/stack-name.ts';
import { CommandLineError } from './command-line.ts';
import { stackOutput } from './stack-outputs.ts';

export interface Revoked {
  readonly user: string;
  readonly stage: string;
  /** Where the local runtime listens. */
  readonly port: string;
}

/**
 * @returns what the function answers: `{"closed":2}`.
 * @throws CommandLineError when something was not revoked.
 */
export async function revokeUser({ user, stage, port }: Revoked): Promise<string> {
  const client = stage === 'local' ? localClient(port) : new LambdaClient();
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({
      FunctionName: await functionOf(stage),
      Payload: JSON.stringify({ user }),
    }),
  );
  const answer = Payload?.transformToString() ?? '';
  if (FunctionError !== undefined)
    throw new CommandLineError(`Not everything was revoked; run it again. ${answer}`);
  return answer;
}

/** Only the local stage has a name for it that is known without asking. */
function functionOf(stage: string): Promise<string> {
  return stage === 'local'
    ? Promise.resolve(`${stackNameOf(stage)}-revoke`)
    : stackOutput(stage, 'RevokeFunction');
}

function localClient(port: string): LambdaClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new LambdaClient({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials });
}
