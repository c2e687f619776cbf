/** `message-events`: reports messages of channels that keep a history, from the changes of their logs. */

import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { eventBridge } from './aws/event-bridge.ts';
import { recordFrom } from './aws/record-item.ts';
import { type Change, changesIn } from './events/stream-event.ts';
import { type LifecycleEvent, lifecycleEvent } from './realtime/lifecycle/lifecycle.ts';
import { isVoid } from './realtime/log/log-store.ts';
import { environmentOf } from './wiring/environment.ts';

const environment = environmentOf('message-events');
const lifecycle = eventBridge(new EventBridgeClient(), environment.EVENT_SOURCE);
const withData = environment.MESSAGE_EVENTS === 'with data';

/** Lambda repeats a batch that failed in part. */
export async function handler(event: unknown): Promise<void> {
  await lifecycle.put(changesIn(event).flatMap(messageEvent));
}

function messageEvent({ key, after }: Change): LifecycleEvent[] {
  const record = recordFrom(after);
  // A void number has no message.
  if (isVoid(record)) return [];
  const { seq, from, data, time } = record;
  const message = { channel: key['channel']?.S ?? '', seq, ...(from !== undefined && { from }) };
  return [lifecycleEvent('message published', { ...message, ...(withData && { data }) }, time)];
}
