/** The secrets whose names begin with the stage's prefix, also those that AWS is about to delete. */

import { paginateListSecrets, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

export interface SecretFact {
  readonly name: string;
  readonly isBeingDeleted: boolean;
}

export async function readSecrets(
  client: SecretsManagerClient,
  stackName: string,
): Promise<readonly SecretFact[]> {
  const found: SecretFact[] = [];
  const pages = paginateListSecrets(
    { client },
    // A name is taken until the deletion is over, which by default takes 30 days.
    { Filters: [{ Key: 'name', Values: [`${stackName}/`] }], IncludePlannedDeletion: true },
  );
  for await (const { SecretList = [] } of pages)
    for (const { Name = '', DeletedDate } of SecretList)
      found.push({ name: Name, isBeingDeleted: DeletedDate !== undefined });
  return found;
}
