/** The secrets of the template with their values, found by name or by ARN. */

import type { SecretModel } from '../template/secret-model.ts';
import { generateSecretString } from './generate-secret-string.ts';
import { keptSecret, replaceKeptSecret } from './secret-files.ts';
import { SecretVersions } from './secret-versions.ts';

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly versions: SecretVersions;
  /** Keeps the current value for the next start, if values are kept at all. */
  readonly keep: () => Promise<void>;
}

/** Each secret is found by its name and by its ARN. */
export type Secrets = ReadonlyMap<string, Secret>;

/**
 * Generates the secrets, or reads them from the folder.
 *
 * @param folder Without a folder, generated values stay in memory.
 */
export async function openSecrets(models: readonly SecretModel[], folder?: string): Promise<Secrets> {
  const secrets = await Promise.all(models.map((model) => open(model, folder)));
  return new Map([
    ...secrets.map((secret) => [secret.name, secret] as const),
    ...secrets.map((secret) => [secret.arn, secret] as const),
  ]);
}

async function open(model: SecretModel, folder: string | undefined): Promise<Secret> {
  const { name, arn } = model;
  const versions = new SecretVersions(await secretValue(model, folder));
  return {
    name,
    arn,
    versions,
    async keep() {
      // A value that the template writes down comes from there at each start.
      if (folder === undefined || model.value.kind === 'written') return;
      await replaceKeptSecret(folder, name, versions.current().value);
    },
  };
}

async function secretValue({ name, value }: SecretModel, folder: string | undefined): Promise<string> {
  if (value.kind === 'written') return value.text;
  const generate = () => generateSecretString(value.as);
  return folder === undefined ? generate() : keptSecret(folder, name, generate);
}
