/** A user has at most 100 connections, so a leaked token serves at most 100 clients. */

import { CONNECTIONS_PER_USER } from 'fanfare-protocol/limits';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionsOf } from '../../../lambdas/realtime/connections/revocation.ts';
import { type DynamoStores, storesOn } from '../../contracts/dynamo-stores.ts';
import { Client } from '../../local/client.ts';
import type { Runtime } from '../../runtime.ts';
import { sharedRuntime } from '../../shared-runtime.ts';
import type { Mint } from '../../tokens.ts';
import { knock } from './knock.ts';
import { storeConnections } from './stored-connections.ts';

const WITH_SOCKETS = 8;

describe('one user', () => {
  let runtime: Runtime;
  let mint: Mint;
  let stores: DynamoStores;

  beforeAll(async () => {
    ({ runtime, mint } = await sharedRuntime());
    stores = await storesOn(runtime.urls.dynamodb);
  });

  afterAll(() => stores.client.destroy());

  it(`has at most ${CONNECTIONS_PER_USER} connections: one more is refused with 429 until another is closed`, async () => {
    const { websocket } = runtime.urls;
    const [crowded, neighbour] = [
      [SUBPROTOCOL, await mint('crowded')],
      [SUBPROTOCOL, await mint('uncrowded')],
    ];
    const inAnHour = Math.floor(Date.now() / 1000) + 3_600;
    await storeConnections(stores, 'crowded', CONNECTIONS_PER_USER - WITH_SOCKETS, inAnHour);
    const open = Array.from({ length: WITH_SOCKETS }, () => Client.open(websocket, crowded));
    const [first, ...others] = await Promise.all(open);

    expect(await knock(websocket, crowded)).toBe(429);

    const still = await first?.ask({ action: 'subscribe', channel: '@user:crowded' });
    expect(still).toMatchObject({ event: 'subscribed' });
    const another = await knock(websocket, neighbour);
    expect(another).toBeInstanceOf(Client);

    await first?.close();
    while ((await connectionsOf(stores, 'crowded')).length >= CONNECTIONS_PER_USER);
    const next = await knock(websocket, crowded);
    expect(next).toBeInstanceOf(Client);
    for (const client of [...others, another, next]) if (client instanceof Client) client.kill();
  });
});
