/** Every kind of token that a client may present, valid and invalid. */

import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import type { Grants } from '../../../lambdas/identity/grants.ts';
import { keyOf, OWN_ISSUER } from '../../../lambdas/identity/own-token.ts';
import { recordSecret } from '../../leaks/evidence.ts';
import type { IdentityProvider } from './identity-provider.ts';

/** The issuers that the stage trusts. */
export interface TokenIssuer {
  readonly iss: string;
  readonly aud: string;
  sign(claims: JWTPayload): Promise<string>;
}

export const issuerNames = ['own', 'provider'] as const;
export type IssuerName = (typeof issuerNames)[number];

export type TokenIssuers = Readonly<Record<IssuerName, TokenIssuer>>;

/** The stage itself, by its secret, and a provider. */
export function tokenIssuers(secret: string, { issuer, sign }: IdentityProvider): TokenIssuers {
  return {
    own: { iss: OWN_ISSUER, aud: 'local', sign: (claims) => recorded(signHs256(secret, claims)) },
    provider: { iss: issuer.issuer, aud: issuer.audience, sign: (claims) => recorded(sign(claims)) },
  };
}

async function recorded(signing: Promise<string>): Promise<string> {
  const token = await signing;
  recordSecret(token);
  return token;
}

/** The keys of which a token can be made. */
interface Ingredients {
  readonly issuer: TokenIssuer;
  /** The one that it claims not to be from. */
  readonly other: TokenIssuer;
  /** The public key of the provider, which everyone has. */
  readonly publicKey: string;
  /** Of a good token that names no channels. */
  readonly claims: JWTPayload;
  /** The channels that the client will use, with the rights that it needs on each. */
  readonly rightGrants: Grants;
  readonly wrongGrants: Readonly<Record<'otherChannels' | 'otherPermissions', Grants>>;
}

type Make = (ingredients: Ingredients) => Promise<string> | string | undefined;

const MINUTE = 60;
const HOUR = 60 * MINUTE;

export const tokenKinds = {
  'no token': () => undefined,
  'names no channels': ({ issuer, claims }) => issuer.sign(claims),
  'names other channels': ({ issuer, claims, wrongGrants }) =>
    issuer.sign({ ...claims, channels: wrongGrants.otherChannels }),
  'grants other permissions': ({ issuer, claims, wrongGrants }) =>
    issuer.sign({ ...claims, channels: wrongGrants.otherPermissions }),
  'right token': ({ issuer, claims, rightGrants }) => issuer.sign({ ...claims, channels: rightGrants }),
  'bad signature': async ({ issuer, claims }) => withOtherSignature(await issuer.sign(claims)),
  'changed claims': async ({ issuer, claims }) =>
    withOtherClaims(await issuer.sign(claims), { ...claims, sub: 'root' }),
  'wrong issuer': ({ issuer, claims }) => issuer.sign({ ...claims, iss: 'https://evil.example/' }),
  'key of the other issuer': ({ other, claims }) => other.sign(claims),
  'wrong audience': ({ issuer, claims }) => issuer.sign({ ...claims, aud: 'prod' }),
  'no audience': ({ issuer, claims: { aud: _, ...claims } }) => issuer.sign(claims),
  expired: ({ issuer, claims }) => issuer.sign({ ...claims, exp: now() - MINUTE }),
  'never expires': ({ issuer, claims: { exp: _, ...claims } }) => issuer.sign(claims),
  'not yet valid': ({ issuer, claims }) => issuer.sign({ ...claims, nbf: now() + HOUR }),
  'issued in the future': ({ issuer, claims }) => issuer.sign({ ...claims, iat: now() + HOUR }),
  'alg none': ({ claims }) => new UnsecuredJWT(claims).encode(),
  'HS256 with the public key': ({ publicKey, claims }) => signHs256(publicKey, claims),
} as const satisfies Readonly<Record<string, Make>>;

export type TokenKind = keyof typeof tokenKinds;

export const kindNames: readonly TokenKind[] = Object.keys(tokenKinds).filter(isTokenKind);

function isTokenKind(name: string): name is TokenKind {
  return Object.hasOwn(tokenKinds, name);
}

export function goodClaims({ iss, aud }: TokenIssuer, sub: string): JWTPayload {
  return { iss, aud, sub, iat: now(), exp: now() + 2 * HOUR };
}

/** Seconds since 1970. */
function now(): number {
  return Math.floor(Date.now() / 1000);
}

function signHs256(key: string, claims: JWTPayload): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(keyOf(key));
}

function withOtherSignature(token: string): string {
  const [header, claims, signature = ''] = token.split('.');
  // This changes the first character, because a decoder ignores some bits of the last one.
  return `${header}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
}

function withOtherClaims(token: string, claims: JWTPayload): string {
  const [header, , signature] = token.split('.');
  return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
}
