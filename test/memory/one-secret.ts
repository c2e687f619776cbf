/** The secrets of a stage that has only ever had one. */

import type { SigningSecrets } from '../../lambdas/identity/signing-secrets.ts';

/** @param secret Read at each use, so that a test may change it. */
export function oneSecret(secret: string | (() => string)): SigningSecrets {
  return {
    current: async () => (typeof secret === 'string' ? secret : secret()),
    others: async () => [],
  };
}
