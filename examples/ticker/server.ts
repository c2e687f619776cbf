/** The exchange: it publishes the prices of one currency after the other, in a message for all 100 prices of a currency. */

import { setTimeout as pause } from 'node:timers/promises';
import { FanfareServer } from 'fanfare-client/server';
import type { ServerSide } from '../server-side.ts';
import { BASES, channelOf } from './bases.ts';
import { walk } from './walk.ts';

const EVERY_MS = 500;

export const serve: ServerSide = async ({ apiUrl, serverToken, signal }) => {
  const fanfare = new FanfareServer(apiUrl, { token: () => serverToken('ticker-exchange') });
  const pricesOf = walk(7);
  const publish = (base: string) =>
    fanfare.call('publish', { channels: [channelOf(base)], data: pricesOf(base) });

  async function trade(): Promise<void> {
    for (let turn = 0; !signal.aborted; turn = (turn + 1) % BASES.length) {
      await pause(EVERY_MS, undefined, { signal });
      // A price that is not published is not sent later, because the next one replaces it.
      await publish(BASES[turn] ?? '').catch(() => {});
    }
  }

  await Promise.all(BASES.map(publish));
  void trade().catch(() => {});
};
