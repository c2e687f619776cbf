import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { batchWrite, type TableWrite } from '../../../lambdas/aws/batch-write.ts';

const sdk = mockClient(DynamoDBClient);
const client = new DynamoDBClient({ region: 'us-east-1' });
const write = (table: string, id: number): TableWrite => [
  table,
  { DeleteRequest: { Key: { id: { N: String(id) } } } },
];

describe('a batch write', () => {
  beforeEach(() => {
    sdk.reset();
  });

  it('makes no request for an empty list of writes', async () => {
    await batchWrite(client, []);

    expect(sdk.calls()).toHaveLength(0);
  });

  it('sends all items, at most 25 in one call', async () => {
    sdk.on(BatchWriteItemCommand).resolves({});

    await batchWrite(
      client,
      Array.from({ length: 51 }, (_, id) => write('t', id)),
    );

    const sizes = sdk
      .commandCalls(BatchWriteItemCommand)
      .map(({ args }) => args[0].input.RequestItems?.['t']?.length);
    expect(sizes).toEqual([25, 25, 1]);
  });

  it('groups the items by table', async () => {
    sdk.on(BatchWriteItemCommand).resolves({});
    const [first, second, third] = [write('a', 1), write('b', 2), write('a', 3)];

    await batchWrite(client, [first, second, third]);

    expect(sdk.commandCalls(BatchWriteItemCommand)[0]?.args[0].input.RequestItems).toEqual({
      a: [first[1], third[1]],
      b: [second[1]],
    });
  });

  it('repeats only the items that were left unprocessed', async () => {
    const [done, left] = [write('t', 1), write('t', 2)];
    sdk
      .on(BatchWriteItemCommand)
      .resolvesOnce({ UnprocessedItems: { t: [left[1]] } })
      .resolves({});

    await batchWrite(client, [done, left]);

    expect(sdk.commandCalls(BatchWriteItemCommand)[1]?.args[0].input.RequestItems).toEqual({ t: [left[1]] });
  });

  it('throws when items stay unprocessed', async () => {
    const left = write('t', 1);
    sdk.on(BatchWriteItemCommand).resolves({ UnprocessedItems: { t: [left[1]] } });

    await expect(batchWrite(client, [left])).rejects.toThrow('unprocessed');
  });
});
