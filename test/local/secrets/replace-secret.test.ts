/** New versions of a secret, through the SDK's own client. */

import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RuntimeOptions } from '../../runtime.ts';
import { serveFunctions } from '../serve-functions.ts';

const SecretId = 'Token';
const resources = {
  Token: { Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString: {} } },
};

/** What the owner of a secret does, without a function. */
async function serveSecret(options: RuntimeOptions = {}) {
  const { runtime } = await serveFunctions({}, resources, options);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sdk = new SecretsManagerClient({
    endpoint: runtime.urls.secretsManager,
    region: 'us-east-1',
    credentials,
  });
  onTestFinished(() => sdk.destroy());
  return {
    runtime,
    read: (more: { VersionStage?: string; VersionId?: string } = {}) =>
      sdk.send(new GetSecretValueCommand({ SecretId, ...more })),
    put: (
      SecretString: string,
      more: { ClientRequestToken?: string; VersionStages?: string[]; SecretId?: string } = {},
    ) => sdk.send(new PutSecretValueCommand({ SecretId, SecretString, ...more })),
    move: (VersionStage: string, MoveToVersionId?: string, RemoveFromVersionId?: string) =>
      sdk.send(
        new UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage,
          MoveToVersionId,
          RemoveFromVersionId,
        }),
      ),
  };
}

describe('a new value of a secret', () => {
  it('is the current one, and the one before keeps the label AWSPREVIOUS', async () => {
    const { read, put } = await serveSecret();
    const first = await read();
    const answer = await put('second');

    expect(answer).toMatchObject({ Name: 'Token', VersionStages: ['AWSCURRENT'] });
    expect(await read()).toMatchObject({ SecretString: 'second', VersionId: answer.VersionId });
    expect(await read({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({
      SecretString: first.SecretString,
      VersionId: first.VersionId,
      VersionStages: ['AWSPREVIOUS'],
    });
  });

  it('is gone after two more', async () => {
    const { read, put } = await serveSecret();
    const { VersionId } = await read();
    await put('second');
    await put('third');

    expect(await read({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'second' });
    await expect(read({ VersionId: String(VersionId) })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('waits as AWSPENDING until the label AWSCURRENT moves to it', async () => {
    const { read, put, move } = await serveSecret();
    const first = await read();
    const { VersionId } = await put('second', { VersionStages: ['AWSPENDING'] });

    expect(await read()).toMatchObject({ SecretString: first.SecretString });
    expect(await read({ VersionStage: 'AWSPENDING' })).toMatchObject({ SecretString: 'second' });

    await move('AWSCURRENT', VersionId, first.VersionId);

    expect(await read()).toMatchObject({ SecretString: 'second', VersionId });
    expect(await read({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ VersionId: first.VersionId });
  });

  it('is written once when the request is repeated, and refused when the repetition differs', async () => {
    const { read, put } = await serveSecret();
    const ClientRequestToken = randomUUID();
    await put('second', { ClientRequestToken });
    await put('second', { ClientRequestToken });

    expect(await read()).toMatchObject({ VersionId: ClientRequestToken });
    expect(await read({ VersionStage: 'AWSPREVIOUS' })).not.toMatchObject({ SecretString: 'second' });
    await expect(put('third', { ClientRequestToken })).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
  });

  it.each([
    ['an empty text', ''],
    ['a text of more than 64 KB', 'x'.repeat(64 * 1024 + 1)],
  ])('is refused with %s', async (_name, text) => {
    const { put } = await serveSecret();

    await expect(put(text)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'The request has no SecretString that is accepted here.',
    });
  });

  it('needs a secret that exists', async () => {
    const { put } = await serveSecret();

    await expect(put('second', { SecretId: 'Other' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('is in the folder of the secrets, so that it survives a restart', async () => {
    const secretsFolder = await mkdtemp(path.join(tmpdir(), 'fanfare-secrets-'));
    onTestFinished(() => rm(secretsFolder, { recursive: true, force: true }));
    const { put, runtime } = await serveSecret({ secretsFolder });
    await put('second');
    await runtime.close();
    const { read } = await serveSecret({ secretsFolder });

    expect(await readFile(path.join(secretsFolder, 'Token'), 'utf8')).toBe('second');
    expect(await read()).toMatchObject({ SecretString: 'second' });
  });
});

describe('a label', () => {
  it('is removed from the version that has it', async () => {
    const { read, put, move } = await serveSecret();
    const { VersionId } = await read();
    await put('second');
    await move('AWSPREVIOUS', undefined, VersionId);

    await expect(read({ VersionStage: 'AWSPREVIOUS' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it.each([
    ['to a version that does not exist', 'AWSCURRENT', randomUUID(), 'own', 'ResourceNotFoundException'],
    ['without the version that has it', 'AWSCURRENT', 'pending', undefined, 'InvalidParameterException'],
    ['from another version', 'AWSCURRENT', 'pending', 'pending', 'InvalidParameterException'],
    ['away, if it is AWSCURRENT', 'AWSCURRENT', undefined, 'own', 'InvalidParameterException'],
  ])('does not move %s', async (_name, stage, to, from, name) => {
    const { read, put, move } = await serveSecret();
    const own = (await read()).VersionId;
    const pending = (await put('second', { VersionStages: ['AWSPENDING'] })).VersionId;
    const version = new Map([
      ['own', own],
      ['pending', pending],
    ]);

    await expect(move(stage, to && (version.get(to) ?? to), from && version.get(from))).rejects.toMatchObject(
      { name },
    );
    expect(await read()).toMatchObject({ VersionId: own });
  });
});
