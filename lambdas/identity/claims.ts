/** Reads from a verified token what it says about its user. */

import { type Grants, grants } from 'fanfare-protocol/grants';
import { info } from 'fanfare-protocol/info';
import { userId } from 'fanfare-protocol/user-id';
import * as v from 'valibot';

/** A user whose token was verified. */
export interface Identity {
  readonly user: string;
  /** When the token ends. Seconds since 1970, whole. */
  readonly expiresAt: number;
  /** When the token was issued; 0, and so before any revocation, if it does not say. Seconds since 1970. */
  readonly issuedAt: number;
  /** Absent when the token does not have the claim. An empty claim is different: it names no channel. */
  readonly grants?: Grants;
  /** The info that other members see of the user: any JSON. */
  readonly info?: unknown;
}

const second = v.pipe(v.number(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));

const claims = v.object({
  sub: v.pipe(v.string(), v.minLength(1)),
  exp: second,
  iat: v.optional(second, 0),
  channels: v.optional(grants),
  info: v.optional(info),
});

/** Claims that a rule of the application puts in place of those of the token (`own-logic/connecting.ts`). */
export interface OwnClaims {
  readonly sub?: string;
  readonly channels?: Grants;
  readonly info?: unknown;
}

/**
 * @param userPrefix the text in front of the issuer's own names of its users.
 * @throws ValiError when a claim is missing or invalid.
 */
export function identityOf(payload: unknown, userPrefix = ''): Identity {
  const { sub, exp, iat, channels, info: about } = v.parse(claims, payload);
  return {
    user: v.parse(userId, userPrefix + sub),
    expiresAt: Math.floor(exp),
    issuedAt: Math.floor(iat),
    ...(channels && { grants: channels }),
    ...(about !== undefined && { info: about }),
  };
}
