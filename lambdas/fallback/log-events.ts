/** Records of a channel as events of a stream: several in a frame, and each frame with the position after it. */

import type { Message, VoidRecord } from 'fanfare-protocol/actions';
import { replyRoom } from '../realtime/log/reply-room.ts';
import type { StreamEvent } from './event-stream.ts';
import type { StreamChannels } from './stream-channels.ts';

type NumberedMessage = Message & { readonly seq: number };

export type NumberedRecord = NumberedMessage | VoidRecord;

/** Void numbers are skipped. */
export async function* logEvents(
  channels: StreamChannels,
  channel: string,
  records: AsyncIterable<NumberedRecord> | Iterable<NumberedRecord>,
): AsyncGenerator<StreamEvent> {
  let messages: NumberedMessage[] = [];
  let room = replyRoom(1);
  const event = () => ({ frame: JSON.stringify({ event: 'messages', channel, messages }), id: channels.id });
  for await (const record of records) {
    if (!('void' in record)) {
      if (!room.take(record)) {
        if (messages.length > 0) yield event();
        messages = [];
        room = replyRoom(1);
        room.take(record);
      }
      messages.push(record);
    }
    channels.moveTo(channel, record.seq);
  }
  if (messages.length > 0) yield event();
}

/** A message of a channel that keeps a history has a number. */
export function isNumbered<Sent extends { readonly seq?: number | undefined }>(
  message: Sent,
): message is Sent & { readonly seq: number } {
  return message.seq !== undefined;
}
