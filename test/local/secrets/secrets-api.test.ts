import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import {
  DeleteSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RuntimeOptions } from '../../runtime.ts';
import { serveFunctions } from '../serve-functions.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Token-AbCdEf';

const secret = (properties: object) => ({ Type: 'AWS::SecretsManager::Secret', Properties: properties });

const resources = {
  Token: secret({ GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true } }),
  Password: secret({ Name: 'stage/password', SecretString: 'hunter2' }),
};

/** A runtime with two secrets, its output, and the SDK's own client, as functions use it. */
async function serveSecrets(options: RuntimeOptions = {}) {
  const output: string[] = [];
  const { runtime } = await serveFunctions({}, resources, {
    onOutput: (_name, line) => output.push(line),
    ...options,
  });
  const endpoint = runtime.urls.secretsManager;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const sdk = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials });
  onTestFinished(() => sdk.destroy());
  return { runtime, endpoint, sdk, output };
}

const read = (SecretId: string) => new GetSecretValueCommand({ SecretId });

const headers = {
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': 'secretsmanager.GetSecretValue',
};

/** A request as it is on the wire: `fetch` chooses some headers by itself. */
async function post(url: string, more: IncomingHttpHeaders, body = '{"SecretId":"stage/password"}') {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { method: 'POST', headers: { ...headers, ...more } }, resolve)
      .on('error', reject)
      .end(body);
  });
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

