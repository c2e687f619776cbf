/** Turns drafts into the frames that subscribers see. The server sets sender, number and time. */

import type { Draft, Message } from 'fanfare-protocol/actions';
import { ProtocolError } from 'fanfare-protocol/errors';
import type { MessagesEvent } from 'fanfare-protocol/events';
import type { Spend } from '../access/meter.ts';
import { type AudiencePorts, audienceNow, audienceOf } from '../delivery/audience.ts';
import { type FanOutPorts, fanOut, fanOutOnceMore } from '../delivery/fan-out.ts';
import { visitInFlight } from '../in-flight.ts';
import { type AppendPorts, append } from './append.ts';
import type { ChannelLog } from './channel-log.ts';
import { type Batch, firstOf, isVoid } from './log-store.ts';
import { PUBLISHED_BYTES } from './reply-room.ts';
import { authorOf, type Sender } from './sender.ts';

interface LivePublishPorts extends FanOutPorts, AudiencePorts {}

export interface PublishPorts extends LivePublishPorts, AppendPorts {}

/**
 * Sends the messages to every subscriber of a channel that keeps no history, in one frame.
 *
 * @param spend is called with the size of the frame before all other steps.
 * @throws ProtocolError `too-large` when the frame would exceed what the platform carries (LM-3), and what `spend` throws.
 */
export async function publishLive(
  ports: LivePublishPorts,
  channel: string,
  sender: Sender,
  drafts: readonly Draft[],
  spend: Spend,
): Promise<void> {
  const time = ports.now();
  const messages = drafts.map(({ data }) => ({ data, ...fromOf(sender), time }));
  const frame = encode(channel, messages);
  await spend(frame.byteLength);
  await fanOut(ports, await audienceNow(ports, channel), frame);
}

/**
 * Appends the messages to the channel's log and sends them to every subscriber, in one frame.
 *
 * The subscribers are read after the head was raised, and while the records are written. The read finds each connection that has
 * subscribed before. A connection that subscribes later reads the raised head, and finds or seals the records.
 *
 * @param spend is called with the size of the frame before the write, and with the size of a repetition before it is sent.
 * @returns the number of the last message. When this resolves, all messages are in the log.
 * @throws ProtocolError `too-large`, or `busy` when the log cannot be appended to, and what `spend` throws.
 */
export async function publishLogged(
  log: ChannelLog<PublishPorts>,
  sender: Sender,
  drafts: readonly Draft[],
  spend: Spend,
): Promise<number> {
  const { ports, channel } = log;
  const widest = encode(
    channel,
    drafts.map(({ data }) => ({ ...WIDEST, ...fromOf(sender), data })),
    WIDEST.seq,
  );
  await spend(widest.byteLength);
  let first: number | undefined;
  const { seq, written, repeated, alongside } = await append(log, { drafts, sender }, (head) => {
    first = firstOf(head);
    return audienceOf(ports, channel, head.shardCount);
  });
  if (alongside) await fanOut(ports, alongside, encode(channel, written, first));
  // Messages that are in the log are answered. If their repetition is not paid for, the next command waits for that.
  const spendAgain: Spend = (bytes) => (alongside ? spend(bytes).catch(() => {}) : spend(bytes));
  await publishAgain({ ports, channel, first, spend: spendAgain }, repeated);
  return seq;
}

interface Publication {
  readonly ports: PublishPorts;
  readonly channel: string;
  /** The channel's first number. */
  readonly first: number | undefined;
  readonly spend: Spend;
}

/** A few requests each. */
const BATCHES_IN_FLIGHT = 8;

/**
 * A repeated publish means that no reply arrived. Its function may have died before it could send. So its messages are sent once
 * more, in one frame as before. They are sent only once more, also if their keys are repeated often and in other mixes.
 */
async function publishAgain(
  { ports, channel, first, spend }: Publication,
  batches: readonly Batch[],
): Promise<void> {
  await visitInFlight(batches, BATCHES_IN_FLIGHT, async (batch) => {
    const messages: Message[] = [];
    for await (const record of ports.channelLog.read(channel, batch))
      if (!isVoid(record)) messages.push(record);
    if (messages.length === 0) return;
    const frame = encode(channel, messages, first);
    await spend(frame.byteLength);
    await fanOutOnceMore(ports, { channel, firstSeq: batch.from }, frame);
  });
}

function fromOf(sender: Sender): Pick<Message, 'from'> {
  const from = authorOf(sender);
  return from === undefined ? {} : { from };
}

/** A message gets its number and time only at the write, so its size is measured with the longest number and time. */
const WIDEST = { seq: Number.MAX_SAFE_INTEGER, time: Number.MAX_SAFE_INTEGER };

/**
 * @param first the channel's first number, which only the frame of that message has.
 * @throws ProtocolError `too-large`.
 */
function encode(channel: string, messages: readonly Message[], first?: number): Uint8Array {
  const begins = first !== undefined && messages[0]?.seq === first;
  const event: MessagesEvent = {
    event: 'messages',
    channel,
    ...(begins && { first }),
    messages: [...messages],
  };
  const frame = new TextEncoder().encode(JSON.stringify(event));
  if (frame.byteLength <= PUBLISHED_BYTES) return frame;
  throw new ProtocolError('too-large', `The messages make a frame of more than ${PUBLISHED_BYTES} bytes.`);
}
