/** How every implementation keeps HTTP sessions, mailboxes and leases; run on memory and on each DynamoDB API there is. */

import { FRAMES_PER_POLL } from 'fanfare-protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Directory } from '../../lambdas/operations/directory.ts';
import type { ConnectionStore } from '../../lambdas/realtime/connections/connection-store.ts';
import {
  type HttpSession,
  type HttpSessionStore,
  type LeaseStore,
  type Mailboxes,
  newConnectionId,
  type OpeningStore,
  type PlaceStore,
  sessionKeyOf,
} from '../../lambdas/realtime/connections/http-sessions.ts';
import { addressPlacement } from '../../lambdas/realtime/connections/source-address.ts';
import type {
  Subscription,
  SubscriptionStore,
} from '../../lambdas/realtime/connections/subscription-store.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const SOON = NOW / 1000 + 60;

interface Stores {
  readonly httpSessions: HttpSessionStore;
  readonly openings: OpeningStore;
  readonly places: PlaceStore;
  readonly mailboxes: Mailboxes;
  readonly leases: LeaseStore;
  readonly connections: ConnectionStore;
  readonly subscriptions: SubscriptionStore;
  readonly directory: Directory;
}

let counter = 0;

function newSession(): HttpSession {
  counter += 1;
  const sessionKey = sessionKeyOf('ann', `session${counter}`);
  return openingOf(sessionKey);
}

function openingOf(sessionKey: string): HttpSession {
  return { sessionKey, connectionId: newConnectionId(sessionKey), connectedAt: NOW, leaseUntil: SOON };
}

