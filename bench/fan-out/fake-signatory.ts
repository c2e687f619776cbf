/** Credentials that sign like a function's, and open nothing. */

import type { Signatory } from '../../lambdas/aws/request-signer.ts';

/** A session token as long as the ones that Lambda hands out. */
const TOKEN_CHARACTERS = 700;

export const signatory: Signatory = {
  region: 'eu-central-1',
  credentials: {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    sessionToken: 'IQoJb3JpZ2luX2VjE'.padEnd(TOKEN_CHARACTERS, 'AbC1dEf2'),
  },
};
