/** Puts events on the default bus, as any other service of the account could. */

import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Stage } from './stage.ts';

export function putEvents(client: EventBridgeClient): Stage['putEvent'] {
  return async (DetailType, detail) => {
    const entry = { Source: 'fanfare.smoke', DetailType, Detail: JSON.stringify(detail) };
    const { FailedEntryCount = 0, Entries = [] } = await client.send(
      new PutEventsCommand({ Entries: [entry] }),
    );
    if (FailedEntryCount > 0) throw new Error(`The event was refused: ${Entries[0]?.ErrorMessage}`);
  };
}
