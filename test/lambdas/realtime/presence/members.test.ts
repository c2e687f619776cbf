import type { Member } from 'fanfare-protocol/actions';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MemberPage, Take } from '../../../../lambdas/realtime/presence/member-page.ts';
import { membersOf } from '../../../../lambdas/realtime/presence/members.ts';
import { NEVER_PRESENT, type Presence } from '../../../../lambdas/realtime/presence/presence-state.ts';
import { type MemoryPorts, memoryPorts, NOW, subscriptionFixture } from '../../../memory/memory-ports.ts';

const channel = 'chat:a';
const policy = { presence: { lingerSeconds: 10 } };
const END = NOW / 1000 + 3_600;

let ports: MemoryPorts;

beforeEach(() => {
  ports = memoryPorts();
});

async function store(user: string, more: Partial<Presence> = {}): Promise<void> {
  const place = { channel, user };
  const presence = {
    ...NEVER_PRESENT,
    state: 'here' as const,
    connections: new Map([['c=', END]]),
    version: NOW,
    revision: 1,
  };
  await ports.presence.write(place, { ...presence, version: more.version ?? NOW }, END);
  await ports.presence.announced(place, more.announced ?? NOW, true);
  await ports.presence.write(place, { ...presence, ...more, revision: 2 }, END);
}

const roomFor = (count: number): Take => {
  let room = count;
  return () => room-- > 0;
};
const list = (cursor = '', take: Take = () => true) => membersOf(ports, policy, channel, cursor, take);

async function listAll(pageSize: number): Promise<Member[]> {
  const found: Member[] = [];
  let next: string | undefined = '';
  while (next !== undefined) {
    const page: Awaited<ReturnType<typeof list>> = await list(next, roomFor(pageSize));
    found.push(...page.members);
    next = page.next;
  }
  return found;
}

describe('members of a channel with presence', () => {
  it('are the present and leaving users with the info of their tokens, and no gone user', async () => {
    await store('ann', { info: { name: 'Ann' } });
    await store('bob', { state: 'leaving', connections: new Map(), until: NOW + 5_000 });
    await store('cid', { state: 'gone', connections: new Map() });

    expect(await list()).toEqual({
      members: [
        { user: 'ann', info: { name: 'Ann' }, at: NOW },
        { user: 'bob', at: NOW },
      ],
    });
  });

  it('come page by page, each once, for every size of a page', async () => {
    const users = Array.from({ length: 250 }, (_, n) => `user${String(n).padStart(3, '0')}`);
    for (const user of users) await store(user);

    for (const pageSize of [1, 7, 100, 249, 250, 1_000])
      expect((await listAll(pageSize)).map(({ user }) => user)).toEqual(users);
  });

  it('keep their cursor when the page has no room for a member', async () => {
    await store('ann');

    expect(await list('', roomFor(0))).toEqual({ members: [], next: '' });
    expect(await list('aaa', roomFor(0))).toEqual({ members: [], next: 'aaa' });
  });

  it('are read in ten queries at most, and then from where they ended', async () => {
    for (let n = 0; n < 1_200; n++)
      await store(`user${String(n).padStart(4, '0')}`, n === 1_150 ? {} : { state: 'gone' });

    const first = await list();

    expect(first.members).toEqual([]);
    expect((await list(first.next)).members).toMatchObject([{ user: 'user1150' }]);
  });

  it('leave out users without a connection for a minute, and start a worker that looks at them', async () => {
    await store('ann', { connections: new Map([['c=', NOW / 1000 - 61]]) });
    await store('bob', { state: 'leaving', connections: new Map(), until: NOW - 61_000 });
    await store('cid', { state: 'gone', version: NOW - 61_000, announced: NOW - 62_000 });
    await store('dan');

    expect((await list()).members).toMatchObject([{ user: 'dan' }]);

    expect(ports.lingering).toEqual(['ann', 'bob', 'cid'].map((user) => ({ channel, user, until: 0 })));
  });

  it('are answered even when the worker cannot be started', async () => {
    await store('ann', { connections: new Map([['c=', 1]]) });
    await store('dan');
    const farewells = { start: () => Promise.reject(new Error('throttled')) };

    const { members } = await membersOf({ ...ports, farewells }, policy, channel, '', () => true);

    expect(members).toMatchObject([{ user: 'dan' }]);
    expect(ports.logged).toEqual([expect.stringContaining('throttled')]);
  });

  it('cost one query and start no worker when nothing is overdue', async () => {
    await store('ann');
    let queries = 0;
    const page: typeof ports.presence.page = (...args) => {
      queries += 1;
      return ports.presence.page(...args);
    };

    await membersOf({ ...ports, presence: { ...ports.presence, page } }, policy, channel, '', () => true);

    expect(queries).toBe(1);
    expect(ports.lingering).toEqual([]);
  });
});

describe('members of a channel without presence', () => {
  it('are the users who are subscribed, each once, page by page', async () => {
    for (const [index, user] of ['bob', 'ann', 'bob', undefined, 'cid'].entries())
      await ports.subscriptions.put(
        subscriptionFixture({
          channel,
          connectionId: `c${index}`,
          expiresAt: END,
          ...(user !== undefined && { user }),
        }),
      );
    const none = { presence: 'none' } as const;

    expect(await membersOf(ports, none, channel, '', roomFor(2))).toEqual({
      members: [{ user: 'ann' }, { user: 'bob' }],
      next: 'bob',
    });
    expect(await membersOf(ports, none, channel, 'bob', roomFor(2))).toEqual({ members: [{ user: 'cid' }] });
    expect(await membersOf(ports, none, channel, '', roomFor(0))).toEqual({ members: [], next: '' });
  });

  it('of 20,000 connections come sorted in windows of 6,000 rows, each user at least once, and each row is read once', async () => {
    await ports.shards.grow(channel, 1, 4);
    const users = Array.from({ length: 20_000 }, (_, n) => `#${(n * 7_919) % 20_000}`);
    for (const [n, user] of users.entries())
      await ports.subscriptions.put(
        subscriptionFixture({ channel, connectionId: `c${n}`, shard: n % 4, user, expiresAt: END }),
      );
    let rows = 0;
    const page: typeof ports.subscriptions.page = async (...args) => {
      const found = await ports.subscriptions.page(...args);
      rows += found.subscriptions.length;
      return found;
    };
    const counted = { ...ports, subscriptions: { ...ports.subscriptions, page } };
    const found: string[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const none = { presence: 'none' } as const;
      const read: MemberPage = await membersOf(counted, none, channel, next, () => true);
      const names = read.members.map(({ user }) => user);
      expect(names).toEqual(names.toSorted());
      found.push(...names);
      next = read.next;
    }

    expect(found.toSorted()).toEqual(users.toSorted());
    expect(rows).toBe(20_000);
  });

  it.each([1, 3, 64])('are complete on pages of %i, also if users look like cursors', async (size) => {
    const users = ['#', '#0##ann', '#1#c0#x', 'ann', 'bob', 'zoe'];
    for (const [n, user] of users.entries())
      await ports.subscriptions.put(
        subscriptionFixture({ channel, connectionId: `c${n}`, user, expiresAt: END }),
      );
    const found: string[] = [];
    let next: string | undefined = '';
    while (next !== undefined) {
      const none = { presence: 'none' } as const;
      const read: MemberPage = await membersOf(ports, none, channel, next, roomFor(size));
      found.push(...read.members.map(({ user }) => user));
      next = read.next;
    }

    expect(found).toEqual(users);
  });
});
