/** `connection-events`: reports when connections open and close, from the changes of their items. */

import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { eventBridge } from './aws/event-bridge.ts';
import { type Change, changesIn } from './events/stream-event.ts';
import { type LifecycleEvent, lifecycleEvent } from './realtime/lifecycle/lifecycle.ts';
import { environmentOf } from './wiring/environment.ts';

const lifecycle = eventBridge(new EventBridgeClient(), environmentOf('connection-events').EVENT_SOURCE);

/** Lambda repeats a batch that failed in part. */
export async function handler(event: unknown): Promise<void> {
  await lifecycle.put(changesIn(event).map(connectionEvent));
}

function connectionEvent({ key, before, after, time, isExpiry }: Change): LifecycleEvent {
  const user = (after ?? before)?.['user']?.S;
  const connection = { connectionId: key['connectionId']?.S ?? '', ...(user !== undefined && { user }) };
  if (after) return lifecycleEvent('connection opened', connection, time);
  return lifecycleEvent(
    'connection closed',
    { ...connection, reason: isExpiry ? 'expired' : 'closed' },
    time,
  );
}
