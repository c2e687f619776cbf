/** An hour with half an hour of the map, for its cost. */

import type { Load } from '../load.ts';
import { Fleet } from './fleet.ts';
import { WHOLE_EVERY } from './positions.ts';

const PAGES = 20;
const SECONDS = 1_800;
const CHANNEL = 'public:map';

export const load: Load = {
  what: '20 pages that show 200 vehicles, which drive for half an hour',
  async hour({ connect, server }) {
    const fleet = new Fleet();
    const publish = (data: unknown) => server.call('publish', { channels: [CHANNEL], data });
    await publish(fleet.all);
    for (let count = 0; count < PAGES; count += 1) {
      const page = await connect(`person-${count}`);
      await page.channel(CHANNEL).subscribe(() => {}, { last: WHOLE_EVERY }).ready;
    }
    for (let count = 1; count <= SECONDS; count += 1) {
      const moved = fleet.drive();
      await publish(count % WHOLE_EVERY === 0 ? fleet.all : moved);
    }
  },
};
