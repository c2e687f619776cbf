import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import { readAccount } from '../../../bin/account/account-facts.ts';
import { accountClients } from '../../../bin/account/clients.ts';
import { CommandLineError } from '../../../bin/command-line.ts';
import { REGION, stage } from './accounts.ts';
import { aws, awsError, operations, resetAws } from './aws.ts';

async function read() {
  const clients = accountClients(REGION);
  return readAccount(clients, stage, clients.stacks);
}

beforeEach(resetAws);

describe('credentials', () => {
  it.each([
    ['CredentialsProviderError', 'There are no AWS credentials.'],
    ['ExpiredTokenException', 'The AWS credentials have expired.'],
    ['ExpiredToken', 'The AWS credentials have expired.'],
    ['TokenProviderError', 'The AWS sign-in is missing or has expired.'],
    ['InvalidClientTokenId', 'AWS does not know these credentials.'],
    ['SignatureDoesNotMatch', 'AWS refuses these credentials'],
  ])('that fail with %s end preflight with one sentence', async (name, sentence) => {
    aws.identity.on(GetCallerIdentityCommand).rejects(awsError(name));
    const reading = read();

    await expect(reading).rejects.toBeInstanceOf(CommandLineError);
    await expect(reading).rejects.toThrow(sentence);
    expect(operations()).toEqual(['GetCallerIdentity']);
  });

  it('without a region end preflight, too', async () => {
    aws.identity.on(GetCallerIdentityCommand).rejects(new Error('Region is missing'));

    await expect(read()).rejects.toThrow('There is no AWS region. Name it: AWS_REGION=eu-central-1');
  });

  it('that cannot be checked cause an error with the reason', async () => {
    aws.identity.on(GetCallerIdentityCommand).rejects(awsError('TimeoutError', 'no network'));

    await expect(read()).rejects.toThrow('AWS could not be asked: TimeoutError: no network');
  });
});
