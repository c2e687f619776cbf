/** Identifies the sender of a request. Each request carries its own token and is checked like a handshake. */

import { ProtocolError } from 'fanfare-protocol/errors';
import type { FallbackRequest } from '../events/url-event.ts';
import { admit, isClientReason } from '../identity/admission.ts';
import type { Admitted, FallbackContext } from './context.ts';

const CLIENT_RULE = 'client must be one random name: 16 to 64 of A-Za-z0-9_-.';

/**
 * The identity of the token, or no identity for an anonymous client, if the stage admits those.
 *
 * @throws ProtocolError `forbidden`, `token-expired` or `unauthenticated`, or the refusal of `onConnect`.
 */
export async function admitRequest(
  { headers, query, requestId }: FallbackRequest,
  { admissions, onRefused }: FallbackContext,
): Promise<Admitted> {
  const admission = await admit(admissions.policy, {
    origin: headers['origin'],
    fetchSite: headers['sec-fetch-site'],
    originKey: headers['x-fanfare-origin-key'],
    authorization: headers['authorization'],
    offered: undefined,
    query: query.all('token'),
    clients: query.all('client'),
  });
  if ('reason' in admission) {
    const { kind, reason, rule } = admission;
    onRefused({ kind, reason, requestId });
    if (rule) throw new ProtocolError(rule.code, rule.message);
    if (kind === 'forbidden') throw new ProtocolError('forbidden', 'This is not allowed from there.');
    if (reason === 'expired') throw new ProtocolError('token-expired', 'The token has expired.');
    if (isClientReason(reason)) throw new ProtocolError('unauthenticated', CLIENT_RULE);
    throw new ProtocolError('unauthenticated', 'This needs a token that is good here.');
  }
  if (admission.kind === 'anonymous') return { identity: undefined, client: admission.client };
  const { expiresAt, ...identity } = admission.identity;
  return { identity: { ...identity, expiresAt: expiresAt + admissions.clockSkewSeconds }, client: undefined };
}