export function httpSessionsContract(name: string, create: () => Promise<Stores>): void {
  describe(`HTTP sessions in ${name}`, () => {
    let stores: Stores;

    beforeEach(async () => {
      stores = await create();
    });

    it('are found as they were opened, and only those', async () => {
      const session = newSession();
      expect(await stores.httpSessions.find(session.sessionKey)).toBeUndefined();

      expect(await stores.httpSessions.open(session)).toBeUndefined();

      expect(await stores.httpSessions.find(session.sessionKey)).toEqual(session);
    });

    it('return their last connection when they are opened again', async () => {
      const first = newSession();
      const second = openingOf(first.sessionKey);
      await stores.httpSessions.open(first);

      expect(await stores.httpSessions.open(second)).toBe(first.connectionId);

      expect(await stores.httpSessions.find(first.sessionKey)).toEqual(second);
    });

    it('are renewed and ended only by their own connection', async () => {
      const first = newSession();
      const second = openingOf(first.sessionKey);
      await stores.httpSessions.open(first);
      await stores.httpSessions.open(second);

      expect(await stores.httpSessions.renew(first.connectionId, SOON + 60)).toBe(false);
      await stores.httpSessions.end(first.connectionId);
      expect(await stores.httpSessions.find(first.sessionKey)).toEqual(second);

      expect(await stores.httpSessions.renew(second.connectionId, SOON + 60)).toBe(true);
      expect(await stores.httpSessions.find(first.sessionKey)).toEqual({ ...second, leaseUntil: SOON + 60 });
      await stores.httpSessions.end(second.connectionId);
      expect(await stores.httpSessions.find(first.sessionKey)).toBeUndefined();
    });

    it('keep the time at which their client was seen, as long as they are the same connection', async () => {
      const first = newSession();
      const second = openingOf(first.sessionKey);
      await stores.httpSessions.open(first);
      await stores.httpSessions.noteSeen(first.connectionId, NOW + 40_000);
      expect(await stores.httpSessions.find(first.sessionKey)).toEqual({ ...first, seenAt: NOW + 40_000 });

      await stores.httpSessions.open(second);
      await stores.httpSessions.noteSeen(first.connectionId, NOW + 80_000);
      expect(await stores.httpSessions.find(first.sessionKey)).toEqual(second);

      await stores.httpSessions.end(second.connectionId);
      await stores.httpSessions.noteSeen(second.connectionId, NOW + 80_000);
      expect(await stores.httpSessions.find(first.sessionKey)).toBeUndefined();
    });

    it('are counted under a name up to a limit, also when they come at once', async () => {
      const name = newSession().sessionKey;
      const taken = await Promise.all([1, 2, 3, 4, 5].map(() => stores.openings.take(name, 3, SOON)));

      expect(taken.filter(Boolean)).toHaveLength(3);
      expect(await stores.openings.take(newSession().sessionKey, 1, SOON)).toBe(true);
      expect(await stores.httpSessions.find(name)).toBeUndefined();
    });

    it('take places that have one holder each, until they are freed or their time is over', async () => {
      const { places } = stores;
      const place = Number.parseInt(newSession().sessionKey.replace(/\D/g, '').slice(0, 9) || '0', 10);
      const span = { now: NOW, until: NOW + 1_000 };
      const taken = await Promise.all(['a', 'b', 'c'].map((holder) => places.take(place, holder, span)));
      expect(taken.filter(Boolean)).toHaveLength(1);

      await places.free(place, 'another');
      expect(await places.take(place, 'd', span)).toBe(false);
      expect(await places.take(place, 'd', { now: NOW + 1_000, until: NOW + 2_000 })).toBe(true);
      await places.free(place, 'd');
      expect(await places.take(place, 'e', span)).toBe(true);
      await places.free(place, 'e');
    });

    it('are not brought back by a renewal', async () => {
      const { connectionId, sessionKey } = newSession();

      expect(await stores.httpSessions.renew(connectionId, SOON)).toBe(false);

      expect(await stores.httpSessions.find(sessionKey)).toBeUndefined();
    });
  });

  describe(`mailboxes in ${name}`, () => {
    let mailboxes: Mailboxes;
    let connectionId: string;

    beforeEach(async () => {
      ({ mailboxes } = await create());
      ({ connectionId } = newSession());
    });

    const putAll = async (frames: readonly string[]) => {
      for (const frame of frames) await mailboxes.put(connectionId, Buffer.from(frame));
    };
    const contents = async () => (await mailboxes.read(connectionId)).map(({ content }) => content);

    it('hold all texts that were put, in order', async () => {
      const frames = ['1', '"é \u{1F600}"', 'x'.repeat(100_000), '4'];
      await putAll(frames);
      await mailboxes.putClosed(connectionId);

      expect(await contents()).toEqual([...frames.map((frame) => ({ frame })), 'closed']);
    });

    it('belong to one connection each', async () => {
      await putAll(['1']);

      expect(await mailboxes.read(newSession().connectionId)).toEqual([]);
    });

    it('return the oldest first, at most the frames of one poll, and the rest when those are removed', async () => {
      const frames = Array.from({ length: FRAMES_PER_POLL + 30 }, (_, index) => String(index));
      await putAll(frames);

      const first = await mailboxes.read(connectionId);
      expect(first.map(({ content }) => content)).toEqual(
        frames.slice(0, FRAMES_PER_POLL).map((frame) => ({ frame })),
      );
      await mailboxes.remove(
        connectionId,
        first.map(({ entryId }) => entryId),
      );

      expect(await contents()).toEqual(frames.slice(FRAMES_PER_POLL).map((frame) => ({ frame })));
    });

    it('remove only named frames, and accept unknown names', async () => {
      await putAll(['1', '2', '3']);
      const [, second] = await mailboxes.read(connectionId);

      await mailboxes.remove(connectionId, [second?.entryId ?? '', 'unknown']);
      await mailboxes.remove(connectionId, []);

      expect(await contents()).toEqual([{ frame: '1' }, { frame: '3' }]);
    });
  });

  describe(`leases in ${name}`, () => {
    let stores: Stores;
    let connectionId: string;
    let channel: string;

    beforeEach(async () => {
      stores = await create();
      ({ connectionId } = newSession());
      channel = `open:lease${counter}`;
    });

    const placement = () => ({ channel, shard: 0 });
    const endOfRow = async () => (await stores.subscriptions.page(placement())).subscriptions[0]?.expiresAt;

    async function open(): Promise<void> {
      const row = { channel, shard: 0, shardCount: 1, connectionId, expiresAt: SOON };
      await stores.connections.open({ connectionId, expiresAt: SOON }, [row]);
    }

    it('move the end of a connection, return its channels, and move the end of those subscriptions', async () => {
      await open();

      expect(await stores.leases.renewConnection(connectionId, SOON + 60)).toEqual([placement()]);
      expect(await endOfRow()).toBe(SOON);
      await stores.leases.renewSubscription(connectionId, placement(), { expiresAt: SOON + 60 });

      expect(await endOfRow()).toBe(SOON + 60);
    });

    const GRANT = { isMember: true, seesMembers: true, info: { name: 'Ann' }, grantUntil: SOON + 600 };

    async function subscribe(more: Partial<Subscription> = {}): Promise<void> {
      await stores.subscriptions.put({
        ...placement(),
        shardCount: 1,
        connectionId,
        expiresAt: SOON,
        ...more,
      });
    }

    it('give a subscription the rights of the renewal, and remove all others', async () => {
      await subscribe(GRANT);
      expect(await stores.leases.grantOf(connectionId, placement())).toEqual({
        grantUntil: SOON + 600,
        seesMembers: true,
      });
      const renewal = { expiresAt: SOON + 60, isMember: true, info: 'Ann again', grantUntil: SOON + 300 };
      await stores.leases.renewSubscription(connectionId, placement(), renewal);

      expect(await stores.leases.grantOf(connectionId, placement())).toEqual({ grantUntil: SOON + 300 });
      expect(await stores.subscriptions.attendance(connectionId, placement())).toEqual({
        expiresAt: SOON + 60,
        info: 'Ann again',
      });
      await stores.leases.renewSubscription(connectionId, placement(), { expiresAt: SOON + 90 });

      expect(await stores.leases.grantOf(connectionId, placement())).toEqual({});
      expect(await stores.subscriptions.attendance(connectionId, placement())).toBeUndefined();
      expect(await endOfRow()).toBe(SOON + 90);
    });

    it.each([
      ['goes on to the lease, where its grant lasts longer', SOON + 600, SOON + 60, SOON + 60],
      ['ends with its grant, where that ends before', SOON + 30, SOON + 60, SOON + 30],
      ['is not moved once its grant is over', SOON - 30, SOON + 60, SOON - 30],
    ])('retain a subscription: it %s', async (_what, grantUntil, lease, end) => {
      await subscribe({ ...GRANT, grantUntil, expiresAt: Math.min(SOON, grantUntil) });
      await stores.leases.retainSubscription(connectionId, placement(), lease);

      expect(await endOfRow()).toBe(end);
      expect(await stores.leases.grantOf(connectionId, placement())).toEqual({
        grantUntil,
        seesMembers: true,
      });
    });

    it('do not retain a subscription without a grant, nor one that was left', async () => {
      await subscribe();
      await stores.leases.retainSubscription(connectionId, placement(), SOON + 60);
      expect(await endOfRow()).toBe(SOON);

      await stores.subscriptions.remove(connectionId, [placement()]);
      await stores.leases.retainSubscription(connectionId, placement(), SOON + 60);
      expect(await endOfRow()).toBeUndefined();
      expect(await stores.leases.grantOf(connectionId, placement())).toBeUndefined();
    });

    it('find the address row of an anonymous session beside its channels until it is removed', async () => {
      const place = addressPlacement(`address${counter}`);
      const rows = [placement(), place].map((each) => ({
        ...each,
        shardCount: 1,
        connectionId,
        expiresAt: SOON,
      }));
      const connection = { connectionId, expiresAt: SOON, address: `address${counter}` };
      await stores.connections.open(connection, rows);

      expect(await stores.leases.renewConnection(connectionId, SOON + 60)).toEqual([placement(), place]);
      expect((await stores.directory.connection(connectionId))?.channels).toEqual([channel]);
      expect((await stores.subscriptions.page(place)).subscriptions).toHaveLength(1);
      expect(await stores.connections.remove(connectionId)).toEqual([placement(), place]);
    });

    it('do not bring back a removed connection', async () => {
      await open();
      await stores.connections.remove(connectionId);
      await stores.subscriptions.remove(connectionId, [placement()]);

      expect(await stores.leases.renewConnection(connectionId, SOON + 60)).toBeUndefined();
      await stores.leases.renewSubscription(connectionId, placement(), { expiresAt: SOON + 60 });

      expect(await stores.connections.remove(connectionId)).toEqual([]);
      expect(await endOfRow()).toBeUndefined();
    });
  });
}
