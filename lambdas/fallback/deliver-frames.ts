/** Frames from a mailbox as events: messages of the stream's own channels once each and in order, other frames as they came. */

import { messagesEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';
import type { ReadPorts } from '../realtime/log/channel-log.ts';
import { gapless } from '../realtime/log/gapless.ts';
import { NEVER_USED } from '../realtime/log/log-store.ts';
import type { StreamEvent } from './event-stream.ts';
import { arrange } from './in-order.ts';
import { isNumbered, logEvents, type NumberedRecord } from './log-events.ts';
import type { StreamChannels } from './stream-channels.ts';

const numberedMessages = v.pipe(v.string(), v.parseJson(), messagesEvent);

/** Reads a missing message from the log. A message is in the log before any later message is delivered. */
export async function* deliverFrames(
  ports: ReadPorts,
  channels: StreamChannels,
  frames: readonly string[],
): AsyncGenerator<StreamEvent> {
  const batches = new Map<string, NumberedRecord[]>();
  for (const frame of frames) {
    const { success, output } = v.safeParse(numberedMessages, frame);
    if (!success || channels.positionOf(output.channel) === undefined) {
      yield { frame };
      continue;
    }
    const batch = batches.get(output.channel) ?? [];
    batches.set(output.channel, [...batch, ...output.messages.filter(isNumbered)]);
  }
  for (const [channel, batch] of batches) yield* inOrder(ports, channels, channel, batch);
}

async function* inOrder(
  ports: ReadPorts,
  channels: StreamChannels,
  channel: string,
  batch: readonly NumberedRecord[],
): AsyncGenerator<StreamEvent> {
  const reached = channels.positionOf(channel);
  const retention = channels.retentions.get(channel);
  if (reached === undefined || !retention) return;
  // No number exists between 0 and the first message. A reader that looked for such numbers would seal them all.
  const position = reached > 0 ? reached : ((await ports.channelLog.head(channel)) ?? NEVER_USED).createdAt;
  const arranged = arrange(position, batch);
  const range = { from: position + 1, to: arranged.kind === 'gap' ? arranged.to : position };
  const records =
    arranged.kind === 'ready' ? arranged.messages : gapless({ ports, channel, retention }, range);
  yield* logEvents(channels, channel, records);
}
