/** Read positions in DynamoDB: an item for each user and channel, which only moves forward. */

import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Reader, ReadPositionStore } from '../realtime/log/read-position.ts';
import type { Item } from './record-item.ts';

export function dynamoReadPositions(client: DynamoDBClient, table: string): ReadPositionStore {
  const keyed = ({ user, channel }: Reader) => ({
    TableName: table,
    Key: { user: { S: user }, channel: { S: channel } },
  });

  return {
    async advance(reader, seq, expiresAt) {
      const command = new UpdateItemCommand({
        ...keyed(reader),
        UpdateExpression: 'SET seq = :seq, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(seq) OR seq < :seq',
        ExpressionAttributeValues: { ':seq': { N: String(seq) }, ':expiresAt': { N: String(expiresAt) } },
        // DynamoDB returns the item that failed the condition, so no second read is needed.
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await client.send(command);
        return seq;
      } catch (error) {
        const further = error instanceof ConditionalCheckFailedException ? seqFrom(error.Item) : undefined;
        if (further === undefined) throw error;
        return further;
      }
    },

    async read(reader) {
      const { Item } = await client.send(new GetItemCommand({ ...keyed(reader), ConsistentRead: true }));
      return seqFrom(Item);
    },

    async forget(reader) {
      await client.send(new DeleteItemCommand(keyed(reader)));
    },
  };
}

function seqFrom(item: Item = {}): number | undefined {
  const seq = item['seq']?.N;
  return seq === undefined ? undefined : Number(seq);
}
