import {
  CHANNELS_PER_CONNECTION,
  CONNECTION_LIFETIME_MS,
  INTEGRATION_TIMEOUT_MS,
} from 'fanfare-protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import config from '../../../../fanfare.config.ts';
import type { AccessRule, NamespacePolicy } from '../../../../lambdas/realtime/access/namespaces.ts';
import type { Session } from '../../../../lambdas/realtime/access/session.ts';
import { homeOf } from '../../../../lambdas/realtime/connections/home.ts';
import {
  forget,
  join,
  leave,
  open,
  type Standing,
  standingOf,
} from '../../../../lambdas/realtime/connections/membership.ts';
import { addressOf, addressPlacement } from '../../../../lambdas/realtime/connections/source-address.ts';
import { subscribersOf as subscribersIn } from '../../../../lambdas/realtime/delivery/audience.ts';
import { collect, type MemoryPorts, memoryPorts } from '../../../memory/memory-ports.ts';
import { sessionFixture } from '../../sessions.ts';

const session = sessionFixture();
const policies = config({ local: true });

describe('the standing of a subscription', () => {
  const presence = { lingerSeconds: 1 };
  const ann = { user: 'ann', info: { name: 'Ann' } };

  it.each<[string, Partial<NamespacePolicy>, Partial<Session>, Standing]>([
    ['counts, and sees others', { members: 'signed-in' }, ann, { isMember: true, seesMembers: true }],
    ['counts, and sees no members', { members: 'granted' }, ann, { isMember: true }],
    [
      'counts by a token that names nothing',
      { members: 'signed-in' },
      { user: 'ann', grants: {} },
      { isMember: true },
    ],
    [
      'counts by a token that names the channel',
      { members: 'granted' },
      { user: 'ann', grants: { 'chat:a': ['members'] } },
      { isMember: true, seesMembers: true },
    ],
    ['without a user sees others where anyone may', { members: 'anyone' }, {}, { seesMembers: true }],
    ['without a user sees no members', { members: 'signed-in' }, { info: 'ignored' }, {}],
    ['is nothing without presence', { members: 'anyone', presence: 'none' }, ann, {}],
  ])('%s', (_what, policy, claims, standing) => {
    const asked = { presence, members: 'servers', ...policy } as const;

    expect(standingOf(policies, asked, sessionFixture(claims), 'chat:a')).toEqual(standing);
  });
});

describe('the info of a connection', () => {
  const ann = sessionFixture({ user: 'ann', info: { name: 'Ann' } });
  const home = homeOf('ann');

  it.each<[string, (ports: MemoryPorts) => Promise<void>]>([
    ['is stored in the home row', (ports) => open(ports, policies, ann)],
    [
      'stays there when a client subscribes to the channel of its user',
      async (ports) => {
        await open(ports, policies, ann);
        const standing = standingOf(policies, policies.builtIn['@user'], ann, home.channel);
        await join(ports, ann, home.channel, standing);
      },
    ],
  ])('%s', async (_what, act) => {
    const ports = memoryPorts();
    await act(ports);

    expect(await ports.subscriptions.infoOf(ann.connectionId, home)).toEqual({ info: ann.info });
  });

  it('is gone with the connection', async () => {
    const ports = memoryPorts();
    await open(ports, policies, ann);
    await forget(ports, ann.connectionId);

    expect(await ports.subscriptions.infoOf(ann.connectionId, home)).toBeUndefined();
  });

  it('is not stored in a stage without presence', async () => {
    const ports = memoryPorts();
    await open(ports, { ...policies, namespaces: {} }, ann);

    expect(await ports.subscriptions.infoOf(ann.connectionId, home)).toEqual({});
  });
});

