/** `mark`: the user has read everything up to a position. The server keeps the position for all of the user's devices. */

import { ProtocolError } from 'fanfare-protocol/errors';
import { requiredLogOf } from '../realtime/log/channel-log.ts';
import { keptUntil, readerOf } from '../realtime/log/read-position.ts';
import type { ActionHandler } from './action.ts';
import { readablePolicy } from './readable.ts';

export const mark: ActionHandler<'mark'> = async ({ channel, seq }, session, context) => {
  const { ports } = context;
  const policy = await readablePolicy(context, session, 'mark', channel);
  const reader = readerOf(session, channel);
  const { retention } = requiredLogOf(ports, channel, policy);
  const event = 'marked';
  if (seq === 0) return { event, channel, seq: (await ports.readPositions.read(reader)) ?? 0 };
  // A position only moves forward. A position beyond the last message would hide every later message.
  const { seq: head } = (await ports.channelLog.head(channel)) ?? { seq: 0 };
  if (seq > head) throw new ProtocolError('bad-request', `${channel} has no message ${seq} yet.`);
  const kept = await ports.readPositions.advance(reader, seq, keptUntil(ports.now(), retention));
  return { event, channel, seq: kept };
};
