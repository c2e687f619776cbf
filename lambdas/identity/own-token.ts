/** Tokens of the stage itself. Programs that may read the secret of the stack sign them. */

import { SignJWT } from 'jose';
import type { Grants } from './grants.ts';

export const OWN_ISSUER = 'fanfare';
export const OWN_ALGORITHM = 'HS256';

/** The name of the secret in the stage `local`, where it is fixed. Other stages print the name as an output of the stack. */
export function tokenSecretName(stackName: string): string {
  return `${stackName}/token-secret`;
}

/**
 * The audience of tokens for servers, which may use the HTTP API. Each authorizer accepts one kind of token and refuses the other:
 * a user cannot call the HTTP API with a token for clients, and a server cannot connect as a user.
 */
export function serverAudience(stage: string): string {
  return `${stage}/servers`;
}

export interface OwnToken {
  readonly user: string;
  /** Without it, only the namespaces' policies decide. */
  readonly channels?: Grants;
  /** The info that other members see of the user: any JSON, at most `INFO_BYTES`. */
  readonly info?: unknown;
  /** The name of the stage that it is for, or its `serverAudience`. */
  readonly audience: string;
  /** Seconds since 1970. */
  readonly issuedAt: number;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/**
 * @example
 * await signOwnToken(secret, { user: 'ann', audience: 'prod', issuedAt: now, expiresAt: now + 3600 });
 */
export function signOwnToken(secret: string, token: OwnToken): Promise<string> {
  const { user, channels, info, audience, issuedAt, expiresAt } = token;
  return new SignJWT({ ...(channels && { channels }), ...(info !== undefined && { info }) })
    .setProtectedHeader({ alg: OWN_ALGORITHM, typ: 'JWT' })
    .setIssuer(OWN_ISSUER)
    .setAudience(audience)
    .setSubject(user)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(keyOf(secret));
}

/** The text of the secret without decoding, so that programs in other languages can sign without further rules. */
export function keyOf(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}
