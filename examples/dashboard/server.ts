/** The source: it measures the shop on a schedule, and publishes what it finds. On AWS, a schedule of EventBridge does both. */

import { setInterval } from 'node:timers/promises';
import { FanfareServer } from 'fanfare-client/server';
import type { ServerSide } from '../server-side.ts';
import { type Measurement, measure } from './measurement.ts';

const EVERY_MS = 1_000;
/** What a source that had run before would have published, so that the first page that opens shows a chart. */
const BEFORE = 50;

export const serve: ServerSide = async ({ apiUrl, serverToken, signal }) => {
  const fanfare = new FanfareServer(apiUrl, { token: () => serverToken('shop') });
  // The time is the key, so a measurement that is sent twice lands once.
  const publish = (found: readonly Measurement[]) =>
    fanfare.call('publish', {
      channels: ['public:dashboard'],
      messages: found.map((data) => ({ data, key: `${data.at}` })),
    });

  const now = Date.now();
  await publish(Array.from({ length: BEFORE }, (_, index) => measure(now - (BEFORE - index) * EVERY_MS)));
  const report = (error: unknown) =>
    signal.aborted || process.stderr.write(`The dashboard's source: ${error}\n`);
  const run = async () => {
    for await (const _ of setInterval(EVERY_MS, undefined, { signal }))
      await publish([measure(Date.now())]).catch(report);
  };
  run().catch(report);
};
