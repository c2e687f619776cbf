/** The sign-in of the examples: a token of the local stage for every name. An application has its own sign-in in its place. */

import { LOCAL_CREDENTIALS, type PageFile, REGION } from 'fanfare-local';
import { userId } from 'fanfare-protocol/user-id';
import * as v from 'valibot';
import type { OwnToken } from '../../lambdas/identity/own-token.ts';
import { stackNameOf } from '../../lib/settings/stack-name.ts';

const LIFETIME_SECONDS = 3_600;

/** Secrets by the origin of their runtime. The secret of a runtime does not change, and each call would be on its bill. */
const secrets = new Map<string, Promise<string>>();

/**
 * `GET /examples/token?user=ann`. The guard of the runtime lets in its own pages and programs of this machine, which may read the
 * secret itself.
 *
 * @returns `undefined` if there is no user, or no user can have this name.
 */
export function tokenPage({ origin, searchParams }: URL): PageFile | undefined {
  const user = v.safeParse(userId, searchParams.get('user'));
  if (!user.success) return undefined;
  return { type: 'text/plain; charset=utf-8', content: () => userToken(user.output, origin) };
}

export const userToken = (user: string, origin: string) => tokenOf({ user, audience: 'local' }, origin);

/** For the HTTP API. */
export async function serverToken(user: string, origin: string): Promise<string> {
  const { serverAudience } = await import('../../lambdas/identity/own-token.ts');
  return tokenOf({ user, audience: serverAudience('local') }, origin);
}

/** Loads what signs when the first page asks, so that the runtime starts without it. */
async function tokenOf(who: Pick<OwnToken, 'user' | 'audience'>, origin: string): Promise<string> {
  const { signOwnToken } = await import('../../lambdas/identity/own-token.ts');
  const secret = secrets.get(origin) ?? secretOf(origin);
  secrets.set(origin, secret);
  secret.catch(() => secrets.delete(origin));
  const issuedAt = Math.floor(Date.now() / 1000);
  const expiresAt = issuedAt + LIFETIME_SECONDS;
  return signOwnToken(await secret, { ...who, issuedAt, expiresAt });
}

async function secretOf(origin: string): Promise<string> {
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const { tokenSecretName } = await import('../../lambdas/identity/own-token.ts');
  const client = new SecretsManagerClient({
    endpoint: origin,
    region: REGION,
    credentials: LOCAL_CREDENTIALS,
  });
  const SecretId = tokenSecretName(stackNameOf('local'));
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
  client.destroy();
  return SecretString;
}
