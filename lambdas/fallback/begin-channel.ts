/** The first events of a channel in a stream: its subscription, and what the client has missed since the id that it brings. */

import { answerCommand } from '../actions/answer.ts';
import type { Caller } from '../realtime/access/session.ts';
import { gapless } from '../realtime/log/gapless.ts';
import type { FallbackContext } from './context.ts';
import type { StreamEvent } from './event-stream.ts';
import { isNumbered, logEvents } from './log-events.ts';
import { type Patience, paced } from './patience.ts';
import type { StreamChannels } from './stream-channels.ts';

/**
 * Subscribes by the action itself, so that permissions and limits are those of a socket. Messages over the limit come later.
 */
export async function* beginChannel(
  context: FallbackContext,
  caller: Caller,
  channels: StreamChannels,
  channel: string,
  patience: Patience,
): AsyncGenerator<StreamEvent> {
  const after = channels.resumedFrom(channel);
  const command = { action: 'subscribe' as const, channel, ...(after !== undefined && { after }) };
  const subscribe = () =>
    answerCommand('subscribe', command, { ...caller, receivedAt: patience.now() }, context);
  let subscribed = await subscribe();
  while (subscribed.event === 'error' && subscribed.retryAfter !== undefined) {
    if (!(await patience.wait(subscribed.retryAfter))) return;
    subscribed = await subscribe();
  }
  if (subscribed.event === 'error') {
    yield { frame: JSON.stringify(subscribed) };
    return;
  }
  const { messages = [], more, ...frame } = subscribed;
  const { seq: head, first = 0, recovered = false } = frame;
  const retention = channels.retentions.get(channel);
  if (head === undefined || !retention) {
    yield { frame: JSON.stringify(frame) };
    return;
  }
  if (!recovered) channels.moveTo(channel, head);
  channels.follow(channel);
  yield { frame: JSON.stringify(frame), id: channels.id };
  yield* logEvents(channels, channel, messages.filter(isNumbered));
  const from = Math.max((channels.positionOf(channel) ?? head) + 1, first);
  if (!more) return;
  const rest = gapless({ ports: context.ports, channel, retention }, { from, to: head });
  yield* paced(logEvents(channels, channel, rest), patience);
}