describe('membership', () => {
  let ports: MemoryPorts;

  beforeEach(() => {
    ports = memoryPorts();
  });

  const subscribersOf = (channel: string) => collect(subscribersIn(ports, channel));

  it('puts a new connection into @all', async () => {
    await open(ports, policies, session);

    expect(await subscribersOf('@all')).toMatchObject([{ connectionId: session.connectionId }]);
  });

  it('counts a visitor under the address, in a place of one shard', async () => {
    const address = addressOf('192.0.2.1');
    await open(ports, policies, sessionFixture({ address }));

    expect((await ports.subscriptions.page(addressPlacement(address))).subscriptions).toMatchObject([
      { connectionId: session.connectionId, shardCount: 1 },
    ]);
  });

  it('puts a signed-in connection into its user channel too', async () => {
    await open(ports, policies, sessionFixture({ user: 'ann' }));

    expect(await subscribersOf('@user:ann')).toMatchObject([
      { connectionId: session.connectionId, user: 'ann' },
    ]);
  });

  it.each<[string, Session['grants'], boolean]>([
    ['hears it without the claim', undefined, true],
    ['is deaf there by a token that names nothing', {}, false],
    ['is deaf there by one that names something else', { 'chat:*': ['subscribe', 'members'] }, false],
    ['is deaf there by one that names it for something else', { '@user:ann': ['publish'] }, false],
    ['hears it by one that names it', { '@user:ann': ['subscribe'] }, true],
    ['hears it by one that names everything', { '*': ['subscribe'] }, true],
  ])('has a row in its user channel in any case, and %s', async (_what, grants, hears) => {
    await open(ports, policies, sessionFixture({ user: 'ann', ...(grants && { grants }) }));

    const [row, ...others] = await subscribersOf('@user:ann');
    expect([row?.isDeaf ?? false, others]).toEqual([!hears, []]);
  });

  it.each<[AccessRule, Pick<Session, 'user' | 'grants'>, boolean]>([
    ['anyone', { user: undefined }, true],
    ['signed-in', { user: undefined }, false],
    ['signed-in', { user: 'ann' }, true],
    ['signed-in', { user: 'ann', grants: {} }, false],
    ['granted', { user: 'ann' }, false],
    ['granted', { user: 'ann', grants: { '@user:*': ['subscribe'] } }, false],
    ['granted', { user: 'ann', grants: { '*': ['publish'] } }, false],
    ['granted', { user: 'ann', grants: { '*': ['subscribe'] } }, true],
    ['servers', { user: 'ann', grants: { '*': ['subscribe'] } }, false],
  ])('of @all needs the policy of @all to allow it: %s, %j, %s', async (audience, claims, isIn) => {
    const builtIn = { ...policies.builtIn, '@all': { ...policies.builtIn['@all'], subscribe: audience } };

    await open(ports, { ...policies, builtIn }, sessionFixture(claims));

    expect(await subscribersOf('@all')).toHaveLength(isIn ? 1 : 0);
    expect(await subscribersOf('@user:ann')).toHaveLength(claims.user === undefined ? 0 : 1);
    const placements = await ports.connections.remove(session.connectionId);
    expect(placements.some(({ channel }) => channel === '@all')).toBe(isIn);
  });

  it.each([
    ['the token', 60, 60],
    ['the connection', 7 * 24 * 60 * 60, CONNECTION_LIFETIME_MS / 1000 + 600],
  ])('ends every row with %s if that ends first', async (_what, tokenSeconds, rowSeconds) => {
    const begin = session.connectedAt / 1000;
    const ann = sessionFixture({ user: 'ann', expiresAt: begin + tokenSeconds });

    await open(ports, policies, ann);
    await join(ports, ann, 'open:a');

    const rows = await Promise.all(['@all', '@user:ann', 'open:a'].map(subscribersOf));
    expect(rows.flat().map(({ expiresAt }) => expiresAt)).toEqual(Array(3).fill(begin + rowSeconds));
  });

  it('keeps the connection itself for the longest lifetime, for every end of its token', async () => {
    const opened: unknown[] = [];
    const openOne: typeof ports.connections.open = async (connection) => {
      opened.push(connection);
    };
    const ann = sessionFixture({ user: 'ann', expiresAt: 1 });

    await open({ ...ports, connections: { ...ports.connections, open: openOne } }, policies, ann);

    const expiresAt = (session.connectedAt + CONNECTION_LIFETIME_MS) / 1000 + 600;
    expect(opened).toMatchObject([{ connectionId: session.connectionId, user: 'ann', expiresAt }]);
  });

  it('keeps the row by which a user is counted for as long as the socket may be open, and no other row', async () => {
    const expiresAt = session.connectedAt / 1000 + 60;
    await open(ports, policies, sessionFixture({ user: 'ann', expiresAt }));

    const end = (session.connectedAt + CONNECTION_LIFETIME_MS) / 1000 + 600;
    expect(await subscribersOf('@user:ann')).toMatchObject([{ expiresAt, keptUntil: end }]);
    expect((await subscribersOf('@all'))[0]).not.toHaveProperty('keptUntil');
  });

  it('keeps that row as long when its user subscribes to the inbox once more', async () => {
    const ann = sessionFixture({ user: 'ann', expiresAt: session.connectedAt / 1000 + 60 });
    await open(ports, policies, ann);
    const before = await subscribersOf('@user:ann');

    await join(ports, ann, '@user:ann');

    expect((await subscribersOf('@user:ann')).map(({ keptUntil }) => keptUntil)).toEqual(
      before.map(({ keptUntil }) => keptUntil),
    );
    expect(before[0]?.keptUntil).toBeGreaterThan(ann.expiresAt ?? Number.POSITIVE_INFINITY);
  });

  const begin = session.connectedAt / 1000;
  const lifetime = CONNECTION_LIFETIME_MS / 1000;
  it.each<[string, Partial<Session>, number | undefined]>([
    ['at the end of its token', { user: 'ann', expiresAt: begin + 60 }, begin + 60],
    ['just before the platform', { user: 'ann', expiresAt: begin + lifetime - 1 }, begin + lifetime - 1],
    ['never, if the platform closes it', { user: 'ann', expiresAt: begin + lifetime }, undefined],
    ['never, without a token', {}, undefined],
    ['never, over HTTP', { user: 'ann', expiresAt: begin + 60, leaseUntil: begin + 120 }, undefined],
  ])('has the sweep close a connection %s', async (_when, claims, closesAt) => {
    await open(ports, policies, sessionFixture(claims));

    const late = session.connectedAt / 1000 + 10 * lifetime;
    const { connections } = await ports.expiry.expired(0, late);
    const handshakeUntil = session.connectedAt + INTEGRATION_TIMEOUT_MS;
    const { connectionId } = session;
    expect(connections).toEqual(closesAt === undefined ? [] : [{ connectionId, handshakeUntil }]);
    const before = await ports.expiry.expired(0, (closesAt ?? late) - 1);
    expect(before.connections).toEqual([]);
  });

  it('lets rows outlive the longest connection by a few minutes', async () => {
    await open(ports, policies, session);
    await join(ports, session, 'open:a');

    const [row] = await subscribersOf('open:a');

    const end = (session.connectedAt + CONNECTION_LIFETIME_MS) / 1000;
    expect(row?.expiresAt).toBeGreaterThan(end);
    expect(row?.expiresAt).toBeLessThan(end + 3600);
  });

  it('adds the channel to the connection before it writes the subscription', async () => {
    await open(ports, policies, session);
    const subscriptions = { ...ports.subscriptions, put: () => Promise.reject(new Error('died here')) };

    await expect(join({ ...ports, subscriptions }, session, 'open:a')).rejects.toThrow('died here');

    expect(await ports.connections.remove(session.connectionId)).toContainEqual({
      channel: 'open:a',
      shard: 0,
    });
  });

  it('removes the subscription before it takes the channel from the connection', async () => {
    await open(ports, policies, session);
    await join(ports, session, 'open:a');
    const connections = { ...ports.connections, removeChannel: () => Promise.reject(new Error('died here')) };

    await expect(leave({ ...ports, connections }, session, 'open:a')).rejects.toThrow('died here');

    expect(await subscribersOf('open:a')).toEqual([]);
    expect(await ports.connections.remove(session.connectionId)).toContainEqual({
      channel: 'open:a',
      shard: 0,
    });
  });

  it('keeps the standing in the row, and leaves it out without presence', async () => {
    await open(ports, policies, session);
    await join(ports, session, 'open:a');
    await join(ports, session, 'open:b', { isMember: true, seesMembers: true });

    expect(await subscribersOf('open:a')).toEqual([expect.not.objectContaining({ isMember: true })]);
    expect(await subscribersOf('open:a')).toEqual([expect.not.objectContaining({ seesMembers: true })]);
    expect(await subscribersOf('open:b')).toMatchObject([{ isMember: true, seesMembers: true }]);
  });

  it('leaves a channel', async () => {
    await open(ports, policies, session);
    await join(ports, session, 'open:a');

    await leave(ports, session, 'open:a');

    expect(await subscribersOf('open:a')).toEqual([]);
    expect(await ports.connections.remove(session.connectionId)).toEqual([{ channel: '@all', shard: 0 }]);
  });

  it('joins as many channels as are allowed beside the built-in one and not one more', async () => {
    await open(ports, policies, session);
    for (let n = 1; n < CHANNELS_PER_CONNECTION; n++) await join(ports, session, `open:${n}`);

    await expect(join(ports, session, 'open:last')).rejects.toMatchObject({ code: 'rate-limited' });

    expect(await subscribersOf('open:last')).toEqual([]);
  });

  it('disconnects a forgotten connection that still sends, so that its client comes back (OR-6)', async () => {
    await expect(join(ports, session, 'open:a')).rejects.toMatchObject({ code: 'busy' });

    expect(ports.disconnected).toEqual([session.connectionId]);
    expect(await subscribersOf('open:a')).toEqual([]);
  });

  it('forgets a connection and all its subscriptions', async () => {
    await open(ports, policies, session);
    await join(ports, session, 'open:a');

    await forget(ports, session.connectionId);

    expect(await subscribersOf('@all')).toEqual([]);
    expect(await subscribersOf('open:a')).toEqual([]);
    expect(await ports.connections.remove(session.connectionId)).toEqual([]);
  });

  it('forgets one connection, so that a late disconnect does not touch the user’s newer one (OR-4)', async () => {
    await open(ports, policies, sessionFixture({ connectionId: 'old', user: 'ann' }));
    await open(ports, policies, sessionFixture({ connectionId: 'new', user: 'ann' }));

    await forget(ports, 'old');

    expect(await subscribersOf('@user:ann')).toMatchObject([{ connectionId: 'new' }]);
  });
});
