import { operationNames } from 'fanfare-protocol/operations';
import { describe, expect, it } from 'vitest';
import type { Grants } from '../../../lambdas/identity/grants.ts';
import { ask, connect, goodRequests, ports } from './server-requests.ts';

describe('a token that names channels', () => {
  const grants: Grants = { 'news:*': ['publish'], 'news:b': ['subscribe', 'members'] };
  const refused = { status: 403, body: { code: 'forbidden', status: 403 } };

  it('allows the named rights on the named channels', async () => {
    expect(await ask('publish', goodRequests.publish, { grants })).toMatchObject({ status: 200 });
    for (const name of ['history', 'position', 'members', 'occupancy'] as const) {
      const about = (channel: string) => ask(name, { parameters: { channel, user: 'ann' } }, { grants });
      expect(await about('news:b')).toMatchObject({ status: 200 });
      expect(await about('news:a')).toMatchObject(refused);
    }
  });

  it.each([{ channels: ['live:a'] }, { users: ['ann'] }, { everyone: true }])(
    'publishes nothing into other channels: %j',
    async (where) => {
      await connect(['ann1='], 'ann');

      expect(await ask('publish', { body: { ...where, data: 1 } }, { grants })).toMatchObject(refused);
      expect(ports.posts).toEqual([]);
    },
  );

  it('publishes into its channels although the request also names others', async () => {
    const body = { channels: ['live:a', 'news:a'], data: 1 };

    expect(await ask('publish', { body }, { grants })).toMatchObject({
      status: 207,
      body: {
        results: [
          { channel: 'live:a', error: { status: 403 } },
          { channel: 'news:a', seq: expect.any(Number) },
        ],
      },
    });
  });

  it('allows nothing if it names no channel', async () => {
    await connect(['ann1='], 'ann');

    for (const name of operationNames)
      expect(await ask(name, goodRequests[name], { grants: {} })).toMatchObject(refused);
    expect(ports.disconnected).toEqual([]);
  });

  it.each([
    'channels',
    'connections',
    'connection',
    'closeConnection',
    'closeConnections',
    'forgetPosition',
    'revoke',
  ] as const)('does not allow %s, which reads or changes the whole stage', async (name) => {
    await connect(['ann1='], 'ann');
    const all: Grants = { '*': ['publish', 'subscribe', 'members'] };

    expect(await ask(name, goodRequests[name], { grants: all })).toMatchObject(refused);
    expect(ports.disconnected).toEqual([]);
    expect(await ports.revocations.revokedBefore('ann')).toBeUndefined();
  });
});
