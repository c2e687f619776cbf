import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { secretValue } from '../../../lambdas/aws/secret-value.ts';

const FIVE_MINUTES_MS = 300_000;
const sdk = mockClient(SecretsManagerClient);

/** A reader with its clock. */
function newReader() {
  const clock = { now: 1_000 };
  const client = new SecretsManagerClient({ region: 'us-east-1' });
  return { clock, read: secretValue(client, 'Fanfare-prod/token-secret', () => clock.now) };
}

const reads = () => sdk.commandCalls(GetSecretValueCommand).length;

describe('the value of a secret', () => {
  beforeEach(() => {
    sdk.reset();
    sdk.on(GetSecretValueCommand).resolves({ SecretString: 'first' });
  });

  it('is read by its name, when the first caller asks', async () => {
    const { read } = newReader();
    expect(reads()).toBe(0);

    expect(await read()).toBe('first');
    expect(sdk.commandCalls(GetSecretValueCommand)[0]?.args[0].input).toEqual({
      SecretId: 'Fanfare-prod/token-secret',
      VersionStage: 'AWSCURRENT',
    });
  });

  it('is read once for all callers that ask at once and after', async () => {
    const { read } = newReader();

    expect(await Promise.all([read(), read(), read()])).toEqual(['first', 'first', 'first']);
    expect(await read()).toBe('first');
    expect(reads()).toBe(1);
  });

  it('is kept for five minutes and then read again', async () => {
    const { clock, read } = newReader();
    await read();
    sdk.on(GetSecretValueCommand).resolves({ SecretString: 'second' });

    clock.now += FIVE_MINUTES_MS - 1;
    expect(await read()).toBe('first');
    clock.now += 1;
    expect(await read()).toBe('second');
    expect(reads()).toBe(2);
  });

  it('is read again after an error, by the next caller', async () => {
    const { read } = newReader();
    const answers = sdk.on(GetSecretValueCommand).rejectsOnce(new Error('ThrottlingException'));
    answers.resolves({ SecretString: 'first' });

    const outcomes = await Promise.allSettled([read(), read()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await read()).toBe('first');
    expect(reads()).toBe(2);
  });

  it('is not taken from an old read when a new read fails', async () => {
    const { clock, read } = newReader();
    await read();
    sdk.on(GetSecretValueCommand).rejects(new Error('AccessDeniedException'));
    clock.now += FIVE_MINUTES_MS;

    await expect(read()).rejects.toThrow('AccessDeniedException');
    await expect(read()).rejects.toThrow('AccessDeniedException');
  });

  it.each([{}, { SecretString: '' }, { SecretBinary: new Uint8Array([1]) }])(
    'is never empty, because %j is refused as a key',
    async (output) => {
      const { read } = newReader();
      sdk.on(GetSecretValueCommand).resolves(output);

      await expect(read()).rejects.toThrow(new Error('The secret has no text'));
      await expect(read()).rejects.toThrow(new Error('The secret has no text'));
      expect(reads()).toBe(2);
    },
  );
});
