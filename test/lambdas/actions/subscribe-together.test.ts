import { CHANNELS_PER_CONNECTION } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import config from '../../../fanfare.config.ts';
import { actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';

const me = sessionFixture({ connectionId: 'me=' });

let memory: MemoryPorts;
let ports: MemoryPorts;
/** The calls that add channels, with how many they add. */
let additions: number[];

beforeEach(async () => {
  memory = memoryPorts();
  additions = [];
  ports = {
    ...memory,
    connections: {
      ...memory.connections,
      addChannel(...args) {
        additions.push(1);
        return memory.connections.addChannel(...args);
      },
      addChannels(...args) {
        additions.push(args[1].length);
        return memory.connections.addChannels(...args);
      },
    },
  };
  await ports.connections.open({ connectionId: me.connectionId, expiresAt: NOW }, []);
});

const subscribe = (channel: string) => ({ action: 'subscribe', channel });

async function ask(frame: readonly object[], with_: MemoryPorts = ports) {
  const context = actionContext(config({ local: true }), with_);
  const replies = v.parse(
    v.array(v.looseObject({})),
    JSON.parse(await answer(JSON.stringify(frame), me, context)),
  );
  return replies.map(({ event, channel, code }) => [event, channel ?? code]);
}

async function isSubscribed(channel: string): Promise<boolean> {
  const { subscriptions } = await memory.subscriptions.page({ channel, shard: 0 });
  return subscriptions.some(({ connectionId }) => connectionId === me.connectionId);
}

describe('subscribes of one frame', () => {
  it('that follow one another add their channels together, once each, and are answered in their order', async () => {
    const frame = [subscribe('open:a'), subscribe('open:b'), subscribe('open:a')];

    expect(await ask(frame)).toEqual([
      ['subscribed', 'open:a'],
      ['subscribed', 'open:b'],
      ['subscribed', 'open:a'],
    ]);
    expect(additions).toEqual([2]);
    expect(await isSubscribed('open:b')).toBe(true);
  });

  it('are joined apart before and after a command of another kind', async () => {
    const publish = { action: 'publish', channel: 'open:a', data: 1 };
    const frame = [
      subscribe('open:a'),
      subscribe('open:b'),
      publish,
      subscribe('open:c'),
      subscribe('open:d'),
    ];

    await ask(frame);

    expect(additions).toEqual([2, 2]);
    expect(ports.posts).toHaveLength(1);
  });

  it('are refused one by one', async () => {
    const frame = [
      subscribe('open:a'),
      subscribe('unknown:b'),
      subscribe(''),
      subscribe('open:c'),
      subscribe('open:d'),
    ];

    expect(await ask(frame)).toEqual([
      ['subscribed', 'open:a'],
      ['error', 'forbidden'],
      ['error', 'bad-request'],
      ['subscribed', 'open:c'],
      ['subscribed', 'open:d'],
    ]);
    expect(await isSubscribed('unknown:b')).toBe(false);
  });

  it('each join by themselves if they cannot join together, and the log tells it', async () => {
    const subscriptions = {
      ...ports.subscriptions,
      putAll: () => Promise.reject(new Error('secret detail')),
    };

    const replies = await ask([subscribe('open:a'), subscribe('open:b')], { ...ports, subscriptions });

    expect(replies).toEqual([
      ['subscribed', 'open:a'],
      ['subscribed', 'open:b'],
    ]);
    expect(additions).toEqual([2, 1, 1]);
    expect(ports.logged).toEqual([expect.stringContaining('could not be joined together')]);
    expect(ports.logged.join()).not.toContain('secret detail');
  });

  it('get the channels up to the limit, and no more', async () => {
    for (let n = 1; n < CHANNELS_PER_CONNECTION; n++)
      await memory.connections.addChannel(me.connectionId, { channel: `kept:${n}`, shard: 0 }, 1_000);

    expect(await ask([subscribe('open:a'), subscribe('open:b')])).toEqual([
      ['subscribed', 'open:a'],
      ['error', 'rate-limited'],
    ]);
    expect(await isSubscribed('open:b')).toBe(false);
  });

  it('of a forgotten connection are busy, leave no row, and close the connection (OR-6)', async () => {
    await memory.connections.remove(me.connectionId);

    expect(await ask([subscribe('open:a'), subscribe('open:b')])).toEqual([
      ['error', 'busy'],
      ['error', 'busy'],
    ]);
    expect(ports.disconnected).toContain(me.connectionId);
    expect(await isSubscribed('open:a')).toBe(false);
  });

  it('of a connection that is forgotten meanwhile leave no row', async () => {
    const subscriptions: typeof ports.subscriptions = {
      ...ports.subscriptions,
      async putAll(rows) {
        await memory.connections.remove(me.connectionId);
        await memory.subscriptions.putAll(rows);
      },
    };

    await ask([subscribe('open:a'), subscribe('open:b')], { ...ports, subscriptions });

    expect(await isSubscribed('open:a')).toBe(false);
    expect(await isSubscribed('open:b')).toBe(false);
  });

  it('whose checks are slow are joined in smaller groups', async () => {
    let clock = NOW;
    // Each look at the clock takes a second.
    const now = () => {
      clock += 1_000;
      return clock;
    };
    const channels = ['open:a', 'open:b', 'open:c'];

    const replies = await ask(channels.map(subscribe), { ...ports, now });

    expect(replies).toEqual(channels.map((channel) => ['subscribed', channel]));
    expect(additions).toEqual([2, 1]);
  });
});
