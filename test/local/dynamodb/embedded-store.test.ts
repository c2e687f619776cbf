import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ListTablesCommand, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createTables } from '../../../packages/local/src/dynamodb/create-tables.ts';
import { startEmbeddedStore } from '../../../packages/local/src/dynamodb/embedded-store.ts';
import { emptyStore } from './empty-store.ts';

const TableName = 'Items';

const table = {
  name: TableName,
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
};

const Put = { TableName, Item: { pk: { S: 'x' } } };
const transaction = new TransactWriteItemsCommand({ TransactItems: [{ Put }] });

/** Sends a request of which this many bytes of the body are missing. */
async function sendRequest(url: string, operation: string, body: string, missing: number): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(
    [
      'POST / HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/x-amz-json-1.0',
      `X-Amz-Target: DynamoDB_20120810.${operation}`,
      `Content-Length: ${body.length + missing}`,
      '',
      body,
    ].join('\r\n'),
  );
  await once(socket, 'connect');
  return socket;
}

async function giveUp(socket: Socket): Promise<void> {
  socket.destroy();
  await once(socket, 'close');
}

describe('the embedded store', () => {
  it('is a new one each time', async () => {
    const [first, second] = [await emptyStore(), await emptyStore()];
    await createTables(first.url, [table]);

    expect((await second.client.send(new ListTablesCommand())).TableNames).toEqual([]);
  });

  it('listens on loopback alone', async () => {
    expect((await emptyStore()).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('stops answering once it is closed', async () => {
    const store = await startEmbeddedStore();
    await store.close();

    await expect(fetch(store.url)).rejects.toThrow('fetch failed');
  });

  it.each(['PutItem', 'TransactWriteItems'])(
    'survives a caller that gives up in the middle of %s',
    async (operation) => {
      const { url, client } = await emptyStore();
      await createTables(url, [table]);
      await giveUp(await sendRequest(url, operation, '{', 10));

      await expect(client.send(transaction)).resolves.toBeDefined();
      await expect(client.send(new PutItemCommand(Put))).resolves.toBeDefined();
    },
  );

  it('survives a caller that gives up while a transaction keeps it waiting', async () => {
    const { url, client } = await emptyStore();
    await createTables(url, [table]);
    const unfinished = await sendRequest(url, 'PutItem', '{', 10);
    const blocked = await sendRequest(url, 'TransactWriteItems', JSON.stringify(transaction.input), 0);
    await giveUp(await sendRequest(url, 'ListTables', '{}', 0));
    await giveUp(unfinished);
    await once(blocked, 'data');
    blocked.destroy();

    await expect(client.send(transaction)).resolves.toBeDefined();
  });
});
