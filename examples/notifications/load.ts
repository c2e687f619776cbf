/** An hour of notifications, for its cost. */

import type { Connection } from 'fanfare-client';
import { historyOf } from 'fanfare-client/history';
import { mark } from 'fanfare-client/inbox';
import type { Load } from '../load.ts';

const PEOPLE = 20;
const NOTIFICATIONS_OF_EACH = 10;

export const load: Load = {
  what: '20 people with two devices each, each of whom gets 10 notifications and reads them in two goes',
  async hour({ connect, server }) {
    for (let count = 0; count < PEOPLE; count += 1) {
      const user = `person-${count}`;
      const devices = [await connect(user), await connect(user)];
      for (const device of devices) await enter(device, user);
      let position = 0;
      for (let sent = 1; sent <= NOTIFICATIONS_OF_EACH; sent += 1) {
        const data = `Your order ${sent} is on its way.`;
        const { results } = await server.call('publish', { users: [user], data });
        position = results[0]?.seq ?? position;
        if (sent % (NOTIFICATIONS_OF_EACH / 2) === 0) await read(devices[0], user, position);
      }
    }
  },
};

/** As the page does it: the newest notifications, the position, and what other devices have read. */
async function enter(device: Connection, user: string): Promise<void> {
  const inbox = device.channel(`@user:${user}`);
  await inbox.subscribe(() => {}).ready;
  await historyOf(inbox, { limit: 50 });
  await mark(inbox, 0);
  await device.channel(`live:read-${user}`).subscribe(() => {}).ready;
}

async function read(device: Connection | undefined, user: string, position: number): Promise<void> {
  if (!device) return;
  await mark(device.channel(`@user:${user}`), position);
  await device.channel(`live:read-${user}`).publish(position);
}
