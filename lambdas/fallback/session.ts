/** Opening, finding and closing the session that a request names. */

import { randomBytes } from 'node:crypto';
import { ProtocolError } from 'fanfare-protocol/errors';
import { sessionIn } from '../events/url-event.ts';
import type { Caller } from '../realtime/access/session.ts';
import { accept } from '../realtime/connections/accept.ts';
import { type HttpSession, newConnectionId, sessionKeyOf } from '../realtime/connections/http-sessions.ts';
import { forget } from '../realtime/connections/membership.ts';
import { addressOf } from '../realtime/connections/source-address.ts';
import type { AdmittedRequest, FallbackContext, FallbackPorts } from './context.ts';
import { gone } from './http-answer.ts';
import { leaseFrom } from './lease.ts';

const REVOKED = new ProtocolError('unauthenticated', 'The token has been revoked.');

const TOO_MANY_OF_USER = new ProtocolError(
  'rate-limited',
  'The user has too many connections; close one first.',
);

const TOO_MANY_OF_ADDRESS = new ProtocolError(
  'rate-limited',
  'There are too many sessions without a token at this address; close one first, or sign in.',
);

/** At most one request in this time is noted as a sign of life. Milliseconds. */
const NOTED_EVERY_MS = 30_000;

/**
 * Opens the session as a new connection; the connection that the session had before is closed, and its charges move to the new one.
 *
 * @throws ProtocolError `unauthenticated` or `rate-limited`, as the handshake of a socket is refused.
 */
export async function openSession(request: AdmittedRequest, context: FallbackContext): Promise<Caller> {
  const { config, ports, rateLimit, sessionsPerAddress } = context;
  const name = request.query.has('session') ? sessionIn(request) : randomBytes(16).toString('base64url');
  const sessionKey = sessionKeyOf(request.identity?.user, name);
  const visitor = request.identity ? undefined : { address: addressOf(request.sourceIp) };
  if (visitor) await context.openings.admit(visitor.address, sessionsPerAddress);
  const before = await ports.sessions.find(sessionKey);
  const aheadMs = before ? await rateLimit.leave(before.connectionId) : 0;
  const now = ports.now();
  const session: HttpSession = {
    sessionKey,
    connectionId: newConnectionId(sessionKey),
    connectedAt: now,
    leaseUntil: leaseFrom(now),
  };
  // The session is stored before the connection: a request that closes the connection then finds the session, and ends it too.
  const previous = await ports.sessions.open(session);
  if (previous !== undefined) {
    await ports.outbound.disconnect(previous);
    await forget(ports, previous);
  }
  const caller = { ...callerOf(request, session), ...visitor };
  const acceptance = await accept(ports, config, caller, sessionsPerAddress);
  if (acceptance === 'accepted') {
    await rateLimit.arrive(caller.connectionId, aheadMs, now);
    return caller;
  }
  await ports.sessions.end(session.connectionId);
  if (acceptance === 'revoked') throw REVOKED;
  throw visitor ? TOO_MANY_OF_ADDRESS : TOO_MANY_OF_USER;
}

/**
 * The session as it is open now.
 *
 * @throws ProtocolError `gone` when it is not, `unauthenticated` when the request's token was revoked.
 */
export async function findSession(request: AdmittedRequest, context: FallbackContext): Promise<Caller> {
  return callerOf(request, await lookUp(request, context));
}

/** Finds the session for a request, and notes that the client was seen, so that its stream may continue (`lifetime.ts`). */
export async function visitSession(request: AdmittedRequest, context: FallbackContext): Promise<Caller> {
  const session = await lookUp(request, context);
  const { connectionId, connectedAt, seenAt = connectedAt } = session;
  const { sessions, now } = context.ports;
  if (now() - seenAt >= NOTED_EVERY_MS) await sessions.noteSeen(connectionId, now());
  return callerOf(request, session);
}

async function lookUp(request: AdmittedRequest, { ports }: FallbackContext): Promise<HttpSession> {
  const { identity } = request;
  const [session, revokedBefore = 0] = await Promise.all([
    ports.sessions.find(sessionKeyOf(identity?.user, sessionIn(request))),
    identity && ports.revocations.revokedBefore(identity.user),
  ]);
  if (identity && identity.issuedAt < revokedBefore) throw REVOKED;
  if (!session || ports.now() >= session.leaseUntil * 1000) throw gone();
  return session;
}

/** Removes every trace of a session's connection. Frames that are still being posted to it expire. */
export async function closeSession(ports: FallbackPorts, connectionId: string): Promise<void> {
  await ports.sessions.end(connectionId);
  await forget(ports, connectionId);
  await emptyMailbox(ports, connectionId);
}

async function emptyMailbox({ mailboxes }: FallbackPorts, connectionId: string): Promise<void> {
  for (;;) {
    const entries = await mailboxes.read(connectionId);
    if (entries.length === 0) return;
    await mailboxes.remove(
      connectionId,
      entries.map(({ entryId }) => entryId),
    );
  }
}

function callerOf(
  { identity, client, requestId, receivedAt }: AdmittedRequest,
  { connectionId, connectedAt, leaseUntil }: HttpSession,
): Caller {
  const connection = { connectionId, connectedAt, leaseUntil, requestId, receivedAt };
  if (identity) return { ...connection, ...identity };
  return { ...connection, user: undefined, ...(client !== undefined && { client }) };
}
