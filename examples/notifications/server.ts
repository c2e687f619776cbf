/** The shop: it tells each user who orders something each step of the order, also after the page is closed. */

import { connect } from 'fanfare-client';
import { FanfareServer } from 'fanfare-client/server';
import { WebSocket } from 'ws';
import type { ServerSide } from '../server-side.ts';

const STEPS = ['is paid', 'is packed', 'is on its way'];

export const serve: ServerSide = async ({ webSocketUrl, apiUrl, userToken, serverToken, signal }) => {
  const fanfare = new FanfareServer(apiUrl, { token: () => serverToken('shop') });
  const shop = connect(webSocketUrl, { token: () => userToken('shop'), webSocket: WebSocket, signal });
  const orders = shop.channel('live:orders').subscribe(async ({ from, data }) => {
    // The gateway vouches for the sender, so an order is always that of its user.
    if (from === undefined) return;
    for (const step of STEPS) await fanfare.call('publish', { users: [from], data: `Your ${data} ${step}.` });
  });
  await orders.ready;
};
