/** Values from Secrets Manager, kept for five minutes: one read serves thousands of handshakes. */

import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** After a secret was replaced, the old one is good for this much longer. Milliseconds. */
const KEPT_MS = 5 * 60 * 1000;

/**
 * Reads a secret when it is asked for.
 *
 * @param id Name or ARN.
 * @throws the SDK's error; the next call tries again.
 */
export function secretValue(
  client: SecretsManagerClient,
  id: string,
  now: () => number,
): () => Promise<string> {
  let value: Promise<string> | undefined;
  let goodUntil = 0;
  return () => {
    if (value && now() < goodUntil) return value;
    goodUntil = now() + KEPT_MS;
    value = read(client, id);
    value.catch(() => {
      value = undefined;
    });
    return value;
  };
}

async function read(client: SecretsManagerClient, id: string): Promise<string> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
  // With an empty key, every token that was signed with an empty key would be accepted.
  if (!SecretString) throw new Error('The secret has no text');
  return SecretString;
}
