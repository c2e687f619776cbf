import { beforeEach, describe, expect, it } from 'vitest';
import { subscribersOf as subscribersIn } from '../../../lambdas/realtime/audience.ts';
import { forget, join, leave, open } from '../../../lambdas/realtime/membership.ts';
import { CHANNELS_PER_CONNECTION, CONNECTION_LIFETIME_MS } from '../../../protocol/limits.ts';
import { collect, type MemoryPorts, memoryPorts } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';

const session = sessionFixture();

describe('membership', () => {
  let ports: MemoryPorts;

  beforeEach(() => {
    ports = memoryPorts();
  });

  const subscribersOf = (channel: string) => collect(subscribersIn(ports, channel));

  it('puts a new connection into @all', async () => {
    await open(ports, session);

    expect(await subscribersOf('@all')).toMatchObject([{ connectionId: session.connectionId }]);
  });

  it('puts a signed-in connection into its user channel too', async () => {
    await open(ports, sessionFixture({ user: 'ann' }));

    expect(await subscribersOf('@user:ann')).toMatchObject([
      { connectionId: session.connectionId, user: 'ann' },
    ]);
  });

  it('lets rows outlive the longest connection, and not by much', async () => {
    await open(ports, session);
    await join(ports, session, 'open:a');

    const [row] = await subscribersOf('open:a');

    const end = (session.connectedAt + CONNECTION_LIFETIME_MS) / 1000;
    expect(row?.expiresAt).toBeGreaterThan(end);
    expect(row?.expiresAt).toBeLessThan(end + 3600);
  });

  it('adds the channel to the connection before it writes the subscription', async () => {
    await open(ports, session);
    const subscriptions = { ...ports.subscriptions, put: () => Promise.reject(new Error('died here')) };

    await expect(join({ ...ports, subscriptions }, session, 'open:a')).rejects.toThrow('died here');

    expect(await ports.connections.remove(session.connectionId)).toContainEqual({
      channel: 'open:a',
      shard: 0,
    });
  });

  it('removes the subscription before it takes the channel from the connection', async () => {
    await open(ports, session);
    await join(ports, session, 'open:a');
    const connections = { ...ports.connections, removeChannel: () => Promise.reject(new Error('died here')) };

    await expect(leave({ ...ports, connections }, session, 'open:a')).rejects.toThrow('died here');

    expect(await subscribersOf('open:a')).toEqual([]);
    expect(await ports.connections.remove(session.connectionId)).toContainEqual({
      channel: 'open:a',
      shard: 0,
    });
  });

  it('leaves a channel', async () => {
    await open(ports, session);
    await join(ports, session, 'open:a');

    await leave(ports, session, 'open:a');

    expect(await subscribersOf('open:a')).toEqual([]);
    expect(await ports.connections.remove(session.connectionId)).toEqual([{ channel: '@all', shard: 0 }]);
  });

  it('joins as many channels as are allowed beside the built-in one and not one more', async () => {
    await open(ports, session);
    for (let n = 1; n < CHANNELS_PER_CONNECTION; n++) await join(ports, session, `open:${n}`);

    await expect(join(ports, session, 'open:last')).rejects.toMatchObject({ code: 'rate-limited' });

    expect(await subscribersOf('open:last')).toEqual([]);
  });

  it('disconnects a connection that was forgotten but still talks, so that it comes back known (OR-6)', async () => {
    await expect(join(ports, session, 'open:a')).rejects.toMatchObject({ code: 'busy' });

    expect(ports.disconnected).toEqual([session.connectionId]);
    expect(await subscribersOf('open:a')).toEqual([]);
  });

  it('forgets a connection and all its subscriptions', async () => {
    await open(ports, session);
    await join(ports, session, 'open:a');

    await forget(ports, session.connectionId);

    expect(await subscribersOf('@all')).toEqual([]);
    expect(await subscribersOf('open:a')).toEqual([]);
    expect(await ports.connections.remove(session.connectionId)).toEqual([]);
  });

  it('forgets by connection, so that a late disconnect leaves the user alone (OR-4)', async () => {
    await open(ports, sessionFixture({ connectionId: 'old', user: 'ann' }));
    await open(ports, sessionFixture({ connectionId: 'new', user: 'ann' }));

    await forget(ports, 'old');

    expect(await subscribersOf('@user:ann')).toMatchObject([{ connectionId: 'new' }]);
  });
});
