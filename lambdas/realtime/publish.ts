/** From drafts to the frames that subscribers see: sender, number and time are the server's word. */

import type { Draft, Message } from '../../protocol/actions.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { MessagesEvent } from '../../protocol/events.ts';
import { type AppendPorts, append } from './append.ts';
import { type FanOutPorts, fanOut } from './fan-out.ts';
import { isVoid, type Retention } from './log-store.ts';
import { primed } from './primed.ts';
import { PUBLISHED_BYTES } from './reply-room.ts';
import type { Session } from './session.ts';

type LoggedPublishPorts = FanOutPorts & AppendPorts;

/**
 * Sends the messages to every subscriber of a channel that keeps no history, in one frame.
 *
 * @throws ProtocolError `too-large` when the frame would exceed what the platform carries (LM-3).
 */
export async function publishLive(
  ports: FanOutPorts,
  { user }: Session,
  channel: string,
  drafts: readonly Draft[],
): Promise<void> {
  const time = ports.now();
  const messages = drafts.map(({ data }) => ({ data, ...(user !== undefined && { from: user }), time }));
  const frame = encode(channel, messages);
  await fanOut(ports, ports.subscriptions.of(channel, time), frame);
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
  { user }: Session,
  channel: string,
  drafts: readonly Draft[],
  retention: Retention,
): Promise<number> {
  const sender = user === undefined ? {} : { from: user };
  encode(
    channel,
    drafts.map(({ data }) => ({ ...WIDEST, ...sender, data })),
  );
  const subscribers = () => primed(ports.subscriptions.of(channel, ports.now()));
  const { seq, written, duplicates, alongside } = await append(
    ports,
    channel,
    { drafts, from: user, retention },
    subscribers,
  );
  for (const duplicate of duplicates) await publishAgain(ports, channel, duplicate);
  if (written.length > 0) await fanOut(ports, alongside, encode(channel, written));
  return seq;
}

/** A repeated publish means that no reply arrived: perhaps its Lambda died before it could send. Once more is harmless. */
async function publishAgain(ports: LoggedPublishPorts, channel: string, seq: number): Promise<void> {
  for await (const record of ports.channelLog.read(channel, { from: seq, to: seq })) {
    if (isVoid(record)) continue;
    await fanOut(ports, ports.subscriptions.of(channel, ports.now()), encode(channel, [record]));
  }
}

/** A message gets its number and time only when it is written: for its size, the longest there are. */
const WIDEST = { seq: Number.MAX_SAFE_INTEGER, time: Number.MAX_SAFE_INTEGER };

function encode(channel: string, messages: readonly Message[]): Uint8Array {
  const event: MessagesEvent = { event: 'messages', channel, messages: [...messages] };
  const frame = new TextEncoder().encode(JSON.stringify(event));
  if (frame.byteLength <= PUBLISHED_BYTES) return frame;
  throw new ProtocolError('too-large', `The messages make a frame of more than ${PUBLISHED_BYTES} bytes.`);
}
