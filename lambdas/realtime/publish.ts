/** From drafts to the frame that subscribers see: sender and time are the server's word. */

import type { Draft } from '../../protocol/actions.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Message, MessagesEvent } from '../../protocol/events.ts';
import { MESSAGE_BYTES } from '../../protocol/limits.ts';
import { type FanOutPorts, fanOut } from './fan-out.ts';
import type { Session } from './session.ts';

/**
 * Sends the messages to every subscriber of the channel, in one frame.
 *
 * @throws ProtocolError `too-large` when that frame would exceed what the platform carries (LM-3).
 */
export async function publish(
  ports: FanOutPorts,
  session: Session,
  channel: string,
  drafts: readonly Draft[],
): Promise<void> {
  const messages = drafts.map(({ data }) => stamp(data, session, ports.now()));
  await fanOut(ports, channel, encode({ event: 'messages', channel, messages }));
}

function stamp(data: unknown, { user }: Session, time: number): Message {
  return { data, ...(user !== undefined && { from: user }), time };
}

function encode(event: MessagesEvent): Uint8Array {
  const frame = new TextEncoder().encode(JSON.stringify(event));
  if (frame.byteLength <= MESSAGE_BYTES) return frame;
  throw new ProtocolError('too-large', `The messages make a frame of more than ${MESSAGE_BYTES} bytes.`);
}
