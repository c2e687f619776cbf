/** Records of a table's stream, as Lambda hands them to a function, and the events that a function puts for them. */

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';

type Item = Record<string, AttributeValue>;

export interface ChangeFixture {
  readonly key: Item;
  readonly before?: Item;
  readonly after?: Item;
  /** Removed by the table itself. */
  readonly isExpiry?: boolean;
}

/** Seconds since 1970. */
export const CHANGED_AT = Date.UTC(2026, 10, 22, 12) / 1000;

export function streamEvent(...changes: readonly ChangeFixture[]) {
  return { Records: changes.map(recordOf) };
}

function recordOf({ key, before, after, isExpiry = false }: ChangeFixture, index: number) {
  const removedOrModified = after ? 'MODIFY' : 'REMOVE';
  return {
    eventID: `event-${index}`,
    eventName: before ? removedOrModified : 'INSERT',
    eventSource: 'aws:dynamodb',
    dynamodb: {
      ApproximateCreationDateTime: CHANGED_AT,
      Keys: key,
      ...(before && { OldImage: { ...key, ...before } }),
      ...(after && { NewImage: { ...key, ...after } }),
      SequenceNumber: `sequence-${index}`,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    ...(isExpiry && { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
  };
}

/** EventBridge that takes every event, until a test says something else. */
export function eventBridgeMock() {
  const sdk = mockClient(EventBridgeClient);
  return {
    sdk,
    reset() {
      sdk.reset();
      sdk
        .on(PutEventsCommand)
        .callsFake(({ Entries }: { Entries: readonly unknown[] }) => taken(Entries.length));
    },
    put: () => putBy(sdk),
  };
}

export function taken(count: number) {
  return {
    FailedEntryCount: 0,
    Entries: Array.from({ length: count }, (_, index) => ({ EventId: `id-${index}` })),
  };
}

/** Everything that was put, with its detail parsed. */
function putBy(sdk: AwsClientStub<EventBridgeClient>) {
  return sdk
    .commandCalls(PutEventsCommand)
    .flatMap(({ args }) => args[0].input.Entries ?? [])
    .map(({ Source, DetailType, Detail = 'null', Time }) => ({
      source: Source,
      type: DetailType,
      detail: JSON.parse(Detail),
      time: Time,
    }));
}
