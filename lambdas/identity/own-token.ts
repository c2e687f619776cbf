/** Tokens of the stage itself: signed with the secret that the stack made, by whoever may read it. */

import { SignJWT } from 'jose';
import type { Grants } from './grants.ts';

export const OWN_ISSUER = 'fanfare';
export const OWN_ALGORITHM = 'HS256';

/** The name of the secret of a stack; `lib/` creates it, the command line reads it. */
export function tokenSecretName(stackName: string): string {
  return `${stackName}/token-secret`;
}

export interface OwnToken {
  readonly user: string;
  /** Without it, only the namespaces' policies decide. */
  readonly channels?: Grants;
  /** The name of the stage that it is for. */
  readonly stage: string;
  /** Seconds since 1970. */
  readonly issuedAt: number;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/**
 * @example
 * await signOwnToken(secret, { user: 'ann', stage: 'prod', issuedAt: now, expiresAt: now + 3600 });
 */
export function signOwnToken(secret: string, token: OwnToken): Promise<string> {
  const { user, channels, stage, issuedAt, expiresAt } = token;
  return new SignJWT(channels === undefined ? {} : { channels })
    .setProtectedHeader({ alg: OWN_ALGORITHM, typ: 'JWT' })
    .setIssuer(OWN_ISSUER)
    .setAudience(stage)
    .setSubject(user)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(keyOf(secret));
}

/** The secret's text as it is: nothing to agree on with programs in other languages. */
export function keyOf(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}
