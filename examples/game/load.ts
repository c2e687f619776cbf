/** An hour with a minute of the game, for its cost. A whole hour of play is 60 times that. */

import { setTimeout } from 'node:timers/promises';
import type { Connection } from 'fanfare-client';
import { valuesOf } from 'fanfare-client/values';
import type { Load } from '../load.ts';

const UPDATES = 60 * 20;
/** Each player catches a star in 4 seconds. Updates. */
const CATCH_EVERY = 4 * 20;

export const load: Load = {
  what: 'two players who play for one minute, at 20 updates a second each',
  async hour({ connect }) {
    const players = [await connect('ann'), await connect('ben')];
    for (const player of players) await player.channel('live:game').subscribe(() => {}).ready;
    await Promise.all(players.map(play));
  },
};

async function play(player: Connection): Promise<void> {
  const stars = valuesOf(player.channel<number>('open:game'));
  await stars.watch().ready;
  // As fast as in the game, because the charges of the rate limit depend on it.
  for (let count = 0; count < UPDATES; count += 1) {
    const update = { x: 12.345678901234567, y: count, rate: 20 };
    if (count % CATCH_EVERY === 0) await stars.update('stars', (caught = 0) => caught + 1);
    await Promise.all([player.channel('live:game').publish(update), setTimeout(50)]);
  }
}
