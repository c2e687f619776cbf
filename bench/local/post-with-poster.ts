/** A function that posts to many connections as Fanfare's do. */

import { poster } from '../../lambdas/aws/poster.ts';
import { type BroadcastEvent, broadcastOf } from './broadcast-event.ts';

const credentials = {
  accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '',
  secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
};

const post = poster({
  endpoint: process.env['MANAGEMENT_ENDPOINT'] ?? '',
  signatory: async () => ({ credentials, region: process.env['AWS_REGION'] ?? '' }),
  sockets: 64,
  timeoutMs: 10_000,
});

export async function handler(event: BroadcastEvent) {
  const { connectionIds, data } = broadcastOf(event);
  await Promise.all(connectionIds.map((connectionId) => post(connectionId, data)));
  return { statusCode: 200, body: 'posted' };
}
