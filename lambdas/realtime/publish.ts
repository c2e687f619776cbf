/** From drafts to the frames that subscribers see: sender, number and time are the server's word. */

import type { Draft, Message } from '../../protocol/actions.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { MessagesEvent } from '../../protocol/events.ts';
import { type AppendPorts, append } from './append.ts';
import { type AudiencePorts, audienceNow, audienceOf } from './audience.ts';
import { consecutiveRuns } from './consecutive.ts';
import { type FanOutPorts, fanOut } from './fan-out.ts';
import { firstOf, isVoid, type Retention } from './log-store.ts';
import { PUBLISHED_BYTES } from './reply-room.ts';
import type { Session } from './session.ts';

/** Who publishes: an anonymous connection, and a server, is nobody. */
type Sender = Pick<Session, 'user'>;

type LivePublishPorts = FanOutPorts & AudiencePorts;

type LoggedPublishPorts = LivePublishPorts & AppendPorts;

/**
 * Sends the messages to every subscriber of a channel that keeps no history, in one frame.
 *
 * @throws ProtocolError `too-large` when the frame would exceed what the platform carries (LM-3).
 */
export async function publishLive(
  ports: LivePublishPorts,
  { user }: Sender,
  channel: string,
  drafts: readonly Draft[],
): Promise<void> {
  const time = ports.now();
  const messages = drafts.map(({ data }) => ({ data, ...(user !== undefined && { from: user }), time }));
  const frame = encode(channel, messages);
  await fanOut(ports, await audienceNow(ports, channel), frame);
}

/**
 * Appends the messages to the channel's log and sends them to every subscriber, in one frame.
 *
 * The subscribers are read after the head was raised, and while the records are written. Whoever subscribes before that
 * read is found by it; whoever subscribes after it reads a head that is raised already, and finds or seals the records.
 *
 * @returns the number of the last message. When this resolves, all messages are in the log.
 * @throws ProtocolError `too-large`, or `busy` when the log cannot be appended to.
 */
export async function publishLogged(
  ports: LoggedPublishPorts,
  { user }: Sender,
  channel: string,
  drafts: readonly Draft[],
  retention: Retention,
): Promise<number> {
  const sender = user === undefined ? {} : { from: user };
  encode(
    channel,
    drafts.map(({ data }) => ({ ...WIDEST, ...sender, data })),
    WIDEST.seq,
  );
  const { seq, written, duplicates, alongside } = await append(
    ports,
    channel,
    { drafts, from: user, retention },
    (head) => ({ audience: audienceOf(ports, channel, head.shards), first: firstOf(head) }),
  );
  await publishAgain(ports, channel, duplicates);
  if (alongside) await fanOut(ports, alongside.audience, encode(channel, written, alongside.first));
  return seq;
}

/**
 * A repeated publish means that no reply arrived: perhaps its Lambda died before it could send. Once more is harmless.
 * What was one publish has neighbouring numbers, and is one frame again.
 */
async function publishAgain(
  ports: LoggedPublishPorts,
  channel: string,
  numbers: readonly number[],
): Promise<void> {
  const messages: Message[] = [];
  for (const run of consecutiveRuns(numbers)) {
    for await (const record of ports.channelLog.read(channel, run))
      if (!isVoid(record)) messages.push(record);
  }
  // Messages of several publishes may be too much for one frame.
  const frames = frameOf(channel, messages) ? [messages] : messages.map((message) => [message]);
  for (const frame of frames) {
    if (frame.length > 0) await fanOut(ports, await audienceNow(ports, channel), encode(channel, frame));
  }
}

/** A message gets its number and time only when it is written: for its size, the longest there are. */
const WIDEST = { seq: Number.MAX_SAFE_INTEGER, time: Number.MAX_SAFE_INTEGER };

/** @throws ProtocolError `too-large`. */
function encode(channel: string, messages: readonly Message[], first?: number): Uint8Array {
  const frame = frameOf(channel, messages, first);
  if (frame) return frame;
  throw new ProtocolError('too-large', `The messages make a frame of more than ${PUBLISHED_BYTES} bytes.`);
}

/** `undefined` when it would be too large. `first`: the channel's first number, which is told with that message alone. */
function frameOf(channel: string, messages: readonly Message[], first?: number): Uint8Array | undefined {
  const begins = first !== undefined && messages[0]?.seq === first;
  const event: MessagesEvent = {
    event: 'messages',
    channel,
    ...(begins && { first }),
    messages: [...messages],
  };
  const frame = new TextEncoder().encode(JSON.stringify(event));
  return frame.byteLength <= PUBLISHED_BYTES ? frame : undefined;
}
