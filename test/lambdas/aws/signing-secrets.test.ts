import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { signingSecrets } from '../../../lambdas/aws/secret-value.ts';
import { PREVIOUS_SECRET_MS } from '../../../lambdas/identity/signing-secrets.ts';

const SecretId = 'Fanfare-prod/token-secret';
const MADE_MS = 1_000_000;
const sdk = mockClient(SecretsManagerClient);

/** The versions that Secrets Manager has, by label; each was made at the moment that its text names. */
function stored(versions: Readonly<Record<string, { text: string; madeAt?: number }>>) {
  sdk.reset();
  sdk.on(GetSecretValueCommand).callsFake(async ({ VersionStage = 'AWSCURRENT' }) => {
    const version = versions[VersionStage];
    if (version) return { SecretString: version.text, CreatedDate: new Date(version.madeAt ?? MADE_MS) };
    throw new ResourceNotFoundException({ message: 'no such version', $metadata: {} });
  });
}

function newSecrets() {
  const clock = { now: MADE_MS };
  const client = new SecretsManagerClient({ region: 'us-east-1' });
  return { clock, secrets: signingSecrets(client, SecretId, () => clock.now) };
}

const reads = () => sdk.commandCalls(GetSecretValueCommand).length;

describe('the secrets that may have signed a token', () => {
  beforeEach(() => stored({ AWSCURRENT: { text: 'second' }, AWSPREVIOUS: { text: 'first', madeAt: 0 } }));

  it('are the current one alone, which is read once, while it signs all tokens', async () => {
    const { secrets } = newSecrets();

    expect([await secrets.current(), await secrets.current()]).toEqual(['second', 'second']);
    expect(reads()).toBe(1);
  });

  it('are the current one, the next one and the one before, when another one is asked for', async () => {
    const { secrets } = newSecrets();
    stored({
      AWSCURRENT: { text: 'second' },
      AWSPENDING: { text: 'third' },
      AWSPREVIOUS: { text: 'first' },
    });

    expect(await secrets.others()).toEqual(['second', 'third', 'first']);
  });

  it('include a current one that is newer than the one that was kept', async () => {
    const { secrets } = newSecrets();
    await secrets.current();
    stored({ AWSCURRENT: { text: 'third' }, AWSPREVIOUS: { text: 'second' } });

    expect(await secrets.others()).toEqual(['third', 'second']);
    expect(await secrets.current()).toBe('third');
  });

  it('include the one before until a day after the current one was made', async () => {
    const { clock, secrets } = newSecrets();
    clock.now = MADE_MS + PREVIOUS_SECRET_MS - 1;
    expect(await secrets.others()).toEqual(['second', 'first']);

    clock.now += 10_000;
    expect(await secrets.others()).toEqual(['second']);
  });

  it('include the newer one for a day after it was made, when an owner went back to the one before', async () => {
    stored({ AWSCURRENT: { text: 'first', madeAt: 0 }, AWSPREVIOUS: { text: 'second' } });
    const { clock, secrets } = newSecrets();
    clock.now = MADE_MS + PREVIOUS_SECRET_MS - 1;

    expect(await secrets.others()).toEqual(['first', 'second']);
  });

  it('are looked for once in ten seconds, for tokens that strangers made up', async () => {
    const { clock, secrets } = newSecrets();
    await secrets.others();
    const once = reads();
    for (let token = 0; token < 1_000; token++) await secrets.others();
    expect(reads()).toBe(once);

    clock.now += 10_000;
    await secrets.others();
    expect(reads()).toBe(2 * once);
  });

  it('are not known when a version cannot be read, and the next look tries again', async () => {
    const { secrets } = newSecrets();
    sdk.on(GetSecretValueCommand).rejects(new Error('ThrottlingException'));
    await expect(secrets.others()).rejects.toThrow('ThrottlingException');

    stored({ AWSCURRENT: { text: 'second' }, AWSPREVIOUS: { text: 'first' } });
    expect(await secrets.others()).toEqual(['second', 'first']);
  });
});
