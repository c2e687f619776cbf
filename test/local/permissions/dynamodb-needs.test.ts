import { describe, expect, it } from 'vitest';
import { dynamodbNeeds } from '../../../packages/local/src/permissions/dynamodb-needs.ts';

const PREFIX = 'arn:aws:dynamodb:us-east-1:000000000000:table/';

/** Each need in the short form `Action Table`. */
const needs = (operation: string, body: unknown) =>
  dynamodbNeeds(operation, body).map(
    ({ action, resource }) => `${action.replace('dynamodb:', '')} ${resource.replace(PREFIX, '')}`,
  );

const part = { TableName: 'A' };

describe('a request to DynamoDB', () => {
  it.each([
    ['PutItem', { TableName: 'A', Item: {} }, ['PutItem A']],
    ['Query', { TableName: 'A' }, ['Query A']],
    ['Query', { TableName: 'A', IndexName: 'by-room' }, ['Query A/index/by-room']],
    ['Scan', { TableName: `${PREFIX}A`, IndexName: 'i' }, ['Scan A/index/i']],
    ['BatchGetItem', { RequestItems: { A: {}, B: {} } }, ['BatchGetItem A', 'BatchGetItem B']],
    ['BatchWriteItem', { RequestItems: { A: [], B: [] } }, ['BatchWriteItem A', 'BatchWriteItem B']],
    ['ListTables', {}, ['ListTables *']],
    ['DescribeTable', { TableName: 'A' }, ['DescribeTable A']],
  ])('%s of %j needs %j', (operation, body, expected) => {
    expect(needs(operation, body)).toEqual(expected);
  });

  it('for a transaction needs the rights of each part', () => {
    const TransactItems = [
      { Put: part },
      { Update: part },
      { Delete: part },
      { ConditionCheck: { TableName: 'B' } },
      { Get: part },
    ];

    expect(needs('TransactWriteItems', { TransactItems })).toEqual([
      'PutItem A',
      'UpdateItem A',
      'DeleteItem A',
      'ConditionCheckItem B',
      'GetItem A',
    ]);
  });

  it.each(['BatchWriteItem', 'TransactWriteItems'])('with another shape needs nothing: %s', (operation) => {
    expect(needs(operation, undefined)).toEqual([]);
  });
});
