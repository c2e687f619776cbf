/** An hour of the dashboard, for its cost. */

import { historyOf } from 'fanfare-client/history';
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
      const { messages } = await historyOf(page.channel(CHANNEL), { limit: 60 });
      await page.channel(CHANNEL).subscribe(() => {}, { after: messages.at(-1)?.seq ?? 0 }).ready;
    }
    const start = Date.now();
    for (let count = 0; count < MEASUREMENTS; count += 1) {
      const at = start + count * 5_000;
      await server.call('publish', { channels: [CHANNEL], data: measure(at), key: `${at}` });
    }
  },
};
