/** Reads the secret with which the stage signs its tokens. */

import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** @throws the SDK's error when the caller may not read it, and an Error when it is no text. */
export async function secretText(client: SecretsManagerClient, SecretId: string): Promise<string> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
  if (!SecretString) throw new Error(`The secret ${SecretId} has no text.`);
  return SecretString;
}
