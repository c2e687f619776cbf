/** `message-events`: reports messages of channels that keep a history, from the changes of their logs. */

import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { eventBridge } from './aws/event-bridge.ts';
import { recordsFrom } from './aws/record-item.ts';
import { type Change, changesIn } from './events/stream-event.ts';
import { type LifecycleEvent, lifecycleEvent } from './realtime/lifecycle/lifecycle.ts';
import { isMessage, type MessageRecord } from './realtime/log/log-store.ts';
import { environmentOf } from './wiring/environment.ts';

const environment = environmentOf('message-events');
const lifecycle = eventBridge(new EventBridgeClient(), environment.EVENT_SOURCE);
const withData = environment.MESSAGE_EVENTS === 'with data';

/** Lambda repeats a batch that failed in part. */
export async function handler(event: unknown): Promise<void> {
  await lifecycle.put(changesIn(event).flatMap(messageEvents));
}

/** A change writes the messages of one publish. */
function messageEvents({ key, after }: Change): LifecycleEvent[] {
  // A void number has no message.
  const messages = recordsFrom(after).filter(isMessage);
  return messages.map((record) => {
    const { seq, from, time } = record;
    const message = { channel: key['channel']?.S ?? '', seq, ...(from !== undefined && { from }) };
    return lifecycleEvent('message published', { ...message, ...contentOf(record) }, time);
  });
}

/** The record of an edit has no data. It is at the message, where a deletion finds it. */
function contentOf({ data, name, removed, replaces }: MessageRecord) {
  if (replaces !== undefined) return { replaces, ...(removed && { removed }) };
  return withData && { data, ...(name !== undefined && { name }), ...(removed && { removed }) };
}
