import { describe, expect, it } from 'vitest';
import { generateSecretString } from '../../../packages/local/src/secrets/generate-secret-string.ts';
import { StartError } from '../../../packages/local/src/start-error.ts';

type Properties = NonNullable<Parameters<typeof generateSecretString>[0]>;

const many = (properties: Properties) => Array.from({ length: 200 }, () => generateSecretString(properties));

describe('generateSecretString', () => {
  it('makes 32 characters, at least one of each type', () => {
    const unlike = many({}).filter(
      (secret) => !/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[!-/:-@[-`{-~])[!-~]{32}$/.test(secret),
    );

    expect(unlike).toEqual([]);
  });

  it('never makes the same secret twice', () => {
    expect(new Set(many({})).size).toBe(200);
  });

  it('uses every allowed character, and no other', () => {
    const used = new Set(many({ PasswordLength: 200, IncludeSpace: true }).join(''));
    const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

    expect([...used].sort()).toEqual(printable);
  });

  it.each<[property: string, properties: Properties, pattern: RegExp]>([
    ['PasswordLength', { PasswordLength: 64 }, /^.{64}$/],
    ['ExcludeLowercase', { ExcludeLowercase: true }, /^[^a-z]+$/],
    ['ExcludeUppercase', { ExcludeUppercase: true }, /^[^A-Z]+$/],
    ['ExcludeNumbers', { ExcludeNumbers: true }, /^\D+$/],
    ['ExcludePunctuation', { ExcludePunctuation: true }, /^[a-zA-Z\d]+$/],
    ['ExcludeCharacters', { ExcludeCharacters: 'abc0^]' }, /^[^abc0^\]]+$/],
    ['IncludeSpace', { IncludeSpace: true }, / /],
  ])('obeys %s', (_property, properties, pattern) => {
    expect(many(properties).filter((secret) => !pattern.test(secret))).toEqual([]);
  });

  it('puts the required characters anywhere', () => {
    const digitsOnly = { ExcludeLowercase: true, ExcludePunctuation: true, PasswordLength: 2 };
    const starts = new Set(many(digitsOnly).map((secret) => /^\d/.test(secret)));

    expect(starts).toEqual(new Set([true, false]));
  });

  it('requires no type if RequireEachIncludedType is false', () => {
    expect(many({ PasswordLength: 1, RequireEachIncludedType: false })).toEqual(
      expect.arrayContaining([expect.stringMatching(/^.$/)]),
    );
  });

  it('puts the password into the template', () => {
    const text = generateSecretString({
      SecretStringTemplate: '{"user":"ann","password":"old"}',
      GenerateStringKey: 'password',
      ExcludePunctuation: true,
    });

    expect(JSON.parse(text)).toEqual({ user: 'ann', password: expect.stringMatching(/^[a-zA-Z\d]{32}$/) });
  });

  it.each<[Properties, string]>([
    [
      { ExcludeLowercase: true, ExcludeUppercase: true, ExcludeNumbers: true, ExcludePunctuation: true },
      'A GenerateSecretString excludes every character.',
    ],
    [
      { PasswordLength: 3 },
      'The PasswordLength of a GenerateSecretString is too short for each included type.',
    ],
  ])('refuses %j', (properties, sentence) => {
    expect(() => generateSecretString(properties)).toThrow(new StartError(sentence));
  });
});
