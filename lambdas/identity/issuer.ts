/** Whose tokens a stage accepts beside its own: providers that publish their keys (Cognito, Auth0, Entra, Keycloak, …). */

import * as v from 'valibot';

/** Signatures by a private key. A shared secret is not among them: whoever can check one could also sign with it. */
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

export const issuer = v.object({
  /** Exactly the claim `iss`. */
  issuer: v.pipe(v.string(), v.minLength(1)),
  /** The claim `aud` must be or contain it, so that a token for another service does not open this one. */
  audience: v.pipe(v.string(), v.minLength(1)),
  /** Where the keys are published. */
  jwksUrl: v.pipe(
    v.string(),
    v.check(isProtected, 'keys come over https, or from this very machine when there is no network'),
  ),
  algorithms: v.pipe(v.array(v.picklist(algorithms)), v.minLength(1)),
});

export type Issuer = Readonly<v.InferOutput<typeof issuer>>;

/** Keys that someone on the way could exchange would be worth nothing; on loopback nobody is on the way. */
function isProtected(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && hostname === '127.0.0.1');
}
