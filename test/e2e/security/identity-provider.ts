/** A provider of identities as Cognito or Auth0 are: RS256, with its public keys on a page of this machine. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { Issuer } from '../../../lambdas/identity/issuer.ts';

const ALGORITHM = 'RS256';
const KEY_ID = 'first';

export interface IdentityProvider {
  /** What a stage has to know to trust it. */
  readonly issuer: Issuer;
  /** As everybody can have it (PEM). */
  readonly publicKey: string;
  sign(claims: JWTPayload): Promise<string>;
  close(): Promise<void>;
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
  const keys = [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: ALGORITHM, use: 'sig' }];
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The provider has no port');
  const url = `http://127.0.0.1:${address.port}`;
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
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
