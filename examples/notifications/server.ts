/** The shop: it tells each user who orders something each step of the order, also after the page is closed. */

import { randomUUID } from 'node:crypto';
import { connect } from 'fanfare-client';
import { FanfareServer } from 'fanfare-client/server';
import { WebSocket } from 'ws';
import type { ServerSide } from '../server-side.ts';
import { postWebhook } from '../webhooks/webhook.ts';
import { startWarehouse } from './warehouse.ts';

export const serve: ServerSide = async ({ webSocketUrl, apiUrl, userToken, serverToken, signal }) => {
  const fanfare = new FanfareServer(apiUrl, { token: () => serverToken('shop') });
  const notify = (user: string, data: string) => fanfare.call('publish', { users: [user], data });
  const warehouse = await startWarehouse((user, what) => notify(user, `Your ${what} is packed.`), signal);

  const shop = connect(webSocketUrl, { token: () => userToken('shop'), webSocket: WebSocket, signal });
  const orders = shop.channel('live:orders').subscribe(async ({ from, data, time }) => {
    // The gateway vouches for the sender, so an order is always that of its user.
    if (from === undefined) return;
    await notify(from, `Your ${data} is paid.`);
    const detail = { id: randomUUID(), time, user: from, what: String(data) };
    await postWebhook(warehouse, { 'detail-type': 'order paid', detail }, Date.now());
    await notify(from, `Your ${data} is on its way.`);
  });
  await orders.ready;
};
