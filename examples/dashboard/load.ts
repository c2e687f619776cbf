/** An hour of the dashboard, for its cost. */

import type { Load } from '../load.ts';
import { measure } from './measurement.ts';

const PAGES = 20;
const MEASUREMENTS = 720;
const CHANNEL = 'public:dashboard';

export const load: Load = {
  what: '20 open pages and a source that publishes every five seconds',
  async hour({ connect, server }) {
    for (let count = 0; count < PAGES; count += 1) {
      const page = await connect(`person-${count}`);
      await page.channel(CHANNEL).subscribe(() => {}, { last: 60 }).ready;
    }
    const start = Date.now();
    for (let count = 0; count < MEASUREMENTS; count += 1) {
      const at = start + count * 5_000;
      await server.call('publish', { channels: [CHANNEL], data: measure(at), key: `${at}` });
    }
  },
};
