/** What the shop's page does, printed: an order, the message that tells of it, and two refusals. */

import { connect } from 'fanfare-client/actions';
import { WebSocket } from 'ws';
import type config from './realtime/fanfare.config.ts';

const [url = '', token = ''] = process.argv.slice(2);
const connection = connect<typeof config>(url, { token, webSocket: WebSocket, idempotent: { order: true } });

const heard = new Promise((resolve) => {
  connection.channel('orders:all').subscribe(({ data }) => resolve(data), { after: 0 });
});
const sentence = (error: Error) => error.message;

const seen = {
  answer: await connection.request('order', { id: 'order-7', pieces: 2 }),
  heard: await heard,
  tooMany: await connection.request('order', { id: 'order-8', pieces: 10 }).catch(sentence),
  tooLong: await connection.channel('chat:room').publish('x'.repeat(501)).catch(sentence),
};
process.stdout.write(JSON.stringify(seen));
connection.close();
