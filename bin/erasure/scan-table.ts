/** Reads a whole table, page by page. Strongly consistent, so that a second run sees what the first one has done. */

import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../lambdas/aws/record-item.ts';
import type { Pace } from './pace.ts';

export interface ScannedPage {
  readonly items: readonly Item[];
  /** Read units. */
  readonly units: number;
  /** Where the next page begins. Absent on the last one. */
  readonly next?: Item | undefined;
}

/** @throws what DynamoDB throws. */
export async function* scanTable(
  client: DynamoDBClient,
  table: string,
  pace: Pace,
  from?: Item,
): AsyncGenerator<ScannedPage> {
  let start = from;
  do {
    const {
      Items = [],
      ConsumedCapacity,
      LastEvaluatedKey,
    } = await client.send(
      new ScanCommand({
        TableName: table,
        ConsistentRead: true,
        ReturnConsumedCapacity: 'TOTAL',
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    const units = ConsumedCapacity?.CapacityUnits ?? 0;
    await pace.spend(units);
    yield { items: Items, units, next: LastEvaluatedKey };
    start = LastEvaluatedKey;
  } while (start);
}
