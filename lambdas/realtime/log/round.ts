/**
 * Delivers a packed channel: a round posts everything that the channel has and no round has posted, in few frames. The change stream of
 * the messages starts it, so a message is delivered also if its publisher dies after the write.
 *
 * - The head is read before the subscribers. A connection that is not among them has subscribed later, and so reads a head that has all
 *   messages of the round.
 * - Numbers are read without gaps. A number that its writer has not used is waited for, and then sealed.
 * - `delivered` moves only after the posts. If the worker dies before, the next round posts the same messages again.
 */

import { randomUUID } from 'node:crypto';
import type { Message, VoidRecord } from 'fanfare-protocol/actions';
import { FRAME_BYTES } from 'fanfare-protocol/limits';
import type { AudiencePorts } from '../delivery/audience.ts';
import { type FanOutPorts, fanOut } from '../delivery/fan-out.ts';
import { audienceAt } from './audience-at.ts';
import type { ChannelLog, ReadPorts } from './channel-log.ts';
import { gapless } from './gapless.ts';
import { batchOf, firstOf, isMessage, type LogRecord } from './log-store.ts';
import { encode } from './message-frame.ts';
import { firstServedRecord } from './oldest-served.ts';
import { isAnchored, onWire } from './replay.ts';
import type { PackedHead, TurnStore } from './turn-store.ts';

export interface RoundPorts extends FanOutPorts, ReadPorts, AudiencePorts {
  readonly turns: TurnStore;
}

/** The messages of a channel in one batch of the stream. */
export interface Woken {
  /** The lowest number. */
  readonly first: number;
  /** The highest number. */
  readonly last: number;
}

/**
 * How long a worker has the turn. It is longer than a publisher posts at most, with its reads. If a worker dies or fails, its channel waits
 * for this time at most. If a worker takes longer, another one posts the same messages again, which is allowed. Milliseconds.
 */
export const TURN_MS = 5_000;

/** Between two looks for the turn. Milliseconds. */
const LOOK_MS = 250;

/**
 * In a channel that was never delivered by rounds, the first round begins this many numbers before the message that started it. Lower numbers
 * were published while its namespace was not packed. Writers that were slow may still use these. Numbers.
 */
const SLOW_WRITERS = 100;

/**
 * Delivers the channel, unless that was done after these messages were written.
 *
 * @throws Error when another worker has the turn for too long, and what `fanOut` throws. The batch has to come again.
 */
export async function deliverPacked(log: ChannelLog<RoundPorts>, woken: Woken): Promise<void> {
  const { ports, channel } = log;
  const worker = randomUUID();
  const patience = ports.now() + 2 * TURN_MS;
  for (;;) {
    const known = await ports.turns.look(channel);
    if (!known || (known.delivered ?? 0) >= woken.last) return;
    const now = ports.now();
    const head = await ports.turns.take(channel, { worker, until: now + TURN_MS }, now);
    if (head) {
      await ports.turns.finish(channel, worker, await round(log, head, woken));
      return;
    }
    if (now >= patience) throw new Error(`Another worker has the turn of ${channel}`);
    await ports.pause(LOOK_MS);
  }
}

/** @returns the number up to which the channel is delivered now. */
async function round(log: ChannelLog<RoundPorts>, head: PackedHead, woken: Woken): Promise<number> {
  const { ports, channel, retention } = log;
  const counted = { ports, channel, retention, head };
  const audience = await audienceAt(log, head);
  const page = await audience.first;
  // Each later subscriber reads this head or a higher one, and gets the messages up to it in the reply.
  if (page && page.subscriptions.length === 0 && page.next === undefined) return head.seq;
  const from = await firstToDeliver(counted, woken);
  let delivered = from - 1;
  const first = firstOf(head);
  for await (const records of packed(channel, gapless(counted, { from, to: head.seq }))) {
    const { to: lastSeq } = batchOf(records);
    await fanOut(ports, audience, encode(channel, records.map(onWire), first), { lastSeq });
    delivered = lastSeq;
  }
  return delivered;
}

/** From this number on, nothing was delivered, and no record has expired that a reader could take for missing. */
async function firstToDeliver(
  log: ChannelLog & { readonly head: PackedHead },
  woken: Woken,
): Promise<number> {
  const { head } = log;
  const delivered = head.delivered ?? Math.max(head.createdAt, woken.first - 1 - SLOW_WRITERS);
  if (delivered >= head.seq || (await isAnchored(log, delivered))) return delivered + 1;
  return (await firstServedRecord(log, delivered + 1, head.seq)) ?? head.seq + 1;
}

/** API Gateway bills each 32 KB of a frame, so a larger frame is no cheaper than two. Bytes. */
const PACKED_BYTES = FRAME_BYTES;

/** `,"first":` and its number, which only one frame has. Bytes. */
const FIRST_BYTES = 32;

/** The records of one frame after the other: as many as fit, at least one. Void numbers behind the last message wait for the next one. */
async function* packed(
  channel: string,
  records: AsyncIterable<LogRecord>,
): AsyncGenerator<readonly LogRecord[]> {
  const empty = encode(channel, []).byteLength + FIRST_BYTES;
  let frame: LogRecord[] = [];
  let bytes = empty;
  for await (const record of records) {
    const size = sizeOf(onWire(record));
    if (frame.length > 0 && bytes + size > PACKED_BYTES) {
      yield frame;
      frame = [];
      bytes = empty;
    }
    frame.push(record);
    bytes += size;
  }
  const last = frame.slice(0, frame.findLastIndex(isMessage) + 1);
  if (last.length > 0) yield last;
}

/** With the comma behind it. */
function sizeOf(record: Message | VoidRecord): number {
  return Buffer.byteLength(JSON.stringify(record)) + 1;
}
