/** Lets a connection in. It is stored first and checked second, so that a revocation at the same time finds it (`revocation.ts`). */

import type { FanfareConfig } from '../access/namespaces.ts';
import type { Session } from '../access/session.ts';
import { forget, type OpenPorts, open } from './membership.ts';
import { type CheckPorts, mayStay } from './revocation.ts';

export type AcceptPorts = CheckPorts & OpenPorts;

/**
 * Stores the connection. If it may not stay, its rows are removed again.
 *
 * @param perAddress how many sessions over HTTP one address may have without a token.
 */
export async function accept(
  ports: AcceptPorts,
  config: FanfareConfig,
  session: Session,
  perAddress?: number,
): Promise<'accepted' | 'revoked' | 'too many'> {
  await open(ports, config, session);
  const stay = await mayStay(ports, session, perAddress).catch(async (error: unknown) => {
    // The handshake fails, and the gateway sends no `$disconnect` for it. The first error says more than a second one.
    await forget(ports, session.connectionId).catch(() => {});
    throw error;
  });
  if (stay === 'yes') return 'accepted';
  await forget(ports, session.connectionId);
  return stay;
}
