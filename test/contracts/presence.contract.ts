/** The contract of presence stores and of the presence fields of subscriptions. It runs in memory and on each DynamoDB API. */

import { beforeEach, describe, expect, it } from 'vitest';
import type {
  Subscription,
  SubscriptionStore,
} from '../../lambdas/realtime/connections/subscription-store.ts';
import { NEVER_PRESENT, type Presence } from '../../lambdas/realtime/presence/presence-state.ts';
import type {
  DueList,
  PresenceStore,
  ShiftStore,
  WindowStore,
} from '../../lambdas/realtime/presence/presence-store.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const EXPIRES_AT = NOW / 1000 + 3_600;

let counter = 0;

function presenceFixture(more: Partial<Presence> = {}): Presence {
  return {
    ...NEVER_PRESENT,
    state: 'here',
    connections: new Map([['a=', EXPIRES_AT]]),
    version: NOW,
    revision: 1,
    ...more,
  };
}

interface Stores {
  readonly presence: PresenceStore;
  readonly dueList: DueList;
  readonly windows: WindowStore;
  readonly shifts: ShiftStore;
  readonly subscriptions: SubscriptionStore;
}

export function presenceContract(name: string, create: () => Promise<Stores>): void {
  describe(`presence in ${name}`, () => {
    let presence: PresenceStore;
    let channel: string;

    beforeEach(async () => {
      ({ presence } = await create());
      counter += 1;
      channel = `chat:${counter}`;
    });

    const write = (user: string, more: Partial<Presence> = {}) =>
      presence.write({ channel, user }, presenceFixture(more), EXPIRES_AT);

    it('of a user who was never there does not exist', async () => {
      expect(await presence.read({ channel, user: 'ann' })).toBeUndefined();
    });

    it.each<Partial<Presence>>([
      {},
      { connections: new Map() },
      { connections: new Map([...'abc'].map((id, n) => [`${id}=`, EXPIRES_AT + n])) },
      { state: 'leaving', until: NOW + 10_000, connections: new Map() },
      { state: 'gone' },
      { info: { name: 'Ann', nested: [null, { deep: true }] } },
      { info: null },
      { info: '' },
      { state: 'arriving', until: NOW + 1_000 },
      { hasNewInfo: true, until: NOW + 1_000, info: 'new' },
      { version: 0 },
    ])('is read as it was written: %j', async (more) => {
      const place = { channel, user: 'ann' };

      expect(await write('ann', more)).toBe(true);

      expect(await presence.read(place)).toEqual(presenceFixture(more));
    });

    it('loses its info when it has none any more', async () => {
      await write('ann', { info: 'old' });
      await write('ann', { revision: 2 });

      expect(await presence.read({ channel, user: 'ann' })).toEqual(presenceFixture({ revision: 2 }));
    });

    it('is written by only one of several workers that read the same revision', async () => {
      const states = ['here', 'leaving', 'gone', 'here', 'gone'] as const;
      for (const revision of [1, 2, 3]) {
        const written = await Promise.all(states.map((state) => write('ann', { state, revision })));

        expect(written.filter(Boolean)).toHaveLength(1);
        const { state } = (await presence.read({ channel, user: 'ann' })) ?? {};
        expect(state).toBe(states[written.indexOf(true)]);
      }
    });

    it('is not written by a worker with an older or a newer revision', async () => {
      expect(await write('ann', { revision: 2 })).toBe(false);
      await write('ann');
      expect(await write('ann')).toBe(false);
      expect(await write('ann', { revision: 3 })).toBe(false);
      expect(await write('ann', { revision: 2 })).toBe(true);
    });

    it('keeps the last version that was told, which no write and no older version changes', async () => {
      const place = { channel, user: 'ann' };
      await write('ann');
      await presence.announced(place, NOW, true);
      await presence.announced(place, NOW - 1, true);
      await write('ann', { revision: 2, version: NOW + 5, announced: 0, reported: 0 });

      expect(await presence.read(place)).toMatchObject({ announced: NOW, reported: NOW, version: NOW + 5 });
    });

    it('keeps apart what was posted and what was reported, until the report follows', async () => {
      const place = { channel, user: 'ann' };
      await write('ann');
      await presence.announced(place, NOW, false);
      expect(await presence.read(place)).toMatchObject({ announced: NOW, reported: 0 });

      await presence.announced(place, NOW, true);
      await presence.announced(place, NOW, false);
      expect(await presence.read(place)).toMatchObject({ announced: NOW, reported: NOW });

      await presence.announced(place, NOW + 5, false);
      expect(await presence.read(place)).toMatchObject({ announced: NOW + 5, reported: NOW });
    });

    it('is not created when a version is marked as told', async () => {
      await presence.announced({ channel, user: 'ann' }, NOW, true);

      expect(await presence.read({ channel, user: 'ann' })).toBeUndefined();
      expect(await presence.page(channel)).toEqual({ rows: [] });
    });

    it('is listed by user in the order of bytes, for one channel', async () => {
      const users = ['zoe', 'ann', 'Ann', 'é', '\u{1F600}', '\uFFFD', 'auth0|5f7c'];
      for (const user of users) await write(user);
      await presence.write({ channel: `${channel}x`, user: 'bob' }, presenceFixture(), EXPIRES_AT);

      const { rows, next } = await presence.page(channel);

      const inOrder = users.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
      expect(rows.map(({ user }) => user)).toEqual(inOrder);
      expect(rows[0]).toEqual({ channel, user: inOrder[0], ...presenceFixture() });
      expect(next).toBeUndefined();
    });

    it('is listed from a user on, who may be absent', async () => {
      for (const user of ['ann', 'cid', 'dan']) await write(user);

      const usersAfter = async (user: string) =>
        (await presence.page(channel, user)).rows.map((row) => row.user);

      expect(await usersAfter('ann')).toEqual(['cid', 'dan']);
      expect(await usersAfter('bob')).toEqual(['cid', 'dan']);
      expect(await usersAfter('dan')).toEqual([]);
      expect(await usersAfter('')).toEqual(['ann', 'cid', 'dan']);
    });

    it('is listed without users whose leave was posted and reported', async () => {
      await write('ann', { state: 'gone' });
      await presence.announced({ channel, user: 'ann' }, NOW, true);
      await write('eve', { state: 'gone' });
      await presence.announced({ channel, user: 'eve' }, NOW, false);
      await write('bob', { state: 'gone' });
      await write('cid', { state: 'leaving', until: NOW });
      await write('dan', { state: 'gone', version: 0 });

      expect((await presence.page(channel)).rows.map(({ user }) => user)).toEqual(['bob', 'cid', 'eve']);
    });

    it('is listed page by page, each user once', async () => {
      const users = Array.from({ length: 250 }, (_, n) => `user${String(n).padStart(3, '0')}`);
      await Promise.all(users.map((user) => write(user, { info: 'x'.repeat(1_000) })));

      const found: string[] = [];
      let after: string | undefined;
      do {
        const page = await presence.page(channel, after);
        found.push(...page.rows.map(({ user }) => user));
        after = page.next;
      } while (after !== undefined);

      expect(found).toEqual(users);
    });
  });

  describe(`the due list in ${name}`, () => {
    let stores: Stores;
    let channel: string;
    /** A time that other tests do not use, because the list is of all channels. */
    let due: number;

    beforeEach(async () => {
      stores = await create();
      counter += 1;
      channel = `chat:${counter}`;
      due = NOW - 1_000_000 * counter;
    });

    const write = (user: string, more: Partial<Presence>) =>
      stores.presence.write({ channel, user }, presenceFixture(more), EXPIRES_AT);
    const usersAt = async (now: number) =>
      (await stores.dueList.due(now)).filter((one) => one.channel === channel).map(({ user }) => user);

    it('has the users with something due, in the order of time, until nothing is due any more', async () => {
      await write('ann', { state: 'leaving', until: due + 2 });
      await write('bob', { state: 'arriving', until: due + 1 });
      await write('cid', {});

      expect(await usersAt(due + 2)).toEqual(['bob', 'ann']);
      expect(await usersAt(due + 1)).toEqual(['bob']);
      expect(await stores.dueList.next()).toBe(due + 1);

      await write('bob', { revision: 2 });
      expect(await usersAt(due + 2)).toEqual(['ann']);
      await write('ann', { revision: 2 });
      expect(await usersAt(due + 2)).toEqual([]);
    });

    it('keeps a user whose change is not posted and reported yet', async () => {
      const place = { channel, user: 'ann' };
      await write('ann', { state: 'gone', until: due });
      await stores.presence.announced(place, NOW - 1, true);
      await stores.presence.announced(place, NOW, false);
      expect(await usersAt(due)).toEqual(['ann']);

      await stores.presence.announced(place, NOW, true);
      expect(await usersAt(due)).toEqual([]);
      expect(await stores.presence.read(place)).toMatchObject({ until: 0, reported: NOW });
    });

    it('keeps a user who is due again after a change that is marked once more', async () => {
      const place = { channel, user: 'ann' };
      await write('ann', {});
      await stores.presence.announced(place, NOW, true);
      await write('ann', { state: 'leaving', until: due, revision: 2 });
      await stores.presence.announced(place, NOW, true);

      expect(await usersAt(due)).toEqual(['ann']);
      await write('ann', { revision: 3 });
    });

    it('has a user of every lane', async () => {
      const users = Array.from({ length: 60 }, (_, n) => `user${n}`);
      for (const user of users) await write(user, { state: 'leaving', until: due });

      expect((await usersAt(due)).toSorted()).toEqual(users.toSorted());
      for (const user of users) await write(user, { revision: 2 });
    });
  });

  describe(`the window of a channel in ${name}`, () => {
    let windows: WindowStore;
    let channel: string;

    beforeEach(async () => {
      ({ windows } = await create());
      counter += 1;
      channel = `chat:${counter}`;
    });

    const close = (now: number, openBefore = now) => windows.close(channel, { now, openBefore });

    it('is closed by one of several functions', async () => {
      const closings = await Promise.all([close(NOW), close(NOW), close(NOW)]);

      expect(closings.filter(({ isMine }) => isMine)).toHaveLength(1);
      expect(new Set(closings.map(({ closedUntil }) => closedUntil))).toEqual(new Set([NOW + 100]));
    });

    it('is as long as it was fitted last, and opens then', async () => {
      await close(NOW);
      await windows.fit(channel, NOW, 700);

      expect(await close(NOW + 699)).toEqual({ isMine: false, closedUntil: NOW + 700 });
      expect(await close(NOW + 800, NOW + 699)).toEqual({ isMine: false, closedUntil: NOW + 700 });
      expect(await close(NOW + 800, NOW + 700)).toEqual({ isMine: true, closedUntil: NOW + 1_500 });
    });
  });

  describe(`the shift in ${name}`, () => {
    it('is of one worker, until it ends without a note that it has not seen', async () => {
      const { shifts } = await create();
      const now = NOW + counter * 1_000_000_000;
      const times = { now, until: now + 30_000 };
      const { notes } = await shifts.note();

      expect(await shifts.take('one', times)).toEqual({ worker: 'one', until: now + 30_000, notes });
      expect(await shifts.take('two', times)).toBeUndefined();
      expect(await shifts.take('one', { now: now + 1, until: now + 40_000 })).toMatchObject({ notes });
      expect(await shifts.note()).toEqual({ worker: 'one', until: now + 40_000, notes: notes + 1 });
      expect(await shifts.end('one', notes)).toBe(false);
      expect(await shifts.end('two', notes + 1)).toBe(false);
      expect(await shifts.end('one', notes + 1)).toBe(true);
      expect(await shifts.end('one', notes + 1)).toBe(false);
      expect(await shifts.take('two', times)).toMatchObject({ worker: 'two' });
      const later = { now: now + 30_000, until: now + 60_000 };
      expect(await shifts.take('one', later)).toMatchObject({ worker: 'one' });
      expect(await shifts.end('one', notes + 1)).toBe(true);
    });
  });

  describe(`the attendance in ${name}`, () => {
    let subscriptions: SubscriptionStore;
    let row: Subscription;

    beforeEach(async () => {
      ({ subscriptions } = await create());
      counter += 1;
      const connectionId = `attending${counter}=`;
      row = {
        channel: `chat:${counter}`,
        shard: 3,
        shardCount: 4,
        connectionId,
        expiresAt: EXPIRES_AT,
        user: 'ann',
      };
    });

    const attendance = () => subscriptions.attendance(row.connectionId, row);

    it('is in a row that counts', async () => {
      await subscriptions.put({ ...row, isMember: true });
      expect(await attendance()).toEqual({ expiresAt: EXPIRES_AT });

      await subscriptions.put({ ...row, isMember: true, info: { name: 'Ann' } });
      expect(await attendance()).toEqual({ expiresAt: EXPIRES_AT, info: { name: 'Ann' } });
    });

    it('is missing without a row, with a row that does not count, and in another shard', async () => {
      expect(await attendance()).toBeUndefined();
      await subscriptions.put({ ...row, seesMembers: true });
      expect(await attendance()).toBeUndefined();
      await subscriptions.put({ ...row, isMember: true, shard: 2 });
      expect(await attendance()).toBeUndefined();
      await subscriptions.put({ ...row, isMember: true });
      await subscriptions.remove(row.connectionId, [row]);
      expect(await attendance()).toBeUndefined();
    });

    it('may have its info in another row, which has none or is gone', async () => {
      const home = { ...row, channel: '@user:ann', shard: 0 };
      const info = () => subscriptions.infoOf(row.connectionId, home);
      expect(await info()).toBeUndefined();
      await subscriptions.put(home);
      expect(await info()).toEqual({});
      await subscriptions.put({ ...home, info: { name: 'Ann' } });
      expect(await info()).toEqual({ info: { name: 'Ann' } });
    });

    it('is missing in a page, which has only whether a row counts and sees members', async () => {
      const standing = { isMember: true, info: 'Ann', seesMembers: true, takesDiffs: true };
      await subscriptions.put({ ...row, ...standing });
      await subscriptions.put({ ...row, connectionId: `plain${counter}=` });

      const { info: _, ...shown } = { ...row, ...standing };
      expect((await subscriptions.page(row)).subscriptions).toEqual([
        shown,
        { ...row, connectionId: `plain${counter}=` },
      ]);
    });
  });
}
