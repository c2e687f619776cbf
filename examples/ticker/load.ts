/** An hour of the ticker, for its cost. */

import type { Connection } from 'fanfare-client';
import type { Load } from '../load.ts';
import { BASES, channelOf } from './bases.ts';
import { walk } from './walk.ts';

const PEOPLE = 10;
const CHANGES_OF_EACH = 360;

export const load: Load = {
  what: '10 people who watch 500 symbols, each of which changes every ten seconds',
  async hour({ connect, server }) {
    for (let count = 0; count < PEOPLE; count += 1) await enter(await connect(`person-${count}`));
    const pricesOf = walk(7);
    const publish = (base: string) =>
      server.call('publish', { channels: [channelOf(base)], data: pricesOf(base) });
    for (let change = 0; change < CHANGES_OF_EACH; change += 1) await Promise.all(BASES.map(publish));
  },
};

/** As the page does it. */
async function enter(person: Connection): Promise<void> {
  await Promise.all(
    BASES.map((base) => person.channel(channelOf(base)).subscribe(() => {}, { last: 1 }).ready),
  );
}
