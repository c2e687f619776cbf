/** `npm run -s replace-secret`: makes a new secret for the tokens of a stage; tokens of the old one stay good for a day. */

import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { tokenSecretName } from '../lambdas/identity/own-token.ts';
import { stackNameOf } from '../lib/settings/stack-name.ts';
import { CommandLineError, runCommand } from './command-line.ts';
import { endPreviousSecret, replaceSecret } from './secret-replacement.ts';
import { stackOutput } from './stack-outputs.ts';

const USAGE = `npm run -s replace-secret -- --stage <name> [options]
  --stage <name>    local, or a deployed stage whose secret AWS lets you write
  --end-previous    end the tokens of the secret before, instead of making a new secret
  --port <number>   where the local runtime listens (8080)
  --help            this text`;

await runCommand(async (args) => {
  const { stage, port, 'end-previous': ends } = optionsOf(args);
  const replacement = {
    client: stage === 'local' ? localClient(port) : new SecretsManagerClient(),
    id: await secretOf(stage),
    now: Date.now,
    wait: (ms: number) => wait(ms),
  };
  if (ends) return ended(await endPreviousSecret(replacement));
  const end = new Date(await replaceSecret(replacement)).toISOString();
  return `The secret is replaced. Tokens of the secret before are good until ${end}: let your programs read the new one before that.`;
}, USAGE);

function ended(wasThere: boolean): string {
  if (!wasThere) return 'There is no secret before the current one.';
  return 'Tokens of the secret before are refused from now on, in each container after five minutes at most.';
}

function optionsOf(args: readonly string[]) {
  const options = {
    stage: { type: 'string' },
    port: { type: 'string', default: '8080' },
    'end-previous': { type: 'boolean', default: false },
  } as const;
  const { stage, ...rest } = parseArgs({ args: [...args], options }).values;
  if (!stage) throw new CommandLineError(USAGE);
  return { stage, ...rest };
}

function secretOf(stage: string): Promise<string> {
  return stage === 'local'
    ? Promise.resolve(tokenSecretName(stackNameOf(stage)))
    : stackOutput(stage, 'TokenSecret');
}

function localClient(port: string): SecretsManagerClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new SecretsManagerClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials,
  });
}
