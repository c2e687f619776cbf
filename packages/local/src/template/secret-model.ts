/** The secrets of a template, and their ARNs. */

import { StartError } from '../start-error.ts';
import { ACCOUNT, REGION } from './account.ts';
import type { Properties, Resource, Resources } from './resources.ts';

/** The rules for a generated value. */
export type GenerateSecretString = NonNullable<
  Properties<'AWS::SecretsManager::Secret'>['GenerateSecretString']
>;

export interface SecretModel {
  readonly name: string;
  readonly arn: string;
  readonly value:
    | { readonly kind: 'written'; readonly text: string }
    | { readonly kind: 'generated'; readonly as: GenerateSecretString };
}

/** Secrets Manager ends every ARN with six random characters. Here they are always these. */
const SUFFIX = 'AbCdEf';

export function secretArn(name: string): string {
  return `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-${SUFFIX}`;
}

/** @throws StartError that names a secret whose value cannot be made. */
export function secretModels(resources: Resources): SecretModel[] {
  return resources['AWS::SecretsManager::Secret'].map((secret) => {
    const name = secret.Name ?? secret.logicalId;
    return { name, arn: secretArn(name), value: secretSource(secret) };
  });
}

function secretSource(secret: Resource<'AWS::SecretsManager::Secret'>): SecretModel['value'] {
  const { logicalId, SecretString: text, GenerateSecretString: as } = secret;
  if ((text === undefined) === (as === undefined))
    throw new StartError(`The secret ${logicalId} needs either SecretString or GenerateSecretString.`);
  if (text !== undefined) return { kind: 'written', text };
  if (as !== undefined && isConsistent(as)) return { kind: 'generated', as };
  throw new StartError(
    `The secret ${logicalId} needs a SecretStringTemplate that is a JSON object, and a GenerateStringKey, or neither.`,
  );
}

function isConsistent({ SecretStringTemplate, GenerateStringKey }: GenerateSecretString): boolean {
  if (SecretStringTemplate === undefined) return GenerateStringKey === undefined;
  return GenerateStringKey !== undefined && isJsonObject(SecretStringTemplate);
}

/** The parser's error is not used, because it contains the text. */
function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
