import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { ChangeCapture } from '../../../packages/local/src/dynamodb/change-capture.ts';
import { createTables } from '../../../packages/local/src/dynamodb/create-tables.ts';
import { expireItems, isExpired } from '../../../packages/local/src/dynamodb/expiry.ts';
import type { Send } from '../../../packages/local/src/dynamodb/store-answer.ts';
import type { StreamRecord } from '../../../packages/local/src/dynamodb/stream-record.ts';
import { TransactionGate } from '../../../packages/local/src/dynamodb/transaction-gate.ts';
import { emptyStore } from './empty-store.ts';

const table = {
  name: 'Items',
  keyNames: ['pk'],
  viewType: 'KEYS_ONLY' as const,
  streamArn: 'arn:stream',
  ttlAttribute: 'ttl',
};

const NOW = 1_800_000_000;
const YEARS = 365 * 24 * 60 * 60;

describe('an item is expired', () => {
  it.each([
    ['at its second', { N: String(NOW) }, true],
    ['after it', { N: String(NOW - 1) }, true],
    ['not before', { N: String(NOW + 1) }, false],
    ['not after five years, which are taken for a mistake', { N: String(NOW - 5 * YEARS) }, false],
    ['after nearly five years', { N: String(NOW - 5 * YEARS + 1) }, true],
    ['never by a text', { S: String(NOW - 1) }, false],
    ['never by nothing', { NULL: true }, false],
  ])('%s', (_when, ttl, expired) => {
    expect(isExpired({ ttl }, 'ttl', NOW)).toBe(expired);
  });

  it('never without the attribute', () => {
    expect(isExpired({}, 'ttl', NOW)).toBe(false);
  });
});

describe('a sweep', () => {
  it('keeps an item that got more time since the sweep saw it', async () => {
    const { url, client } = await emptyStore();
    await createTables(url, [
      {
        name: 'Items',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      },
    ]);
    const put = (ttl: number) =>
      client.send(
        new PutItemCommand({ TableName: 'Items', Item: { pk: { S: 'a' }, ttl: { N: String(ttl) } } }),
      );
    await put(NOW - 1);
    const records: StreamRecord[] = [];
    const send: Send = async (operation, body) => {
      const answer = await request(url, operation, body);
      if (operation === 'Scan') await put(NOW + 600);
      return answer;
    };
    const capture = new ChangeCapture([table], send, (record) => records.push(record));
    await expireItems([table], { send, gate: new TransactionGate(), capture }, NOW * 1000);
    const { Items } = await client.send(new ScanCommand({ TableName: 'Items' }));

    expect(Items).toEqual([{ pk: { S: 'a' }, ttl: { N: String(NOW + 600) } }]);
    expect(records).toEqual([]);
  });
});

/** Asks a store as its front does. */
async function request(url: string, operation: string, body: object) {
  const headers = {
    'Content-Type': 'application/x-amz-json-1.0',
    'X-Amz-Target': `DynamoDB_20120810.${operation}`,
    'X-Amz-Date': '20000101T000000Z',
    Authorization:
      'AWS4-HMAC-SHA256 Credential=local/0/0/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: v.parse(v.record(v.string(), v.unknown()), await response.json()) };
}
