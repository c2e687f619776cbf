/** Whose tokens a stage accepts beside its own: providers that publish their keys (Cognito, Auth0, Entra, Keycloak, …). */

import * as v from 'valibot';

/** Algorithms with a private key. Algorithms with a shared secret are left out: a program that can check such a signature can also make one. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

const nonEmpty = v.pipe(v.string(), v.minLength(1));

const PREFIX_RULE = 'the userPrefix of no issuer begins with that of another one';

export const issuer = v.object({
  /** Exactly the claim `iss`. */
  issuer: nonEmpty,
  /**
   * Whom its tokens are for, so that a token for another service does not open this one. The claim `aud` must be or contain the
   * text. With `{ client_id }`, the token must have this claim `client_id` and no `aud`: so are the access tokens of Cognito.
   */
  audience: v.union([nonEmpty, v.strictObject({ client_id: nonEmpty })]),
  /** The URL of the issuer's published keys. */
  jwksUrl: v.pipe(
    v.string(),
    v.check(
      isProtected,
      'keys come by https, or by http from localhost, 127.0.0.1 or [::1], where no network is in between',
    ),
  ),
  algorithms: v.pipe(v.array(v.picklist(algorithms)), v.minLength(1)),
  /**
   * The text in front of the claim `sub` in the names of its users: `partner|` turns `ann` into `partner|ann`. Without it, `ann`
   * of one issuer and `ann` of another are one user.
   */
  userPrefix: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[\w\-@,.;:/|]{1,32}$/, 'a prefix of users is 1 to 32 of A-Za-z0-9_-@,.;:/|'),
    ),
  ),
});

export type Issuer = Readonly<v.InferOutput<typeof issuer>>;

/** An issuer as an app names it. */
export interface NamedIssuer extends Omit<Issuer, 'jwksUrl' | 'algorithms'> {
  /** @default `.well-known/jwks.json` below the issuer, as Cognito and Auth0 have it */
  readonly jwksUrl?: string;
  /** With which it signs. @default RS256 and ES256 */
  readonly algorithms?: Issuer['algorithms'];
}

/** Both have a private key, and a key in a JWKS is for one of them only. */
const ALGORITHMS: Issuer['algorithms'] = ['RS256', 'ES256'];

export function completeIssuer(named: NamedIssuer): Issuer {
  const {
    jwksUrl = `${named.issuer.replace(/\/$/, '')}/.well-known/jwks.json`,
    algorithms: own = ALGORITHMS,
  } = named;
  return { ...named, jwksUrl, algorithms: own };
}

/** All issuers of a stage. No prefix begins with another, so that no two issuers with a prefix have a user in common. */
export const issuers = v.pipe(
  v.array(issuer),
  v.check(
    (all) => all.every((one) => !all.some((other) => other !== one && isBelow(one, other))),
    PREFIX_RULE,
  ),
);

function isBelow({ userPrefix }: Issuer, { userPrefix: other }: Issuer): boolean {
  return userPrefix !== undefined && other !== undefined && userPrefix.startsWith(other);
}

/** The names of this machine, as `URL` writes them. `localhost.example.com` is another machine. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** An attacker on the network could replace keys that come by plain http. Loopback does not go over a network. */
function isProtected(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}
