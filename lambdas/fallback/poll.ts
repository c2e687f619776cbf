/**
 * `GET /poll`: frames since the poll before. They stay in the mailbox until the next poll acknowledges them, so an answer that
 * is lost on its way comes again.
 */

import { ProtocolError } from '../../protocol/errors.ts';
import { FRAMES_PER_POLL, POLL_WAIT_SECONDS } from '../../protocol/limits.ts';
import type { Query } from '../../protocol/query.ts';
import type { MailboxEntry } from '../realtime/http-sessions.ts';
import { isExpired } from '../realtime/session.ts';
import { gone, jsonAnswer } from './answer.ts';
import type { FallbackPorts, Route } from './context.ts';
import { deliveryOf } from './delivery.ts';
import { isRenewalDue, renewLease } from './lease.ts';
import { Pace } from './pace.ts';
import { closeSession, findSession, openSession } from './session.ts';

const NOTHING = jsonAnswer('{"frames":[],"ack":""}');

export const poll: Route = async (request, context) => {
  const { query } = request;
  const { ports } = context;
  if (query.one('open') === '1') {
    await openSession(request, context);
    return NOTHING;
  }
  const waitMs = waitIn(query) * 1000;
  const acknowledged = acknowledgedIn(query);
  const caller = await findSession(request, context);
  const { connectionId, leaseUntil = 0, expiresAt = Number.POSITIVE_INFINITY } = caller;
  await ports.mailboxes.remove(connectionId, acknowledged);
  if (isRenewalDue(leaseUntil, ports.now()) && !(await renewLease(ports, caller))) throw gone();

  const until = Math.min(ports.now() + waitMs, expiresAt * 1000);
  const { frames, entryIds, isLast } = deliveryOf(await entriesBy(until, connectionId, ports));
  if (isExpired(caller, ports.now())) throw new ProtocolError('token-expired', 'The token has expired.');
  if (frames.length > 0) return jsonAnswer(`{"frames":[${frames.join(',')}],"ack":"${entryIds.join('.')}"}`);
  if (!isLast) return NOTHING;
  await closeSession(ports, connectionId);
  throw gone();
};

/** What is there, or what comes first until then. Milliseconds since 1970. */
async function entriesBy(
  until: number,
  connectionId: string,
  { mailboxes, now, pause }: FallbackPorts,
): Promise<readonly MailboxEntry[]> {
  const pace = new Pace();
  for (;;) {
    const entries = await mailboxes.read(connectionId);
    const left = until - now();
    if (entries.length > 0 || left <= 0) return entries;
    await pause(Math.min(left, pace.next('nothing')));
  }
}

function waitIn(query: Query): number {
  const wait = query.one('wait') ?? '0';
  if (/^\d{1,2}$/.test(wait) && Number(wait) <= POLL_WAIT_SECONDS) return Number(wait);
  throw new ProtocolError('bad-request', `wait must be whole seconds from 0 to ${POLL_WAIT_SECONDS}.`);
}

/** The entries of the answer before, by their names: one that was posted late may stand among them, and was not in it. */
function acknowledgedIn(query: Query): readonly string[] {
  const ack = query.one('ack') ?? '';
  const entryIds = ack === '' ? [] : ack.split('.');
  if (entryIds.length <= FRAMES_PER_POLL && entryIds.every((entryId) => /^[\w-]{1,32}$/.test(entryId)))
    return [...new Set(entryIds)];
  throw new ProtocolError('bad-request', 'ack must be that of the answer before.');
}
