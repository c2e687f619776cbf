/**
 * The context that the authorizer passes on. Every later event of the connection has it (EV-14). It has strings only, because AWS
 * keeps only strings.
 */

import { grants } from 'fanfare-protocol/grants';
import { info } from 'fanfare-protocol/info';
import * as v from 'valibot';
import type { Identity } from './claims.ts';

/** The context of a signed-in connection. */
export interface SignedInContext {
  readonly user: string;
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly channels?: string;
  readonly info?: string;
}

/** @param expiresAt when its rights end, with the allowance for clocks. Seconds since 1970. */
export function contextOf(
  { user, issuedAt, grants: claim, info: about }: Identity,
  expiresAt: number,
): SignedInContext {
  return {
    user,
    issuedAt: String(issuedAt),
    expiresAt: String(expiresAt),
    ...(claim && { channels: JSON.stringify(claim) }),
    ...(about !== undefined && { info: JSON.stringify(about) }),
  };
}

const wholeSeconds = v.pipe(v.string(), v.digits(), v.transform(Number));

const signedIn = v.object({
  user: v.string(),
  issuedAt: wholeSeconds,
  expiresAt: wholeSeconds,
  channels: v.optional(v.pipe(v.string(), v.parseJson(), grants)),
  info: v.optional(v.pipe(v.string(), v.parseJson(), info)),
});

/**
 * The identity that the authorizer passed on, or `undefined` for an anonymous connection.
 *
 * @throws ValiError for a context that the authorizer did not make: half an identity is not an identity.
 */
export function identityIn(context: unknown): Identity | undefined {
  if (!v.is(v.object({ user: v.unknown() }), context)) return undefined;
  const { channels, ...identity } = v.parse(signedIn, context);
  return { ...identity, ...(channels && { grants: channels }) };
}

/** The context of an anonymous connection, empty if the client has no name. */
export function anonymousContextOf(client: string | undefined) {
  return client === undefined ? {} : { client };
}

const anonymous = v.object({ client: v.string() });

/** The hash of the name that an anonymous client made up, if it did. */
export function clientOf(context: unknown): string | undefined {
  return v.is(anonymous, context) ? context.client : undefined;
}
