/** Events of a table's stream, and the response by which a function names the records that have to come again. */

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { visitInFlight } from '../realtime/in-flight.ts';

type Image = Record<string, AttributeValue>;

/** Only DynamoDB writes these images, so their attributes are not checked one by one. */
const image = v.custom<Image>((given) => typeof given === 'object' && given !== null);

const record = v.object({
  eventName: v.picklist(['INSERT', 'MODIFY', 'REMOVE']),
  /** The identity of the service that removes expired items. */
  userIdentity: v.optional(v.object({ principalId: v.string() })),
  dynamodb: v.object({
    /** Seconds since 1970. */
    ApproximateCreationDateTime: v.number(),
    Keys: image,
    NewImage: v.optional(image),
    OldImage: v.optional(image),
    SequenceNumber: v.string(),
  }),
});

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
const streamEvent = v.object({ Records: v.array(record) });

/** One change of one item. Changes of one item come in their order, and each at least once. */
export interface Change {
  readonly sequenceNumber: string;
  /** Milliseconds since 1970, in whole seconds; the same whenever the change comes again. */
  readonly time: number;
  readonly key: Image;
  /** Absent when the item is new. */
  readonly before?: Image;
  /** Absent when the item was deleted. */
  readonly after?: Image;
  /** Removed by the table itself, some time after its `expiresAt`. */
  readonly isExpiry: boolean;
}

/** Lambda continues at the first of these records, and repeats all records after it. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

const TIME_TO_LIVE = 'dynamodb.amazonaws.com';

/** @throws ValiError for anything that is not an event of a stream. */
export function changesIn(event: unknown): Change[] {
  return v.parse(streamEvent, event).Records.map(({ dynamodb, userIdentity }) => ({
    sequenceNumber: dynamodb.SequenceNumber,
    time: dynamodb.ApproximateCreationDateTime * 1000,
    key: dynamodb.Keys,
    ...(dynamodb.OldImage && { before: dynamodb.OldImage }),
    ...(dynamodb.NewImage && { after: dynamodb.NewImage }),
    isExpiry: userIdentity?.principalId === TIME_TO_LIVE,
  }));
}

/**
 * Handles a batch by the subjects of its changes: each subject once, also if it has several changes, and several subjects at a
 * time. If one fails, the others are still handled, and the changes of the failed one come again.
 */
export async function settleEach(
  changes: readonly Change[],
  subjectOf: (change: Change) => string,
  settle: (subject: string) => Promise<void>,
  onFailure: (subject: string, error: unknown) => void,
  inFlight = SUBJECTS_IN_FLIGHT,
): Promise<BatchResponse> {
  const failed = new Set<string>();
  await visitInFlight([...new Set(changes.map(subjectOf))], inFlight, async (subject) => {
    try {
      await settle(subject);
    } catch (error) {
      failed.add(subject);
      onFailure(subject, error);
    }
  });
  const again = changes.filter((change) => failed.has(subjectOf(change)));
  return { batchItemFailures: again.map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })) };
}

/** Also read by `bench/load/stream-lag.ts`. */
export const SUBJECTS_IN_FLIGHT = 8;
