import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { chargeConnection } from '../../../lambdas/aws/connection-charge.ts';

const NOW = 1_000_000;
const keyed = { TableName: 'connections', Key: { connectionId: { S: 'me=' } } };
const dynamodb = mockClient(DynamoDBClient);

const refusal = (Item?: Record<string, AttributeValue>) =>
  new ConditionalCheckFailedException({ message: 'no', $metadata: {}, ...(Item && { Item }) });
const busyUntil = (moment: number) => ({ connectionId: { S: 'me=' }, busyUntil: { N: String(moment) } });
const charge = (isBusy: boolean) =>
  chargeConnection(new DynamoDBClient(), keyed, { costMs: 100, burstMs: 1_000, now: NOW, isBusy });

beforeEach(() => dynamodb.reset());

describe('a charge of a connection in DynamoDB', () => {
  it.each([true, false])(
    'takes one request when it is refused, after either guess: busy %s',
    async (isBusy) => {
      dynamodb.on(UpdateItemCommand).rejects(refusal(busyUntil(NOW + 901)));

      expect(await charge(isBusy)).toEqual({ kind: 'limited', busyUntil: NOW + 901 });
      expect(dynamodb.calls()).toHaveLength(1);
    },
  );

  it('takes two requests when the guess was wrong', async () => {
    dynamodb
      .on(UpdateItemCommand)
      .rejectsOnce(refusal(busyUntil(NOW + 900)))
      .resolves({ Attributes: busyUntil(NOW + 1_000) });

    expect(await charge(false)).toEqual({ kind: 'charged', busyUntil: NOW + 1_000 });
    expect(dynamodb.calls()).toHaveLength(2);
  });

  it('reads the item when the refusal does not contain it', async () => {
    dynamodb.on(UpdateItemCommand).rejects(refusal());
    dynamodb.on(GetItemCommand).resolves({ Item: busyUntil(NOW + 950) });

    expect(await charge(true)).toEqual({ kind: 'limited', busyUntil: NOW + 950 });
    expect(dynamodb.commandCalls(GetItemCommand)).toHaveLength(1);
  });

  it('finds a connection gone only when a read has shown it', async () => {
    dynamodb.on(UpdateItemCommand).rejects(refusal());
    dynamodb.on(GetItemCommand).resolves({});

    expect(await charge(true)).toEqual({ kind: 'gone' });
  });

  it('throws an error that is not a refusal', async () => {
    dynamodb.on(UpdateItemCommand).rejects(new Error('no table'));

    await expect(charge(true)).rejects.toThrow('no table');
  });
});
