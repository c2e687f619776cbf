/** Makes the value of a secret as `GenerateSecretString` of CloudFormation describes it. */

import { randomInt } from 'node:crypto';
import { StartError } from '../start-error.ts';
import type { GenerateSecretString } from '../template/secret-model.ts';

const LOWERCASE = 'abcdefghijklmnopqrstuvwxyz';
const UPPERCASE = LOWERCASE.toUpperCase();
const DIGITS = '0123456789';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html */
const DEFAULT_LENGTH = 32;

/**
 * A password of random characters, or the JSON of `SecretStringTemplate` with the password in it.
 *
 * @throws StartError when the exclusions leave too little to choose from.
 */
export function generateSecretString(properties: GenerateSecretString = {}): string {
  const { SecretStringTemplate, GenerateStringKey } = properties;
  const password = generatePassword(properties);
  if (SecretStringTemplate === undefined || GenerateStringKey === undefined) return password;
  return JSON.stringify({ ...JSON.parse(SecretStringTemplate), [GenerateStringKey]: password });
}

function generatePassword(properties: GenerateSecretString): string {
  const { PasswordLength = DEFAULT_LENGTH, RequireEachIncludedType = true } = properties;
  const sets = includedSets(properties);
  if (sets.length === 0) throw new StartError('A GenerateSecretString excludes every character.');
  const required = RequireEachIncludedType ? sets.map(anyOf) : [];
  if (required.length > PasswordLength)
    throw new StartError('The PasswordLength of a GenerateSecretString is too short for each included type.');
  const all = sets.join('');
  const others = Array.from({ length: PasswordLength - required.length }, () => anyOf(all));
  return shuffled([...required, ...others]).join('');
}

function includedSets(properties: GenerateSecretString): string[] {
  const { ExcludeCharacters = '' } = properties;
  return [
    properties.ExcludeLowercase ? '' : LOWERCASE,
    properties.ExcludeUppercase ? '' : UPPERCASE,
    properties.ExcludeNumbers ? '' : DIGITS,
    properties.ExcludePunctuation ? '' : PUNCTUATION,
    properties.IncludeSpace ? ' ' : '',
  ]
    .map((set) => [...set].filter((character) => !ExcludeCharacters.includes(character)).join(''))
    .filter((set) => set !== '');
}

function anyOf(characters: string): string {
  return characters.charAt(randomInt(characters.length));
}

/** Fisher and Yates: every order is as likely as any other. */
function shuffled(characters: readonly string[]): string[] {
  const left = [...characters];
  return characters.flatMap(() => left.splice(randomInt(left.length), 1));
}
