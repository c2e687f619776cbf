/** `GET /`: opens a session and streams to it, from where each of its channels was left. */

import { ProtocolError } from 'fanfare-protocol/errors';
import { CHANNELS_PER_CONNECTION, QUIET_ANONYMOUS_STREAM_MS, QUIET_STREAM_MS } from 'fanfare-protocol/limits';
import { retentionOf } from '../realtime/access/namespaces.ts';
import { authorize } from '../realtime/access/permissions.ts';
import type { AdmittedRequest, FallbackContext, Route } from './context.ts';
import { EVENT_STREAM_HEADERS, EventStream } from './event-stream.ts';
import { Lifetime } from './lifetime.ts';
import { parsePositions } from './positions.ts';
import { openSession } from './session.ts';
import { stream } from './stream.ts';
import { StreamChannels } from './stream-channels.ts';

/** The time that the function needs to forget a session before Lambda stops it. Milliseconds. */
const FAREWELL_MS = 5_000;

export const openStream: Route = async (request, context) => {
  const channels = channelsOf(request, context);
  const leave = await context.places.take(request.requestId, context.streamMs);
  const caller = await openSession(request, context).catch(async (error: unknown) => {
    await leave();
    throw error;
  });
  return {
    status: 200,
    headers: EVENT_STREAM_HEADERS,
    run(out) {
      const { now } = context.ports;
      const lengthMs = Math.min(context.streamMs, request.remainingMs() - FAREWELL_MS);
      const quietMs = request.identity ? QUIET_STREAM_MS : QUIET_ANONYMOUS_STREAM_MS;
      const lifetime = new Lifetime(now(), lengthMs, quietMs);
      const events = new EventStream(out, now);
      return stream({ context, caller, channels, events, lifetime }).finally(leave);
    },
  };
};

/**
 * Refuses forbidden channels before anything is opened. An `EventSource` stops after a refusal, but it would connect again and again
 * after an event that says the same.
 */
function channelsOf(
  { query, headers, identity }: AdmittedRequest,
  { config }: FallbackContext,
): StreamChannels {
  const names = [...new Set(query.all('channel'))];
  if (names.length > CHANNELS_PER_CONNECTION)
    throw new ProtocolError('bad-request', `A connection is in at most ${CHANNELS_PER_CONNECTION} channels.`);
  const caller = identity ?? { user: undefined };
  const retentions = names.map(
    (name) => [name, retentionOf(authorize(config, caller, 'subscribe', name))] as const,
  );
  // The header is newer than the query: an `EventSource` connects again with its first URL.
  const lastEventId = headers['last-event-id'] ?? query.one('lastEventId') ?? '';
  return new StreamChannels(new Map(retentions), parsePositions(lastEventId, names));
}
