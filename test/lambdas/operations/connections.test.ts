import { operations } from 'fanfare-protocol/operations';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { NOW } from '../../memory/memory-ports.ts';
import { ask, connect, ports, reply } from './server-requests.ts';

const stored = (connectionId: string, user?: string) => ({
  connectionId,
  ...(user !== undefined && { user }),
  channels: user === undefined ? ['@all'] : ['@all', `@user:${user}`],
  expiresAt: expect.any(Number),
});

const idsOf = (page: object) =>
  v.parse(operations.connections.reply, page).connections.map(({ connectionId }) => connectionId);
const idsOfAll = async () => idsOf(await reply('connections'));

describe('connections', () => {
  it('are all connections, or those of a user', async () => {
    await connect(['ann1=', 'ann2='], 'ann');
    await connect(['bob1='], 'bob');
    await connect(['visitor=']);
    const ofAnn = [stored('ann1=', 'ann'), stored('ann2=', 'ann')];

    expect(await reply('connections')).toEqual({
      connections: [...ofAnn, stored('bob1=', 'bob'), stored('visitor=')],
    });
    expect(await reply('connections', { parameters: { user: 'ann' } })).toEqual({ connections: ofAnn });
    expect(await reply('connections', { parameters: { user: 'eve' } })).toEqual({ connections: [] });
  });

  it('of a user do not include a removed connection whose subscription is left', async () => {
    await connect(['ann1=', 'ann2='], 'ann');
    await ports.connections.remove('ann1=');

    expect(idsOf(await reply('connections', { parameters: { user: 'ann' } }))).toEqual(['ann2=']);
  });

  it('come in pages, each connection on one of them', async () => {
    const ids = Array.from({ length: 130 }, (_, n) => `c${String(n).padStart(3, '0')}=`);
    await connect(ids);

    const first = v.parse(operations.connections.reply, await reply('connections'));
    const second = await reply('connections', { parameters: { cursor: first.next } });

    expect(first.next).toBeDefined();
    expect(second).not.toHaveProperty('next');
    expect([...idsOf(first), ...idsOf(second)]).toEqual(ids);
  });
});

describe('a connection', () => {
  it('is shown as it is stored', async () => {
    await connect(['ann1='], 'ann');
    await ports.connections.addChannel('ann1=', { channel: 'news:a', shard: 0 }, 100);

    expect(await reply('connection', { parameters: { connectionId: 'ann1=' } })).toEqual({
      ...stored('ann1=', 'ann'),
      channels: ['@all', '@user:ann', 'news:a'],
    });
  });

  it('that does not exist is not found', async () => {
    expect(await ask('connection', { parameters: { connectionId: 'ann1=' } })).toEqual({
      status: 404,
      body: { code: 'not-found', status: 404, message: 'There is no such connection.' },
    });
  });

  it('is closed and forgotten alone', async () => {
    await connect(['ann1=', 'ann2='], 'ann');

    expect(await reply('closeConnection', { parameters: { connectionId: 'ann1=' } })).toEqual({ closed: 1 });

    expect(ports.disconnected).toEqual(['ann1=']);
    expect(await idsOfAll()).toEqual(['ann2=']);
    const { subscriptions } = await ports.subscriptions.page({ channel: '@user:ann', shard: 0 });
    expect(subscriptions.map(({ connectionId }) => connectionId)).toEqual(['ann2=']);
  });

  it('that is unknown causes no request to the gateway', async () => {
    expect(await reply('closeConnection', { parameters: { connectionId: 'ann1=' } })).toEqual({ closed: 0 });

    expect(ports.disconnected).toEqual([]);
  });

  it('that is gone already is forgotten, and not reported as closed', async () => {
    await connect(['ann1='], 'ann');
    const outbound = { ...ports.outbound, disconnect: async () => 'gone' as const };
    // After this time no handshake can still be going on (HS-15).
    const given = { ports: { outbound, now: () => NOW + 60_000 } };

    expect(await reply('closeConnection', { parameters: { connectionId: 'ann1=' } }, given)).toEqual({
      closed: 0,
    });
    expect(await idsOfAll()).toEqual([]);
  });
});

describe('all connections of a user', () => {
  it('are closed and forgotten, and no other connection is', async () => {
    await connect(['ann1=', 'ann2='], 'ann');
    await connect(['bob1='], 'bob');
    await connect(['visitor=']);

    expect(await reply('closeConnections', { parameters: { user: 'ann' } })).toEqual({ closed: 2 });

    expect(ports.disconnected.toSorted()).toEqual(['ann1=', 'ann2=']);
    expect(await idsOfAll()).toEqual(['bob1=', 'visitor=']);
    expect(await ports.revocations.revokedBefore('ann')).toBeUndefined();
  });

  it('are 0 for a user without connections', async () => {
    expect(await reply('closeConnections', { parameters: { user: 'eve' } })).toEqual({ closed: 0 });
  });
});

describe('to revoke', () => {
  it('ends all tokens that were issued until now, also in the second that has begun', async () => {
    await connect(['ann1='], 'ann');
    await connect(['bob1='], 'bob');
    const given = { ports: { now: () => NOW + 999 } };

    expect(await reply('revoke', { body: { user: 'ann' } }, given)).toEqual({ closed: 1 });

    expect(await ports.revocations.revokedBefore('ann')).toBe(NOW / 1000 + 1);
    expect(await ports.revocations.revokedBefore('bob')).toBeUndefined();
    expect(ports.disconnected).toEqual(['ann1=']);
  });

  it.each([0, NOW / 1000 - 60, NOW / 1000 + 60])(
    'ends all tokens that were issued before the given moment: %i',
    async (issuedBefore) => {
      await reply('revoke', { body: { user: 'ann', issuedBefore } });

      expect(await ports.revocations.revokedBefore('ann')).toBe(issuedBefore);
    },
  );
});
