/**
 * The position of a stream in each of its channels, as the id of its events. A client sends it back as `Last-Event-ID`. For one
 * channel it is the bare number, for several a form (`chat%3Aa=1763…&chat%3Ab=1763…`).
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header
 */

import { ProtocolError } from 'fanfare-protocol/errors';

/** Channel to number. */
export type Positions = ReadonlyMap<string, number>;

/**
 * The positions of the channels that the id names.
 *
 * @throws ProtocolError `bad-request` for an id of another form, because to ignore it would lose messages in silence.
 */
export function parsePositions(lastEventId: string, channels: readonly string[]): Positions {
  if (lastEventId === '') return new Map();
  const [only, ...others] = channels;
  const isBare = /^\d+$/.test(lastEventId);
  if (isBare && only !== undefined && others.length === 0) return new Map([[only, position(lastEventId)]]);
  if (isBare) throw new ProtocolError('bad-request', 'Last-Event-ID has to name the channels.');
  const named = [...new URLSearchParams(lastEventId)].map(
    ([channel, number]) => [channel, position(number)] as const,
  );
  return new Map(named.filter(([channel]) => channels.includes(channel)));
}

function position(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new ProtocolError('bad-request', 'Last-Event-ID is not that of an event.');
}

/** @param isOnly the stream has no other channel, whether or not it has a position yet. */
export function printPositions(positions: Positions, isOnly: boolean): string {
  const [first] = positions.values();
  if (first === undefined) return '';
  if (isOnly) return String(first);
  const fields = [...positions].map(([channel, number]) => [channel, String(number)] as const);
  return new URLSearchParams(Object.fromEntries(fields)).toString();
}
