/** Makes a token with the secret of its stage: of the local runtime, or of a deployed stage if AWS lets its user read it. */

import { randomBytes } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { keptSecret } from 'fanfare-local/secrets';
import { signOwnToken, tokenSecretName } from '../lambdas/identity/own-token.ts';
import { stackNameOf } from '../lib/settings/stack-name.ts';
import { CommandLineError } from './command-line.ts';
import { stackOutput } from './stack-outputs.ts';
import { claimsOf } from './token-claims.ts';
import type { TokenOptions } from './token-options.ts';

/**
 * @param localSecrets The folder where the local stage's secrets are kept.
 * @throws CommandLineError when there is no such stack, or its secret has no text; the SDK's error when it cannot be read.
 */
export async function issueToken(options: TokenOptions, localSecrets: string): Promise<string> {
  return signOwnToken(await secretOf(options.stage, localSecrets), claimsOf(options));
}

async function secretOf(stage: string, localSecrets: string): Promise<string> {
  if (stage === 'local') return localSecret(localSecrets);
  const arn = await stackOutput(stage, 'TokenSecret');
  const { SecretString } = await new SecretsManagerClient().send(
    new GetSecretValueCommand({ SecretId: arn }),
  );
  if (!SecretString) throw new CommandLineError(`The secret ${arn} has no text.`);
  return SecretString;
}

/** The first of this program and the local runtime makes it. */
function localSecret(folder: string): Promise<string> {
  const name = tokenSecretName(stackNameOf('local'));
  return keptSecret(folder, name, () => randomBytes(48).toString('base64url'));
}
