import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { decodeJwt } from 'jose';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CommandLineError } from '../../bin/command-line.ts';
import { issueToken } from '../../bin/issue-token.ts';
import { TOKEN_USAGE, type TokenOptions } from '../../bin/token-options.ts';
import { tokenVerifier } from '../../lambdas/identity/token-verifier.ts';
import { decide } from '../../lambdas/realtime/access/permissions.ts';
import { recordSecret } from '../leaks/evidence.ts';
import { oneSecret } from '../memory/one-secret.ts';
import { runHere, runProgram, serveAws } from './run-command.ts';
import { serveStack } from './serve-stack.ts';

const SECRET = 'the-secret-of-a-deployed-stage-the-secret-of-a-deployed-stage';
recordSecret(SECRET);
const sdk = mockClient(SecretsManagerClient);
const stack = mockClient(CloudFormationClient);

/** As CloudFormation makes it up. */
const ARN = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:TokensSecret1A2B3C4D-5E6F7G8H-AbCdEf';

const stackThatTells = (OutputValue: string) => ({
  Stacks: [
    {
      StackName: 'Fanfare-prod',
      CreationTime: new Date(0),
      StackStatus: 'CREATE_COMPLETE' as const,
      Outputs: [{ OutputKey: 'TokenSecret', OutputValue }],
    },
  ],
});

const options: TokenOptions = { user: 'ann', channels: {}, seconds: 60, stage: 'local', isServer: false };

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fanfare-token-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The secret that the local stage has in the folder, as the local runtime reads it. */
async function secretIn(folder: string): Promise<string> {
  const [file = '', ...more] = await readdir(folder);
  expect(more).toEqual([]);
  const secret = await readFile(path.join(folder, file), 'utf8');
  recordSecret(secret);
  return secret;
}

/** At the time of its issue: a token of a minute could end on a slow machine before it is verified. */
function verify(token: string, stage: string, secret: string) {
  recordSecret(token);
  const { iat = Number.NaN } = decodeJwt(token);
  return tokenVerifier({
    audience: stage,
    secrets: oneSecret(secret),
    issuers: [],
    clockSkewSeconds: 0,
    now: () => iat * 1_000,
  })(token);
}

beforeEach(() => {
  sdk.reset();
  stack.reset();
  vi.stubEnv('AWS_REGION', 'us-east-1');
});

describe('a token of the command line', () => {
  it('is for the local stage, and lasts as long as the flag says', async () => {
    const folder = await newFolder();
    const channels = { 'chat:*': ['publish' as const] };
    const before = Math.floor(Date.now() / 1_000);
    const token = await issueToken({ ...options, channels }, folder);
    const after = Date.now() / 1_000;
    const { issuedAt, expiresAt, ...identity } = await verify(token, 'local', await secretIn(folder));

    expect(identity).toEqual({ user: 'ann', grants: channels });
    expect(expiresAt - issuedAt).toBe(60);
    expect(issuedAt).toBeGreaterThanOrEqual(before);
    expect(issuedAt).toBeLessThanOrEqual(after);
  });

  it('makes a long secret for a local stage that has no secret yet, and uses it from then on', async () => {
    const folder = await newFolder();
    await issueToken(options, folder);
    const secret = await secretIn(folder);
    expect(secret).toMatch(/^[\w-]{64}$/);

    const next = await issueToken({ ...options, user: 'bob' }, folder);
    expect(await secretIn(folder)).toBe(secret);
    expect(await verify(next, 'local', secret)).toMatchObject({ user: 'bob' });
    expect(sdk.calls()).toEqual([]);
  });

  it('does not narrow the rights of its user if no channel is named', async () => {
    const folder = await newFolder();
    const token = await issueToken(options, folder);
    const identity = await verify(token, 'local', await secretIn(folder));

    expect(identity).not.toHaveProperty('grants');
    // The policy of `chat` allows this to signed-in users, and that of `public` only to servers.
    expect(decide('signed-in', identity, 'publish', 'chat:room')).toBe('allowed');
    expect(decide('servers', identity, 'publish', 'public:news')).toBe('forbidden');
  });

  it('of a deployed stage is signed with that stage’s secret, which the command does not keep', async () => {
    const folder = await newFolder();
    stack.on(DescribeStacksCommand, { StackName: 'Fanfare-prod' }).resolves(stackThatTells(ARN));
    sdk.on(GetSecretValueCommand, { SecretId: ARN }).resolves({ SecretString: SECRET });
    const token = await issueToken({ ...options, stage: 'prod' }, folder);

    expect(await verify(token, 'prod', SECRET)).toMatchObject({ user: 'ann' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not made when the stage’s secret cannot be read or has no text', async () => {
    const folder = await newFolder();
    stack.on(DescribeStacksCommand).resolves(stackThatTells(ARN));
    const answers = sdk.on(GetSecretValueCommand).rejectsOnce(new Error('AccessDeniedException'));
    answers.resolves({});

    await expect(issueToken({ ...options, stage: 'prod' }, folder)).rejects.toThrow('AccessDeniedException');
    await expect(issueToken({ ...options, stage: 'prod' }, folder)).rejects.toThrow(
      new CommandLineError(`The secret ${ARN} has no text.`),
    );
  });
});

describe('npm run token', () => {
  it('prints the token and nothing else', async () => {
    const { port, asked } = await serveAws({ SecretString: SECRET });
    const args = ['--user', 'ann', '--channel', 'chat:*=publish', '--stage', 'dev'];
    const { stdout, ...outcome } = await runProgram('token', args, {
      ...(await serveStack('Fanfare-dev', { TokenSecret: ARN })),
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${port}`,
    });

    expect(outcome).toEqual({ code: 0, stderr: '' });
    expect(await verify(stdout.replace(/\n$/, ''), 'dev', SECRET)).toMatchObject({ user: 'ann' });
    expect(asked).toEqual([
      {
        url: '/',
        operation: 'secretsmanager.GetSecretValue',
        body: { SecretId: ARN },
      },
    ]);
  });

  it('says in a sentence that a stage is not deployed', async () => {
    const variables = await serveStack('Fanfare-dev', {});

    expect(await runProgram('token', ['--user', 'ann', '--server', '--stage', 'prod'], variables)).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'There is no stack Fanfare-prod in this account and region. AWS_PROFILE and AWS_REGION choose others.\n',
    });
  });

  it('fails with its usage, without a stack trace', async () => {
    expect(await runHere('token', [])).toEqual({ code: 1, stdout: '', stderr: `${TOKEN_USAGE}\n` });
  });
});
