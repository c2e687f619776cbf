/**
 * What a repeated publish does beside its reply. A repetition means that no reply arrived. The function of the first publish may have
 * died before it could send, or only its reply was lost. The mark in the row of its key says which.
 */

import type { Message } from 'fanfare-protocol/actions';
import { MESSAGES_PER_PUBLISH } from 'fanfare-protocol/limits';
import type { Spend } from '../access/meter.ts';
import type { ChannelRows } from '../connections/grouping.ts';
import { type Audience, type AudiencePorts, sizeOf } from '../delivery/audience.ts';
import { type FanOutPorts, fanOut, fanOutOnceMore } from '../delivery/fan-out.ts';
import { visitInFlight } from '../in-flight.ts';
import { type Batch, isVoid, type LogStore, type SealedRecord } from './log-store.ts';
import { encode } from './message-frame.ts';
import { onWire } from './replay.ts';
import type { SenderKey } from './sender.ts';

interface RepetitionPorts extends FanOutPorts, AudiencePorts {
  readonly channelLog: LogStore;
}

/**
 * From this many subscribers on, a publish with a key ends with the mark that its batch was sent. The mark is one write unit, which
 * costs about as much as one post. So it adds at most a twentieth to the publish, and spares these posts when the key is
 * repeated. Below it, a repetition is sent once more, which is cheap. Connections.
 */
export const MARKED_FROM = 16;

/** Notes that everyone was sent the batch of the key, or is in the care of a worker. It comes after that, because the function may die. */
export async function markSent(
  { channelLog }: Pick<RepetitionPorts, 'channelLog'>,
  audience: Audience,
  key: SenderKey,
): Promise<void> {
  if ((await sizeOf(audience)) >= MARKED_FROM) await channelLog.markSent(audience.channel, key);
}

/** Void numbers that one frame tells, each in about 30 bytes. */
const MOST_LEFT = 2 * MESSAGES_PER_PUBLISH;

/**
 * Tells subscribers of void numbers without a message. They are left at the head, for the frame of the next message, so that this costs
 * one write. If another publish has raised the head meanwhile, its subscribers already wait for these numbers, and are told at once.
 */
export async function tellVoids(
  ports: RepetitionPorts,
  audience: Audience,
  voids: readonly SealedRecord[],
): Promise<void> {
  const { channel } = audience;
  const run = runOf(voids);
  if (run && (await ports.channelLog.leave(channel, run))) return;
  if (voids.length > 0) await fanOut(ports, audience, encode(channel, voids.map(onWire)));
}

/** Void numbers without a gap; `undefined` if there is one, or if they are too many for one frame. */
function runOf(voids: readonly SealedRecord[]): Batch | undefined {
  const [from, to] = [voids[0]?.seq, voids.at(-1)?.seq];
  if (from === undefined || to === undefined || voids.length > MOST_LEFT) return undefined;
  return to - from + 1 === voids.length ? { from, to } : undefined;
}

interface Publication extends ChannelRows {
  readonly ports: RepetitionPorts;
  /** The channel's first number. */
  readonly first: number | undefined;
  readonly spend: Spend;
}

/** A few requests each. */
const BATCHES_IN_FLIGHT = 8;

/**
 * Sends the messages of batches without a mark once more, each batch in one frame as before. They are sent only once more, also if their
 * keys are repeated often and in other mixes.
 */
export async function publishAgain(
  { ports, channel, group, first, spend }: Publication,
  batches: readonly Batch[],
): Promise<void> {
  await visitInFlight(batches, BATCHES_IN_FLIGHT, async (batch) => {
    const messages: Message[] = [];
    for await (const record of ports.channelLog.read(channel, batch))
      if (!isVoid(record)) messages.push(record);
    if (messages.length === 0) return;
    const frame = encode(channel, messages, first);
    await spend.bytes(frame.byteLength);
    await fanOutOnceMore(ports, { channel, group, firstSeq: batch.from }, frame);
  });
}
