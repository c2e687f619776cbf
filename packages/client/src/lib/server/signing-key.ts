/** The keys that sign tokens: the secret of a stage, and private keys of an issuer of one's own. */

import { type Algorithm, algorithms, isAlgorithm } from './algorithms.ts';
import { bytesOfText } from './encoding.ts';
import { failure } from './failure.ts';

/** A private key as a JWK (https://www.rfc-editor.org/rfc/rfc7517), as WebCrypto and `node:crypto` export it. */
export interface PrivateKey {
  readonly kty?: string | undefined;
  /** One of the algorithms that the stage settings name for the issuer. */
  readonly alg?: string | undefined;
  /** The name of the key among those that the issuer publishes. */
  readonly kid?: string | undefined;
}

/** How a key signs, and how the header of a token names it. */
export interface Signature {
  readonly header: { readonly alg: string; readonly kid?: string };
  sign(text: string): Promise<Uint8Array>;
}

/** As long as the hash, which RFC 7518 asks for (section 3.2). The generated secret of a stage has 64 bytes. */
const LEAST_SECRET_BYTES = 32;

/** RFC 7518, section 3.3. The stage refuses a shorter one. */
const LEAST_RSA_BITS = 2_048;

const WHERE = 'The text of the secret is in Secrets Manager, under the output TokenSecret of the stack';

/** @throws FanfareError `bad-request` if this cannot be the secret of a stage. */
export function signatureBySecret(secret: string): Signature {
  if (typeof secret !== 'string') throw failure('bad-request', `There is no secret. ${WHERE}.`);
  if (secret.startsWith('arn:'))
    throw failure('bad-request', `This is the ARN of the secret, and not the secret. ${WHERE}.`);
  const bytes = bytesOfText(secret);
  if (bytes.length < LEAST_SECRET_BYTES)
    throw failure(
      'bad-request',
      `The secret has ${bytes.length} bytes, and needs ${LEAST_SECRET_BYTES}. ${WHERE}.`,
    );
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  return {
    header: { alg: 'HS256' },
    async sign(text) {
      const key = await crypto.subtle.importKey('raw', bytes, hmac, false, ['sign']);
      return new Uint8Array(await crypto.subtle.sign(hmac, key, bytesOfText(text)));
    },
  };
}

/** @throws FanfareError `bad-request` if the key cannot sign, or does not say by which algorithm. */
export async function signatureByKey(key: PrivateKey): Promise<Signature> {
  const { alg, kid } = key;
  if (!isAlgorithm(alg))
    throw failure(
      'bad-request',
      `The key has no alg of ${Object.keys(algorithms).join(', ')}. Add the one that your stage settings name for the issuer.`,
    );
  if (typeof kid !== 'string' || kid === '')
    throw failure('bad-request', 'The key has no kid. Add a name, by which the stage finds its public key.');
  const parameters = algorithms[alg];
  const imported = await importedKey(key, alg);
  return {
    header: { alg, kid },
    sign: async (text) =>
      new Uint8Array(await crypto.subtle.sign(parameters.sign, imported, bytesOfText(text))),
  };
}

/** Members that say what the key is; others, such as `key_ops`, say what it may be used for. */
const MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'];

async function importedKey(key: PrivateKey, alg: Algorithm) {
  const members = Object.entries(key).filter(([name]) => MEMBERS.includes(name));
  const jwk = Object.fromEntries(members);
  if (typeof jwk['d'] !== 'string')
    throw failure('bad-request', 'This is no private key in the form of a JWK: it has no member d.');
  // The error of the platform says little, and may come to contain the key.
  const imported = await crypto.subtle
    .importKey('jwk', jwk, algorithms[alg].key, false, ['sign'])
    .catch(() => undefined);
  if (!imported) throw failure('bad-request', `The key is not one for ${alg}.`);
  const { algorithm } = imported;
  if ('modulusLength' in algorithm && Number(algorithm.modulusLength) < LEAST_RSA_BITS)
    throw failure('bad-request', `An RSA key has ${LEAST_RSA_BITS} bits at least.`);
  return imported;
}
