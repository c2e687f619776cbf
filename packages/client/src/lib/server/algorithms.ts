/** The algorithms that a stage accepts of an issuer, in the terms of WebCrypto. */

/** As https://www.rfc-editor.org/rfc/rfc7518#section-3.1 and https://www.rfc-editor.org/rfc/rfc8037 name them. */
export type Algorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA';

interface Parameters {
  /** What a key is imported for. */
  readonly key: { readonly name: string; readonly hash?: string; readonly namedCurve?: string };
  /** How it signs. */
  readonly sign: { readonly name: string; readonly hash?: string; readonly saltLength?: number };
}

const pkcs1 = (hash: string): Parameters => {
  const name = 'RSASSA-PKCS1-v1_5';
  return { key: { name, hash }, sign: { name } };
};

/** @param saltLength As long as the hash. Bytes. */
const pss = (hash: string, saltLength: number): Parameters => {
  const name = 'RSA-PSS';
  return { key: { name, hash }, sign: { name, saltLength } };
};

const ecdsa = (namedCurve: string, hash: string): Parameters => {
  const name = 'ECDSA';
  return { key: { name, namedCurve }, sign: { name, hash } };
};

export const algorithms: Readonly<Record<Algorithm, Parameters>> = {
  RS256: pkcs1('SHA-256'),
  RS384: pkcs1('SHA-384'),
  RS512: pkcs1('SHA-512'),
  PS256: pss('SHA-256', 32),
  PS384: pss('SHA-384', 48),
  PS512: pss('SHA-512', 64),
  ES256: ecdsa('P-256', 'SHA-256'),
  ES384: ecdsa('P-384', 'SHA-384'),
  ES512: ecdsa('P-521', 'SHA-512'),
  EdDSA: { key: { name: 'Ed25519' }, sign: { name: 'Ed25519' } },
};

export function isAlgorithm(name: unknown): name is Algorithm {
  return typeof name === 'string' && Object.hasOwn(algorithms, name);
}
