/** The authorizer as a function that has started, and handshakes with and without tokens for it. */

import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, vi } from 'vitest';
import { type OwnToken, signOwnToken } from '../../lambdas/identity/own-token.ts';
import { recordSecret } from '../leaks/evidence.ts';
import { connectEventFixture } from './gateway-events.ts';

export const SECRET = 'a-secret-of-this-stage-a-secret-of-this-stage';
export const EDGE_KEY = 'what-only-the-edge-knows';
export const APP = 'https://app.example.com';
export const SKEW = 30;
export const methodArn = 'arn:aws:execute-api:us-east-1:123456789012:abcdef1234/prod/$connect';
const secrets = new Map([
  ['token-secret', SECRET],
  ['origin-key', EDGE_KEY],
]);
for (const secret of secrets.values()) recordSecret(secret);

export const sdk = mockClient(SecretsManagerClient);
export const variables = {
  AWS_REGION: 'us-east-1',
  STAGE: 'prod',
  TOKEN_SECRET: 'token-secret',
  ISSUERS: '[]',
  CLOCK_SKEW: String(SKEW),
  ORIGINS: JSON.stringify([APP]),
  ORIGIN_KEY_SECRET: 'none',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
};

/** The function as it starts with these variables. */
export async function start(more: Partial<typeof variables> = {}) {
  for (const [name, value] of Object.entries({ ...variables, ...more })) vi.stubEnv(name, value);
  vi.resetModules();
  const { handler } = await import('../../lambdas/authorize.ts');
  return handler;
}

type Query = Readonly<Record<string, string>>;

export function handshake(headers: Readonly<Record<string, string>> = {}, queryStringParameters?: Query) {
  const query = queryStringParameters && { queryStringParameters };
  return { ...connectEventFixture({ Origin: APP, ...headers }), methodArn, ...query };
}

export const issuedAt = Math.floor(Date.now() / 1000);
export const expiresAt = issuedAt + 3_600;
export async function newToken(more: Partial<OwnToken> = {}, secret = SECRET): Promise<string> {
  const token = await signOwnToken(secret, { user: 'ann', audience: 'prod', issuedAt, expiresAt, ...more });
  recordSecret(token);
  return token;
}

beforeEach(() => {
  sdk.reset();
  sdk
    .on(GetSecretValueCommand)
    .callsFake(({ SecretId }) => Promise.resolve({ SecretString: secrets.get(SecretId) }));
});
