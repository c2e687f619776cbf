import { describe, expect, it } from 'vitest';
import {
  type ItemChange,
  type Occasion,
  streamRecord,
} from '../../../packages/local/src/dynamodb/stream-record.ts';
import type { StreamViewType } from '../../../packages/local/src/template/event-source-model.ts';

const key = { Id: { N: '101' } };
const old = { ...key, Message: { S: 'New item!' } };
const changed = { ...key, Message: { S: 'This item has changed' } };

const inserted: ItemChange = { key, before: undefined, after: old };
const modified: ItemChange = { key, before: old, after: changed };
const removed: ItemChange = { key, before: changed, after: undefined };

const occasion: Occasion = {
  streamArn: 'arn:stream',
  viewType: 'NEW_AND_OLD_IMAGES',
  eventId: 'c4ca4238a0b923820dcc509a6f75849b',
  sequenceNumber: '111',
  at: 1_428_537_600_900,
};

describe('a stream record', () => {
  it('has the fields that Lambda passes to functions', () => {
    expect(streamRecord(modified, occasion)).toEqual({
      eventID: 'c4ca4238a0b923820dcc509a6f75849b',
      eventName: 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: {
        ApproximateCreationDateTime: 1_428_537_600,
        Keys: key,
        NewImage: changed,
        OldImage: old,
        SequenceNumber: '111',
        SizeBytes: 59,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: 'arn:stream',
    });
  });

  // The sizes are those of the examples in https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
  it.each([
    ['INSERT', inserted, 26],
    ['MODIFY', modified, 59],
    ['REMOVE', removed, 38],
  ])('is named %s, and has the size of the example in the documentation', (eventName, change, SizeBytes) => {
    expect(streamRecord(change, occasion)).toMatchObject({ eventName, dynamodb: { SizeBytes } });
  });

  it.each<[StreamViewType, string[]]>([
    ['KEYS_ONLY', []],
    ['NEW_IMAGE', ['NewImage']],
    ['OLD_IMAGE', ['OldImage']],
    ['NEW_AND_OLD_IMAGES', ['NewImage', 'OldImage']],
  ])('of the view type %s has the images %j', (viewType, images) => {
    const record = streamRecord(modified, { ...occasion, viewType });

    expect(Object.keys(record?.dynamodb ?? {}).filter((name) => name.endsWith('Image'))).toEqual(images);
  });

  it('has no old image of a new item, and no new image of a removed one', () => {
    expect(streamRecord(inserted, occasion)?.dynamodb).not.toHaveProperty('OldImage');
    expect(streamRecord(removed, occasion)?.dynamodb).not.toHaveProperty('NewImage');
  });

  it('is not made for an unchanged item or a missing one', () => {
    expect(streamRecord({ key, before: old, after: { ...old } }, occasion)).toBeUndefined();
    expect(streamRecord({ key, before: undefined, after: undefined }, occasion)).toBeUndefined();
  });

  it('has a user identity only if the service made the change', () => {
    const userIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };

    expect(streamRecord(removed, { ...occasion, userIdentity })).toMatchObject({ userIdentity });
    expect(streamRecord(removed, occasion)).not.toHaveProperty('userIdentity');
  });
});
