/**
 * The permissions that a request to DynamoDB needs for each table.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */

import * as v from 'valibot';
import { tableArn } from '../template/table-arn.ts';
import type { Need } from './statement.ts';

const ofTable = v.object({ TableName: v.string(), IndexName: v.optional(v.string()) });
const ofTables = v.object({ RequestItems: v.record(v.string(), v.unknown()) });
const inTable = v.optional(v.object({ TableName: v.string() }));
const transaction = v.object({
  TransactItems: v.array(
    v.object({ Put: inTable, Update: inTable, Delete: inTable, ConditionCheck: inTable, Get: inTable }),
  ),
});

/** A transaction needs the permissions of its parts. IAM has no action for transactions. */
const actionOfPart = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
} as const;

const PARTS = ['Put', 'Update', 'Delete', 'ConditionCheck', 'Get'] as const;

type NeedsOf = (operation: string, body: unknown) => readonly Need[];

const special = new Map<string, NeedsOf>([
  ['BatchGetItem', batchNeeds],
  ['BatchWriteItem', batchNeeds],
  ['TransactGetItems', transactionNeeds],
  ['TransactWriteItems', transactionNeeds],
]);

/** A request with another shape needs nothing, because the store refuses it. */
export function dynamodbNeeds(operation: string, body: unknown): readonly Need[] {
  return (special.get(operation) ?? tableNeeds)(operation, body);
}

function tableNeeds(operation: string, body: unknown): readonly Need[] {
  const { success, output } = v.safeParse(ofTable, body);
  if (!success) return [need(operation, '*')];
  const { TableName, IndexName } = output;
  const table = arnOf(TableName);
  return [need(operation, IndexName === undefined ? table : `${table}/index/${IndexName}`)];
}

function batchNeeds(operation: string, body: unknown): readonly Need[] {
  const { success, output } = v.safeParse(ofTables, body);
  return success ? Object.keys(output.RequestItems).map((name) => need(operation, arnOf(name))) : [];
}

function transactionNeeds(_operation: string, body: unknown): readonly Need[] {
  const { success, output } = v.safeParse(transaction, body);
  if (!success) return [];
  return output.TransactItems.flatMap((item) =>
    PARTS.flatMap((part) => {
      const { TableName } = item[part] ?? {};
      return TableName === undefined ? [] : [need(actionOfPart[part], arnOf(TableName))];
    }),
  );
}

function need(operation: string, resource: string): Need {
  return { action: `dynamodb:${operation}`, resource };
}

/** A request may name a table by its ARN. */
function arnOf(tableName: string): string {
  return tableName.startsWith('arn:') ? tableName : tableArn(tableName);
}
