/** A provider of identities as Cognito or Auth0 are: RS256, with its public keys on a page of this machine. */

import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { Issuer } from '../../../lambdas/identity/issuer.ts';
import { listenOnLoopback } from '../../loopback.ts';

const ALGORITHM = 'RS256';
const KEY_ID = 'first';

export interface IdentityProvider {
  /** The settings with which a stage trusts it. */
  readonly issuer: Issuer & { readonly audience: string };
  /** The public key, which everyone can download (PEM). */
  readonly publicKey: string;
  sign(claims: JWTPayload): Promise<string>;
  close(): Promise<void>;
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
  const keys = [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: ALGORITHM, use: 'sig' }];
  const { url, close } = await listenOnLoopback((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
  });
  return {
    issuer: {
      issuer: `${url}/`,
      audience: 'fanfare-app',
      jwksUrl: `${url}/jwks.json`,
      algorithms: [ALGORITHM],
    },
    publicKey: await exportSPKI(publicKey),
    sign: (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID }).sign(privateKey),
    close,
  };
}