describe('GetSecretValue', () => {
  it('returns a secret of the template to the SDK by its name', async () => {
    const { sdk } = await serveSecrets();

    expect(await sdk.send(read('stage/password'))).toMatchObject({
      ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:stage/password-AbCdEf',
      Name: 'stage/password',
      SecretString: 'hunter2',
      VersionId: expect.stringMatching(/^[\da-f-]{36}$/),
      VersionStages: ['AWSCURRENT'],
      CreatedDate: expect.any(Date),
    });
  });

  it('returns a generated secret, the same by name and by ARN', async () => {
    const { sdk } = await serveSecrets();
    const byName = await sdk.send(read('Token'));
    const byArn = await sdk.send(read(ARN));

    expect(byName).toMatchObject({ ARN, Name: 'Token' });
    expect(byName.SecretString).toMatch(/^[a-zA-Z\d]{64}$/);
    expect(byArn.SecretString).toBe(byName.SecretString);
  });

  it('returns the time at which the secret was made', async () => {
    const before = Date.now();
    const { sdk } = await serveSecrets();
    const { CreatedDate } = await sdk.send(read('Token'));

    expect(CreatedDate?.getTime()).toBeGreaterThanOrEqual(before);
    expect(CreatedDate?.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it.each(['Nobody', 'token', `${ARN}X`, ARN.replace('us-east-1', 'eu-west-1'), 'constructor'])(
    'does not find %s',
    async (id) => {
      const { sdk } = await serveSecrets();

      await expect(sdk.send(read(id))).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: "Secrets Manager can't find the specified secret.",
      });
    },
  );

  it.each([{ VersionStage: 'AWSPREVIOUS' }, { VersionId: '00000000-0000-0000-0000-000000000000' }])(
    'does not find another version: %j',
    async (version) => {
      const { sdk } = await serveSecrets();
      const command = new GetSecretValueCommand({ SecretId: 'Token', ...version });

      await expect(sdk.send(command)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    },
  );

  it('finds the current version by its stage and its id', async () => {
    const { sdk } = await serveSecrets();
    const { VersionId, SecretString } = await sdk.send(read('Token'));
    const command = { SecretId: 'Token', VersionId, VersionStage: 'AWSCURRENT' };

    expect(await sdk.send(new GetSecretValueCommand(command))).toMatchObject({ SecretString });
  });

  it('has two operations beside it that write, and others are named as not served', async () => {
    const { sdk } = await serveSecrets();

    await expect(sdk.send(new DeleteSecretCommand({ SecretId: 'Token' }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('GetSecretValue'),
    });
  });

  it.each(['', '{', '[]', '{}', '{"SecretId":7}', 'null', `{"SecretId":"${'x'.repeat(600_000)}"}`])(
    'is refused without an id: %.20s',
    async (body) => {
      const { endpoint } = await serveSecrets();
      const response = await post(endpoint, {}, body);

      expect([response.status, JSON.parse(response.body)]).toMatchObject([
        400,
        { __type: 'InvalidParameterException' },
      ]);
    },
  );

  it('is found by functions through their variables', async () => {
    const source = `import { GetSecretValueCommand, SecretsManagerClient } from '${import.meta.resolve('@aws-sdk/client-secrets-manager')}';
      export const handler = async ({ id }) => {
        const { SecretString } = await new SecretsManagerClient().send(new GetSecretValueCommand({ SecretId: id }));
        return SecretString === 'hunter2';
      };`;
    const { runtime } = await serveFunctions({ Read: source }, resources);

    expect(await runtime.functions.invoke('Read', { id: 'stage/password' })).toEqual({
      kind: 'result',
      value: true,
    });
  });
});

describe('a web page', () => {
  it('is refused with a request that is answered without the marks of a page', async () => {
    const { endpoint } = await serveSecrets();
    const { status, headers: answered } = await post(endpoint, {});

    expect([status, answered['cache-control']]).toEqual([200, 'no-store']);
    expect(answered).not.toHaveProperty('access-control-allow-origin');
  });

  it.each([
    'text/plain',
    'application/json',
    'application/x-www-form-urlencoded',
    'text/plain; application/x-amz-json-1.1',
  ])(
    'gets no secret with the type %s, which a page may send to any origin or which is wrong',
    async (type) => {
      const { endpoint } = await serveSecrets();
      const { status, body } = await post(endpoint, { 'content-type': type });

      expect([status, body]).toEqual([415, expect.not.stringContaining('hunter2')]);
    },
  );

  it.each(['http://evil.example', 'null', 'http://localhost:8080'])(
    'gets no secret from the origin %s, also if its name leads to this machine',
    async (origin) => {
      const { endpoint } = await serveSecrets();
      const { status, body } = await post(endpoint, { origin });

      expect([status, body]).toEqual([403, expect.not.stringContaining('hunter2')]);
    },
  );

  it('gets no permission in the answer to a preflight', async () => {
    const { endpoint } = await serveSecrets();
    const response = await fetch(endpoint, {
      method: 'OPTIONS',
      redirect: 'manual',
      headers: { Origin: 'http://evil.example', 'Access-Control-Request-Method': 'POST' },
    });

    expect(response.ok).toBe(false);
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('a generated secret', () => {
  const valueIn = async (options: RuntimeOptions = {}) => {
    const { sdk, runtime } = await serveSecrets(options);
    const { SecretString } = await sdk.send(read('Token'));
    await runtime.close();
    return SecretString;
  };

  it('is lost with the process by default', async () => {
    expect(await valueIn()).not.toBe(await valueIn());
  });

  it('survives a restart in its folder', async () => {
    const secretsFolder = await mkdtemp(path.join(tmpdir(), 'fanfare-secrets-'));
    onTestFinished(() => rm(secretsFolder, { recursive: true, force: true }));

    expect(await valueIn({ secretsFolder })).toBe(await valueIn({ secretsFolder }));
  });
});

describe('the output of the runtime', () => {
  it('contains no secret, and neither do its refusals and its description', async () => {
    const { runtime, sdk, endpoint, output } = await serveSecrets();
    const { SecretString = '' } = await sdk.send(read('Token'));
    const refusals = [
      await post(endpoint, { 'content-type': 'text/plain' }),
      await post(endpoint, { 'x-amz-target': 'secretsmanager.ListSecrets' }),
      await post(endpoint, {}, '{"SecretId":"nobody"}'),
    ];
    const said = JSON.stringify({ output, refusals, urls: runtime.urls, tables: runtime.tables });

    expect(said).not.toContain(SecretString);
    expect(said).not.toContain('hunter2');
  });
});
