/** The records of a table's stream, in the form in which Lambda passes them to a function. */

import { REGION } from '../template/account.ts';
import type { StreamViewType } from '../template/event-source-model.ts';
import { type Item, itemSize, sameItem } from './attribute-values.ts';

/** An item before and after a write. An image is missing if the item did not exist. */
export interface ItemChange {
  readonly key: Item;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

export interface UserIdentity {
  readonly type: string;
  readonly principalId: string;
}

/** The facts about a change that are not in the item. */
export interface Occasion {
  readonly streamArn: string;
  readonly viewType: StreamViewType;
  readonly eventId: string;
  readonly sequenceNumber: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Set if DynamoDB itself made the change. */
  readonly userIdentity?: UserIdentity | undefined;
}

export type StreamRecord = NonNullable<ReturnType<typeof streamRecord>>;

/**
 * The record of a change. `undefined` if the item did not change.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export function streamRecord(change: ItemChange, occasion: Occasion) {
  const eventName = eventNameOf(change);
  if (eventName === undefined) return undefined;
  const { streamArn, viewType, eventId, sequenceNumber, at, userIdentity } = occasion;
  const images = imagesOf(change, viewType);
  return {
    eventID: eventId,
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: REGION,
    dynamodb: {
      // Lambda's events have whole seconds.
      ApproximateCreationDateTime: Math.floor(at / 1000),
      Keys: change.key,
      ...images,
      SequenceNumber: sequenceNumber,
      SizeBytes: [change.key, ...Object.values(images)].reduce((total, image) => total + itemSize(image), 0),
      StreamViewType: viewType,
    },
    ...(userIdentity && { userIdentity }),
    eventSourceARN: streamArn,
  };
}

function eventNameOf({ before, after }: ItemChange): 'INSERT' | 'MODIFY' | 'REMOVE' | undefined {
  if (!before) return after && 'INSERT';
  if (!after) return 'REMOVE';
  return sameItem(before, after) ? undefined : 'MODIFY';
}

const SHOWS_NEW: ReadonlySet<StreamViewType> = new Set(['NEW_IMAGE', 'NEW_AND_OLD_IMAGES']);
const SHOWS_OLD: ReadonlySet<StreamViewType> = new Set(['OLD_IMAGE', 'NEW_AND_OLD_IMAGES']);

function imagesOf(
  { before, after }: ItemChange,
  viewType: StreamViewType,
): { readonly NewImage?: Item; readonly OldImage?: Item } {
  return {
    ...(after && SHOWS_NEW.has(viewType) && { NewImage: after }),
    ...(before && SHOWS_OLD.has(viewType) && { OldImage: before }),
  };
}
