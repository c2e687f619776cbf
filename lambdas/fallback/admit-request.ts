/** Who sends a request: each one shows it by itself, and is checked as a handshake is. */

import { ProtocolError } from '../../protocol/errors.ts';
import { admit } from '../identity/admission.ts';
import type { Bearer } from '../identity/authorizer-context.ts';
import type { FallbackContext } from './context.ts';
import type { FallbackRequest } from './request.ts';

/**
 * The bearer of the token, or `undefined` for somebody without one, where that is admitted.
 *
 * @throws ProtocolError `forbidden`, `token-expired` or `unauthenticated`.
 */
export async function admitRequest(
  { headers, query, requestId }: FallbackRequest,
  { admissions, onRefused }: FallbackContext,
): Promise<Bearer | undefined> {
  const admission = await admit(admissions.policy, {
    origin: headers['origin'],
    originKey: headers['x-fanfare-origin-key'],
    authorization: headers['authorization'],
    offered: undefined,
    query: query.all('token'),
  });
  if ('reason' in admission) {
    const { kind, reason } = admission;
    onRefused({ kind, reason, requestId });
    if (kind === 'forbidden') throw new ProtocolError('forbidden', 'This is not allowed from there.');
    if (reason === 'expired') throw new ProtocolError('token-expired', 'The token has expired.');
    throw new ProtocolError('unauthenticated', 'This needs a token that is good here.');
  }
  if (admission.kind === 'anonymous') return undefined;
  const { expiresAt, ...identity } = admission.identity;
  return { ...identity, expiresAt: expiresAt + admissions.clockSkewSeconds };
}
