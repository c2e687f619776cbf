/** The fleet's radio: once a second one message with the vehicles that have moved, and in each tenth message all of them. */

import { setInterval } from 'node:timers/promises';
import { FanfareServer } from 'fanfare-client/server';
import type { ServerSide } from '../server-side.ts';
import { Fleet } from './fleet.ts';
import { type Positions, WHOLE_EVERY } from './positions.ts';

export const serve: ServerSide = async ({ apiUrl, serverToken, signal }) => {
  const fanfare = new FanfareServer(apiUrl, { token: () => serverToken('fleet') });
  const publish = (data: Positions) => fanfare.call('publish', { channels: ['public:map'], data });

  const fleet = new Fleet();
  await publish(fleet.all);
  const report = (error: unknown) =>
    signal.aborted || process.stderr.write(`The fleet of the map: ${error}\n`);
  const drive = async () => {
    let count = 0;
    for await (const _ of setInterval(1_000, undefined, { signal })) {
      const moved = fleet.drive();
      count += 1;
      await publish(count % WHOLE_EVERY === 0 ? fleet.all : moved).catch(report);
    }
  };
  drive().catch(report);
};
