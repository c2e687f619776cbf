/** `npm run -s revoke`: makes a user's tokens worthless and closes their connections. */

import { parseArgs } from 'node:util';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { stackNameOf } from '../lib/settings/stack-name.ts';
import { CommandLineError, runCommand } from './command-line.ts';
import { stackOutput } from './stack-outputs.ts';
import { userOf } from './token-options.ts';

const USAGE = `npm run -s revoke -- --user <id> [options]
  --user <id>       whose tokens and connections
  --stage <name>    local, or a deployed stage whose functions AWS lets you invoke (local)
  --port <number>   where the local runtime listens (8080)
  --help            this text`;

await runCommand(async (args) => {
  const { user, stage, port } = optionsOf(args);
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
}, USAGE);

function optionsOf(args: readonly string[]) {
  const options = {
    user: { type: 'string' },
    stage: { type: 'string', default: 'local' },
    port: { type: 'string', default: '8080' },
  } as const;
  const { user, stage, port } = parseArgs({ args: [...args], options }).values;
  if (!user) throw new CommandLineError(USAGE);
  return { user: userOf(user), stage, port };
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
