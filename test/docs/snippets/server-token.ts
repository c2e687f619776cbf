/** A token for servers, as `npm run -s token -- --server --user billing` prints it. */

import { serverAudience } from '../../../lambdas/identity/own-token.ts';
import type { Runtime } from '../../runtime.ts';
import { mintFor } from '../../tokens.ts';

export async function mintServerToken(runtime: Runtime): Promise<string> {
  const mint = await mintFor(runtime);
  return mint('billing', undefined, { audience: serverAudience('local') });
}
