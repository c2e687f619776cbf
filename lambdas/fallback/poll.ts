/**
 * `GET /poll`: frames since the poll before. They stay in the mailbox until the next poll acknowledges them, so an answer that
 * is lost on its way is repeated.
 *
 * A poll is charged as a command, its answer as bytes that leave, and its acknowledgement as bytes that came in. So only a client that
 * asks for the same frames again pays more.
 */

import { ProtocolError } from 'fanfare-protocol/errors';
import { FRAMES_PER_POLL, POLL_WAIT_SECONDS } from 'fanfare-protocol/limits';
import type { Query } from 'fanfare-protocol/query';
import { isExpired } from '../realtime/access/session.ts';
import type { Route } from './context.ts';
import { deliveryOf } from './delivery.ts';
import { gone, jsonAnswer } from './http-answer.ts';
import { isRenewalDue, renewLease } from './lease.ts';
import { permitted } from './permitted.ts';
import { closeSession, findSession, openSession } from './session.ts';
import { entriesBy, fitting } from './unacknowledged.ts';

const NOTHING = jsonAnswer('{"frames":[],"ack":""}');

export const poll: Route = async (request, context) => {
  const { query } = request;
  const { ports } = context;
  if (query.one('open') === '1') {
    await openSession(request, context);
    return NOTHING;
  }
  const waitMs = waitIn(query) * 1000;
  const acknowledged = new Set(acknowledgedIn(query));
  const caller = await findSession(request, context);
  const { connectionId, leaseUntil = 0, expiresAt = Number.POSITIVE_INFINITY } = caller;
  const meter = await context.rateLimit.admit(caller, { commands: 1, bytes: query.bytes });
  if (isRenewalDue(leaseUntil, ports.now()) && !(await renewLease(context, caller))) throw gone();

  const until = Math.min(ports.now() + waitMs, expiresAt * 1000);
  const leave = waitMs > 0 ? await context.places.take(request.requestId, waitMs) : async () => {};
  const found = await entriesBy(until, connectionId, ports, acknowledged, meter).finally(leave);
  const { entries } = await permitted(context, caller, found.entries);
  const { frames, entryIds, isLast } = deliveryOf(fitting(entries));
  if (isExpired(caller, ports.now())) throw new ProtocolError('token-expired', 'The token has expired.');
  const answer = `{"frames":[${frames.map(eventsIn).join(',')}],"ack":"${entryIds.join('.')}"}`;
  // A refused poll acknowledges nothing. When the client repeats the poll, its acknowledgement counts then.
  await meter.spend(Buffer.byteLength(answer), ports.now());
  await ports.mailboxes.remove(connectionId, found.known);
  if (frames.length > 0 || !isLast) return jsonAnswer(answer);
  await closeSession(ports, connectionId);
  throw gone();
};

/** A diff is an array of events. A poll answers with each of them as a frame, because its clients expect no arrays among the frames. */
function eventsIn(frame: string): string {
  return frame.startsWith('[') ? frame.slice(1, -1) : frame;
}

function waitIn(query: Query): number {
  const wait = query.one('wait') ?? '0';
  if (/^\d{1,2}$/.test(wait) && Number(wait) <= POLL_WAIT_SECONDS) return Number(wait);
  throw new ProtocolError('bad-request', `wait must be whole seconds from 0 to ${POLL_WAIT_SECONDS}.`);
}

/** The entries of the last answer, by their ids. An entry that was posted late may stand between them without having been in that answer. */
function acknowledgedIn(query: Query): readonly string[] {
  const ack = query.one('ack') ?? '';
  const entryIds = ack === '' ? [] : ack.split('.');
  if (entryIds.length <= FRAMES_PER_POLL && entryIds.every((entryId) => /^[\w-]{1,32}$/.test(entryId)))
    return [...new Set(entryIds)];
  throw new ProtocolError('bad-request', 'ack must be that of the answer before.');
}
