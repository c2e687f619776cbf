import { describe, expect, it, onTestFinished } from 'vitest';
import { poster } from '../../../lambdas/aws/poster.ts';
import { LOCAL_CREDENTIALS, REGION } from '../../../packages/local/src/template/account.ts';
import { Client } from '../client.ts';
import { serveRoutes } from '../serve-routes.ts';

const CONNECTIONS = 1_000;

describe('a gateway', () => {
  it('holds a thousand connections, and reaches each of them', async () => {
    const source =
      'export const handler = async ({ requestContext }) => ({ body: requestContext.connectionId, statusCode: 200 });';
    const { url, http } = await serveRoutes({ $default: { source, replies: true } });
    const clients: Client[] = [];
    onTestFinished(() => {
      for (const client of clients) client.kill();
    });
    for (let opened = 0; opened < CONNECTIONS; opened += 50)
      clients.push(...(await Promise.all(Array.from({ length: 50 }, () => Client.open(url)))));
    for (const client of clients) client.send('who');
    const connectionIds = await Promise.all(clients.map((client) => client.nextText()));

    const signatory = async () => ({ credentials: LOCAL_CREDENTIALS, region: REGION });
    const post = poster({ endpoint: http, signatory, sockets: 32, timeoutMs: 60_000 });
    const outcomes = await Promise.all(connectionIds.map((id) => post(id, Buffer.from(id))));

    expect(new Set(connectionIds).size).toBe(CONNECTIONS);
    expect(new Set(outcomes)).toEqual(new Set(['sent']));
    expect(await Promise.all(clients.map((client) => client.nextText()))).toEqual(connectionIds);
  });
});
