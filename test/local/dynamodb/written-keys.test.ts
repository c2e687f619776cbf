import { describe, expect, it } from 'vitest';
import { isWrite, keyId, writtenKeys } from '../../../packages/local/src/dynamodb/written-keys.ts';

const keyNames = (tableName: string) => (tableName === 'Items' ? ['pk', 'sk'] : undefined);

const item = (sk: string) => ({ pk: { S: 'a' }, sk: { N: sk }, more: { S: 'x' } });
const key = (sk: string) => ({ pk: { S: 'a' }, sk: { N: sk } });

const written = (...sks: string[]) => sks.map((sk) => ({ tableName: 'Items', key: key(sk) }));

describe('the keys that a request writes', () => {
  it.each([
    ['PutItem', { TableName: 'Items', Item: item('1') }, written('1')],
    ['UpdateItem', { TableName: 'Items', Key: key('1'), UpdateExpression: 'SET a = :a' }, written('1')],
    ['DeleteItem', { TableName: 'Items', Key: key('1') }, written('1')],
    [
      'BatchWriteItem',
      {
        RequestItems: {
          Items: [{ PutRequest: { Item: item('1') } }, { DeleteRequest: { Key: key('2') } }],
          Others: [{ DeleteRequest: { Key: key('3') } }],
        },
      },
      written('1', '2'),
    ],
    [
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { TableName: 'Items', Item: item('1') } },
          { Update: { TableName: 'Items', Key: key('2') } },
          { Delete: { TableName: 'Items', Key: key('3') } },
          { ConditionCheck: { TableName: 'Items', Key: key('4') } },
        ],
      },
      written('1', '2', '3'),
    ],
  ])('of %s are those of its items', (operation, body, keys) => {
    expect(writtenKeys(operation, body, keyNames)).toEqual(keys);
    expect(isWrite(operation)).toBe(true);
  });

  it.each([
    ['GetItem', { TableName: 'Items', Key: key('1') }],
    ['PutItem', { TableName: 'Others', Item: item('1') }],
    ['PutItem', { TableName: 'Items', Item: { pk: { S: 'a' } } }],
    ['PutItem', { TableName: 'Items' }],
    ['PutItem', undefined],
    ['BatchWriteItem', { RequestItems: { Items: 'x' } }],
  ])('are empty for %s of %j', (operation, body) => {
    expect(writtenKeys(operation, body, keyNames)).toEqual([]);
  });

  it('are equal for two spellings of the same number', () => {
    const [one, other] = written('1', '1.0');

    expect(one && other && keyId(one) === keyId(other)).toBe(true);
    expect(new Set(written('1', '2').map(keyId)).size).toBe(2);
  });

  it('differ between tables, and between a number and a text of the same digits', () => {
    const ids = [
      keyId({ tableName: 'Items', key: { pk: { N: '1' } } }),
      keyId({ tableName: 'Items', key: { pk: { S: '1' } } }),
      keyId({ tableName: 'Items', key: { pk: { B: '1' } } }),
      keyId({ tableName: 'Others', key: { pk: { N: '1' } } }),
    ];

    expect(new Set(ids).size).toBe(4);
  });
});
