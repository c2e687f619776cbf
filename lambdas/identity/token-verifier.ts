/** Verifies tokens. The issuer decides which key and which algorithms are accepted, never the header of the token. */

import {
  createRemoteJWKSet,
  decodeJwt,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { ValiError } from 'valibot';
import { type Identity, identityOf, type OwnClaims } from './claims.ts';
import type { Issuer } from './issuer.ts';
import { keyOf, OWN_ALGORITHM, OWN_ISSUER } from './own-token.ts';
import { type SigningSecrets, withRightSecret } from './signing-secrets.ts';

export interface VerifierOptions {
  /** The audience of the stage's own tokens: the name of the stage, or its `serverAudience`. */
  readonly audience: string;
  /** The secrets that the stage's own tokens may be signed with. */
  readonly secrets: SigningSecrets;
  readonly issuers: readonly Issuer[];
  /** How far the clocks of the issuer and of Lambda may be apart. Seconds. */
  readonly clockSkewSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A rule of the application about verified tokens. */
  readonly mapClaims?: MapClaims | undefined;
}

/**
 * The claims that count in place of those of the token.
 *
 * @throws NotAdmitted when the rule refuses the token; another error when the rule fails.
 */
export type MapClaims = (claims: Readonly<Record<string, unknown>>, issuer: string) => Promise<OwnClaims>;

/** A token that is not accepted. Its message is the reason, for the log; the token is not in it. */
export class InvalidToken extends Error {
  override readonly name = 'InvalidToken';
}

export type Verify = (token: string) => Promise<Identity>;

/** The keys of one issuer, and what its tokens must be. */
interface Trust {
  /** Verifies with the right one of the issuer's keys. */
  readonly withKey: <T>(verify: (key: JWTVerifyGetKey) => Promise<T>) => Promise<T>;
  readonly audience: Issuer['audience'];
  readonly algorithms: string[];
  readonly userPrefix: string | undefined;
  /** Prefixes of other issuers: no user of this one may be called by them. */
  readonly foreignPrefixes: readonly string[];
}

/**
 * The identity in a token, if it is signed by its issuer, for this stage, and valid now.
 *
 * @throws InvalidToken whose message is one of a few words; NotAdmitted when a rule of the application refuses it; another error
 *   when the keys cannot be read, or the rule fails.
 */
export function tokenVerifier({
  audience: ownAudience,
  secrets,
  issuers,
  clockSkewSeconds,
  now,
  mapClaims = async () => ({}),
}: VerifierOptions): Verify {
  const own: Trust = {
    withKey: (verify) => withRightSecret(secrets, (secret) => verify(async () => keyOf(secret)), isWrongKey),
    audience: ownAudience,
    algorithms: [OWN_ALGORITHM],
    // A program that may read the secret may sign for every user of the stage.
    userPrefix: undefined,
    foreignPrefixes: [],
  };
  const trusted = new Map(issuers.map((issuer) => [issuer.issuer, trustIn(issuer, issuers)]));
  // Set last, so that no provider can replace the stage's own issuer.
  trusted.set(OWN_ISSUER, own);

  return async (token) => {
    try {
      const issuer = decodeJwt(token).iss ?? '';
      const trust = trusted.get(issuer);
      if (!trust) throw new InvalidToken('unknown issuer');
      const { withKey, audience, algorithms, userPrefix, foreignPrefixes } = trust;
      const time = now();
      const required = {
        issuer,
        ...(typeof audience === 'string' && { audience }),
        algorithms,
        clockTolerance: clockSkewSeconds,
        currentDate: new Date(time),
        requiredClaims: ['exp'],
      };
      const { payload } = await withKey((key) => jwtVerify(token, key, required));
      if (typeof audience !== 'string') checkClient(payload, audience.client_id);
      const claims = { ...payload, ...(await mapClaims(payload, issuer)) };
      if (claims.sub === undefined) throw new InvalidToken('claim sub');
      const identity = identityOf(claims, userPrefix);
      // A revocation covers tokens issued before its moment. A token with `iat` in the future would survive it.
      if (identity.issuedAt > time / 1000 + clockSkewSeconds) throw new InvalidToken('claim iat');
      if (foreignPrefixes.some((prefix) => identity.user.startsWith(prefix)))
        throw new InvalidToken("another issuer's user");
      return identity;
    } catch (error) {
      throw asInvalid(error);
    }
  };
}

/** A token with an `aud` is for that audience, regardless of its `client_id` is. */
function checkClient({ aud, client_id: client }: JWTPayload, expected: string): void {
  if (aud !== undefined) throw new InvalidToken('claim aud');
  if (client !== expected) throw new InvalidToken('claim client_id');
}

/** Keys are fetched once and kept; a key that is not among them is looked for again, at most every 30 seconds. */
function trustIn(issuer: Issuer, all: readonly Issuer[]): Trust {
  const { jwksUrl, audience, algorithms, userPrefix } = issuer;
  const key = createRemoteJWKSet(new URL(jwksUrl), {
    cooldownDuration: 30_000,
    cacheMaxAge: 10 * 60_000,
    timeoutDuration: 5_000,
  });
  const others = all.filter((other) => other !== issuer);
  const foreignPrefixes = others.flatMap((other) => other.userPrefix ?? []);
  return {
    withKey: (verify) => verify(key),
    audience,
    algorithms: [...algorithms],
    userPrefix,
    foreignPrefixes,
  };
}

function isWrongKey(error: unknown): boolean {
  return error instanceof errors.JWSSignatureVerificationFailed;
}

/** The keys could not be read: the token may be good, and a later try may succeed. */
const keysAreOutOfReach = new Set([
  errors.JWKSTimeout.code,
  errors.JWKSInvalid.code,
  errors.JWKInvalid.code,
  errors.JOSEError.code,
]);

/** `jose` names the fault by class and claim. The reason contains no part of the token. */
function asInvalid(error: unknown): unknown {
  if (error instanceof InvalidToken) return error;
  if (error instanceof ValiError) return new InvalidToken('bad claims');
  if (error instanceof errors.JWTExpired) return new InvalidToken('expired');
  if (error instanceof errors.JWTClaimValidationFailed) return new InvalidToken(`claim ${error.claim}`);
  if (!(error instanceof errors.JOSEError) || keysAreOutOfReach.has(error.code)) return error;
  return new InvalidToken(error.code);
}
