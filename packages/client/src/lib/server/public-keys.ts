/** The public halves of an issuer's keys, in the form in which a stage reads them. */

import { isAlgorithm } from './algorithms.ts';
import { failure } from './failure.ts';
import type { PrivateKey } from './signing-key.ts';

/** A JWK without any private member. */
export type PublicKey = Readonly<Record<string, string>>;

/** A list of what may be published, so that a member that is unknown here stays private. */
const MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e', 'alg', 'kid'];

/**
 * What an issuer publishes at the `jwksUrl` of the stage settings. It has no private part of a key. Publish a new key before
 * the first token that it signs, and an old one until its last token has ended.
 *
 * @throws FanfareError `bad-request` if a key has no `kid`, no `alg`, or is a shared secret.
 * @example
 * Response.json(publicKeys([key]));
 */
export function publicKeys(keys: readonly PrivateKey[]): { readonly keys: readonly PublicKey[] } {
  return { keys: keys.map(publicKey) };
}

function publicKey(key: PrivateKey): PublicKey {
  if (!isAlgorithm(key.alg) || !key.kid)
    throw failure('bad-request', 'Each key needs a kid, and an alg of an asymmetric algorithm.');
  const members = Object.entries(key).flatMap(([name, value]) =>
    MEMBERS.includes(name) && typeof value === 'string' ? [[name, value] as const] : [],
  );
  return { ...Object.fromEntries(members), use: 'sig' };
}
