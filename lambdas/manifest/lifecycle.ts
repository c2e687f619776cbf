/** The functions that send events to other services of AWS. */

import type { FunctionManifest } from './needs.ts';

export const lifecycleFunctions = {
  'connection-events': {
    purpose: 'Tells when connections open and close',
    trigger: {
      kind: 'stream',
      table: 'connections',
      changes: () => [{ eventName: ['INSERT', 'REMOVE'] }],
      // Only servers read these events. A renewed connection causes two of them, so a second gathers many into one run.
      gatherSeconds: 1,
    },
    onlyFor: 'connections',
    memoryMb: 512,
    timeoutSeconds: 60,
    needs: { EVENT_SOURCE: { kind: 'event-source', group: 'connections' } },
  },
  'channel-events': {
    purpose: 'Tells when channels are occupied and vacated',
    trigger: {
      kind: 'stream',
      table: 'subscriptions',
      // The stream of this table has two readers, this one and `presence`: as many as DynamoDB allows.
      changes: (namespaces) => [
        {
          eventName: ['INSERT', 'REMOVE'],
          // Every channel except `@all`, in which every connection is. Lambda cannot exclude a prefix, so the filter names the others.
          dynamodb: { Keys: { channelShard: { S: namespaces.map((name) => ({ prefix: `${name}:` })) } } },
        },
      ],
      // A channel that is occupied and vacated within the way through the stream causes no event. The page says: about a second.
      gatherSeconds: 0,
    },
    onlyFor: 'channels',
    memoryMb: 512,
    timeoutSeconds: 60,
    needs: {
      SUBSCRIPTIONS_TABLE: { kind: 'table', table: 'subscriptions', actions: ['dynamodb:Query'] },
      CHANNELS_TABLE: { kind: 'table', table: 'channels', actions: ['dynamodb:GetItem'] },
      OCCUPANCY_TABLE: {
        kind: 'table',
        table: 'occupancy',
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      },
      EVENT_SOURCE: { kind: 'event-source', group: 'channels' },
    },
  },
  'message-events': {
    purpose: 'Tells what was published to channels with a history',
    trigger: {
      kind: 'stream',
      table: 'messages',
      changes: () => [{ eventName: ['INSERT'] }],
      // A function that answers a message waits for the event.
      gatherSeconds: 0,
    },
    onlyFor: 'messages',
    memoryMb: 512,
    timeoutSeconds: 60,
    needs: {
      EVENT_SOURCE: { kind: 'event-source', group: 'messages' },
      MESSAGE_EVENTS: { kind: 'message-events' },
    },
  },
} as const satisfies Readonly<Record<string, FunctionManifest>>;
