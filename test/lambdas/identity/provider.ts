/** A provider with keys of its own, which it publishes on loopback, for tests of the tokens that it signs. */

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import type { Issuer } from '../../../lambdas/identity/issuer.ts';
import { listenOnLoopback } from '../../loopback.ts';

/** A year that no test lives to see. Seconds since 1970. */
export const NOW = 1_800_000_000;

export interface Provider {
  /** As a stage would trust it, with RS256 as its only algorithm. */
  readonly issuer: Issuer;
  /** The published keys. A test may remove and add keys. */
  readonly published: object[];
  /** The answer in place of its keys. */
  trouble: { readonly status: number; readonly body: string } | undefined;
  readonly requests: () => number;
  /** Cuts every connection and stops listening. */
  close(): Promise<void>;
}

/** The two halves of a key for RS256 and PS256, and its published form. */
export interface ProviderKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: object;
  readonly kid: string;
}

export function rsaKey(kid: string): ProviderKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  // Without `alg`, so that only the issuer's list says for which algorithms the key is good.
  return { privateKey, publicKey, kid, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' } };
}

export async function startProvider(...keys: readonly ProviderKey[]): Promise<Provider> {
  let requests = 0;
  const { server, url, close } = await listenOnLoopback((_request, response) => {
    requests += 1;
    const { status, body } = provider.trouble ?? {
      status: 200,
      body: JSON.stringify({ keys: provider.published }),
    };
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body);
  });
  const provider: Provider = {
    issuer: {
      issuer: 'https://id.example.com/',
      audience: 'fanfare',
      jwksUrl: `${url}/jwks.json`,
      algorithms: ['RS256'],
    },
    published: keys.map(({ jwk }) => jwk),
    trouble: undefined,
    requests: () => requests,
    async close() {
      if (server.listening) await close();
    },
  };
  return provider;
}

/** Claims of the provider for ann, good for an hour; `undefined` takes one away. */
export function claimsFixture(more: object = {}): JWTPayload {
  const claims = { iss: 'https://id.example.com/', aud: 'fanfare', sub: 'ann', iat: NOW, exp: NOW + 3_600 };
  return JSON.parse(JSON.stringify({ ...claims, ...more }));
}

export function sign(
  { privateKey, kid }: Pick<ProviderKey, 'privateKey' | 'kid'>,
  claims = claimsFixture(),
  alg = 'RS256',
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(privateKey);
}

/** Signed with any secret. */
export function signBySecret(secret: string, claims: JWTPayload, header = {}): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', ...header })
    .sign(new TextEncoder().encode(secret));
}

/** A token without a signature. */
export function unsigned(claims: unknown, header: unknown = { alg: 'none' }, signature = ''): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.${signature}`;
}
