/** Tokens for tests, good and bad, for a runtime that a test has started. */

import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Urls } from 'fanfare-local';
import type { Grants } from '../lambdas/identity/grants.ts';
import { type OwnToken, signOwnToken, tokenSecretName } from '../lambdas/identity/own-token.ts';
import { stackNameOf } from '../lib/stack-name.ts';
import { recordSecret } from './leaks/evidence.ts';

export type Mint = (user: string, channels?: Grants, more?: Partial<OwnToken>) => Promise<string>;

/** As much of a runtime as it takes to ask for its secret. */
interface SecretHolder {
  readonly urls: Pick<Urls, 'secretsManager'>;
}

const LIFETIME_SECONDS = 3_600;

/** Signs tokens with the secret of the runtime's own stage. */
export async function mintFor(runtime: SecretHolder): Promise<Mint> {
  const secret = await tokenSecretOf(runtime);
  return async (user, channels, more) => {
    const issuedAt = Math.floor(Date.now() / 1000);
    const expiresAt = issuedAt + LIFETIME_SECONDS;
    const token = await signOwnToken(secret, {
      user,
      ...(channels && { channels }),
      audience: 'local',
      issuedAt,
      expiresAt,
      ...more,
    });
    recordSecret(token);
    return token;
  };
}

export async function tokenSecretOf({ urls }: SecretHolder): Promise<string> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SecretsManagerClient({
    endpoint: urls.secretsManager,
    region: 'us-east-1',
    credentials,
  });
  const SecretId = tokenSecretName(stackNameOf('local'));
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
  client.destroy();
  recordSecret(SecretString);
  return SecretString;
}
