import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, refusalOf } from '../../local/client.ts';
import { type ServedApp, serveApp } from './serve-app.ts';

let app: ServedApp;
let url: string;

beforeAll(async () => {
  app = await serveApp('chat');
  url = app.runtime.urls.websocket;
});

afterAll(() => app.runtime.close());

async function members(): Promise<(string | undefined)[]> {
  const credentials = { accessKeyId: 'developer', secretAccessKey: 'developer' };
  const client = new DynamoDBClient({
    endpoint: app.runtime.urls.dynamodb,
    region: 'us-east-1',
    credentials,
  });
  const { Items = [] } = await client.send(new ScanCommand({ TableName: app.runtime.tables[0] }));
  client.destroy();
  return Items.map(({ user }) => user?.S);
}

describe('a chat with a function for each route', () => {
  it('is served under the stage that it names', () => {
    expect(url).toMatch(/^ws:\/\/localhost:\d+\/prod$/);
    expect(app.runtime.outputs).toEqual({ Url: url.replace('localhost', '127.0.0.1') });
  });

  it('finds the members of a room by an index, and delivers a message to them only', async () => {
    const [ann, bob, eve] = await Promise.all([
      Client.open(`${url}?user=ann&room=red`),
      Client.open(`${url}?user=bob&room=red`),
      Client.open(`${url}?user=eve&room=blue`),
    ]);
    ann.send({ action: 'sendmessage', room: 'red', data: 'hello' });
    eve.send({ action: 'sendmessage', room: 'blue', data: 'alone' });

    expect(await bob.next()).toEqual({ from: 'ann', data: 'hello' });
    expect(await ann.next()).toEqual({ from: 'ann', data: 'hello' });
    expect(await eve.next()).toEqual({ from: 'eve', data: 'alone' });
  });

  it('answers unknown messages by a function whose code is in the template', async () => {
    const client = await Client.open(`${url}?user=ann`);

    expect(await client.ask('{"action":"dance"}')).toEqual({
      error: 'unknown action',
      body: '{"action":"dance"}',
    });
  });

  it('refuses the users that its authorizer refuses, and clients without a user', async () => {
    expect(await refusalOf(`${url}?user=mallory`)).toBe(403);
    expect(await refusalOf(url)).toBe(401);
  });

  it('forgets a user who has left', async () => {
    const client = await Client.open(`${url}?user=zoe`);
    expect(await members()).toContain('zoe');
    await client.close();
    while (!(await app.invoked.next()).startsWith('OnDisconnect'));

    expect(await members()).not.toContain('zoe');
  });
});
