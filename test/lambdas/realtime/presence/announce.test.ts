/**
 * Announcements while an observer subscribes between a join and a leave: each worker reads the audience of the version that it
 * announces.
 */

import { beforeEach, describe, expect, it } from 'vitest';
import type { Subscription } from '../../../../lambdas/realtime/connections/subscription-store.ts';
import { type MemoryPorts, memoryPorts, NOW, subscriptionFixture } from '../../../memory/memory-ports.ts';
import { VirtualTime } from '../virtual-time.ts';
import { attendOne } from './attend-one.ts';

const channel = 'chat:a';
const ann = { channel, user: 'ann' };

let time: VirtualTime;
let ports: MemoryPorts;

const row = (connectionId: string, more: Partial<Subscription>) =>
  subscriptionFixture({ channel, connectionId, expiresAt: NOW / 1000 + 3_600, ...more });
const tab = row('tab', { user: 'ann', isMember: true });
const observer = (name: string) => row(name, { seesMembers: true });

/** A worker of the stream looks at the tab. No user lingers. */
const attendTab = (its: MemoryPorts) =>
  attendOne(its, { ...ann, connections: new Map([[tab.connectionId, tab]]) }, 0);

const withAudience = (page: MemoryPorts['subscriptions']['page']): MemoryPorts => ({
  ...ports,
  subscriptions: {
    ...ports.subscriptions,
    // The connections of a user are read by pages, too.
    page: (...args) => (args[0].channel === channel ? page(...args) : ports.subscriptions.page(...args)),
  },
});

/** A worker stores a change and dies before it reads the audience. */
const attendAndDie = () =>
  expect(attendTab(withAudience(() => Promise.reject(new Error('died'))))).rejects.toThrow('died');

/** A slow worker: other steps run between its first read of the audience and its next step. */
function attendSlowly(happens: () => Promise<void>): Promise<unknown> {
  let meanwhile: (() => Promise<void>) | undefined = happens;
  const page: MemoryPorts['subscriptions']['page'] = async (...args) => {
    const audience = await ports.subscriptions.page(...args);
    const others = meanwhile;
    meanwhile = undefined;
    await others?.();
    return audience;
  };
  return time.until(attendTab(withAudience(page)));
}

const heardBy = (connectionId: string) =>
  ports.posts.filter((post) => post.connectionId === connectionId).map(({ frame }) => frame);

beforeEach(async () => {
  time = new VirtualTime();
  // Each change is told at once.
  const windows = { close: async () => ({ isMine: true, closedUntil: 0 }), fit: async () => {} };
  ports = { ...memoryPorts(), windows, now: time.now, pause: time.pause };
  await ports.subscriptions.put(observer('early'));
  await ports.subscriptions.put(tab);
});

describe('an observer who subscribes after a join was told and before the leave is stored', () => {
  /** Another worker announces the join. The observer subscribes and reads it. The worker that stores the leave dies. */
  async function lateSubscribesAndAnnLeaves(): Promise<void> {
    await attendTab(ports);
    await ports.subscriptions.put(observer('late'));
    const { rows } = await ports.presence.page(channel);
    expect(rows).toMatchObject([{ user: 'ann', state: 'here' }]);
    await ports.subscriptions.remove(tab.connectionId, [tab]);
    await attendAndDie();
  }

  it('gets the leave, although the worker that sends it read an older audience for the join', async () => {
    await attendAndDie();

    await attendSlowly(lateSubscribesAndAnnLeaves);

    expect(heardBy('late')).toMatchObject([{ event: 'left', member: { user: 'ann' } }]);
    expect(heardBy('early')).toMatchObject([{ event: 'joined' }, { event: 'left' }]);
  });

  it('gets the leave when its record is repeated, although a worker with an older audience found it', async () => {
    await attendSlowly(lateSubscribesAndAnnLeaves);
    expect(await ports.presence.read(ann)).toMatchObject({ state: 'gone', announced: NOW });

    await time.until(attendTab(ports));

    expect(heardBy('late')).toMatchObject([{ event: 'left', member: { user: 'ann' } }]);
    expect(heardBy('early')).toMatchObject([{ event: 'joined' }, { event: 'left' }]);
  });
});

describe('a change that another worker has told', () => {
  it('is not sent again', async () => {
    await attendAndDie();

    await attendSlowly(async () => {
      await attendTab(ports);
    });

    expect(heardBy('early')).toMatchObject([{ event: 'joined' }]);
  });
});
