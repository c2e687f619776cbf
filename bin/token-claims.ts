/** What a token says, made of the flags of a command. */

import { type OwnToken, serverAudience } from '../lambdas/identity/own-token.ts';
import type { TokenOptions } from './token-options.ts';

/** Good from now on. */
export function claimsOf({ user, channels, info, seconds, stage, isServer }: TokenOptions): OwnToken {
  const issuedAt = Math.floor(Date.now() / 1000);
  const namesChannels = Object.keys(channels).length > 0;
  return {
    user,
    // An empty claim would forbid every channel; without the claim, the namespaces' policies decide alone.
    ...(namesChannels && { channels }),
    ...(info !== undefined && { info }),
    audience: isServer ? serverAudience(stage) : stage,
    issuedAt,
    expiresAt: issuedAt + seconds,
  };
}
