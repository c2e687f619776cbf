import { describe, expect, it } from 'vitest';
import { subscriptionFixture } from '../../memory/memory-ports.ts';
import { ask, connect, ports, reply } from './server-requests.ts';

const publish = (body: object) => reply('publish', { body });

/** The messages in the log of a channel. */
async function logOf(channel: string): Promise<object> {
  return reply('history', { parameters: { channel } });
}

/** The frames of each connection, by channel. */
const posted = () => ports.posts.map(({ connectionId, frame }) => ({ connectionId, frame }));

const failsIn = (channel: string) => ({
  ports: {
    channelLog: {
      ...ports.channelLog,
      raise: (...args: Parameters<typeof ports.channelLog.raise>) =>
        args[0] === channel ? Promise.reject(new Error('throttled')) : ports.channelLog.raise(...args),
    },
  },
});

describe('publish', () => {
  it('puts a message into a channel, and answers its number', async () => {
    const answer = await publish({ channels: ['news:a'], data: { price: 7 } });

    const seq = (await ports.channelLog.head('news:a'))?.seq;
    expect(answer).toEqual({ results: [{ channel: 'news:a', seq }] });
    expect(await logOf('news:a')).toMatchObject({ messages: [{ seq, data: { price: 7 } }] });
  });

  it('puts several messages into one channel, in their order, and answers all of their numbers', async () => {
    const messages = [{ data: 'a' }, { data: 'b' }, { data: null }];

    const answer = await publish({ channels: ['news:a'], messages });

    const seq = (await ports.channelLog.head('news:a'))?.seq;
    expect(answer).toEqual({
      results: [{ channel: 'news:a', seq, seqs: [Number(seq) - 2, Number(seq) - 1, seq] }],
    });
    expect(await logOf('news:a')).toMatchObject({ messages });
  });

  it('reaches several channels, users and everyone, answered in the order in which they were named', async () => {
    await connect(['ann1=', 'ann2='], 'ann');
    await connect(['bob1='], 'auth0|bob');
    await connect(['visitor=']);
    const body = { channels: ['live:b', 'news:a'], users: ['auth0|bob', 'ann'], everyone: true, data: 1 };

    const { results } = { results: [], ...(await publish(body)) };

    expect(results).toEqual([
      { channel: 'live:b' },
      { channel: 'news:a', seq: expect.any(Number) },
      { channel: '@user:auth0=7Cbob', seq: expect.any(Number) },
      { channel: '@user:ann', seq: expect.any(Number) },
      { channel: '@all' },
    ]);
    const reached = (channel: string) =>
      posted()
        .filter(({ frame }) => JSON.stringify(frame).includes(`"channel":"${channel}"`))
        .map(({ connectionId }) => connectionId)
        .toSorted();
    expect(reached('@user:auth0=7Cbob')).toEqual(['bob1=']);
    expect(reached('@user:ann')).toEqual(['ann1=', 'ann2=']);
    expect(reached('@all')).toEqual(['ann1=', 'ann2=', 'bob1=', 'visitor=']);
  });

  it('reaches a channel once that is named twice, and a user who is named as a channel, too', async () => {
    await connect(['ann1='], 'ann');
    const body = { channels: ['news:a', 'news:a', '@user:ann'], users: ['ann', 'ann'], data: 1 };

    const answer = await publish(body);

    expect(answer).toMatchObject({ results: [{ channel: 'news:a' }, { channel: '@user:ann' }] });
    expect(answer).toHaveProperty('results.length', 2);
    expect(posted()).toHaveLength(1);
  });

  it('lands once under one key, and returns the same number', async () => {
    const body = { channels: ['news:a'], users: ['ann'], data: 1, key: 'order-17' };

    const first = await publish(body);
    const second = await publish(body);

    expect(second).toEqual(first);
    // The second took a number, which is now void.
    for (const channel of ['news:a', '@user:ann'])
      expect(await logOf(channel)).toMatchObject({ messages: [{ data: 1 }, { void: true }] });
  });

  it('has no sender, also if the body names one', async () => {
    await ports.subscriptions.put(
      subscriptionFixture({ channel: 'news:a', connectionId: 'x=', expiresAt: 9e9 }),
    );
    await ports.subscriptions.put(
      subscriptionFixture({ channel: 'live:a', connectionId: 'x=', expiresAt: 9e9 }),
    );
    const from = { from: 'ann', user: 'ann', sender: 'ann', seq: 1, time: 1 };

    await publish({ channels: ['news:a', 'live:a'], messages: [{ data: 1, ...from }], ...from });

    expect(posted()).toHaveLength(2);
    expect(JSON.stringify([posted(), await logOf('news:a')])).not.toMatch(/"from"|"ann"|"(time|seq)":1[,}]/);
  });

  it('reaches the others when some channels are refused, and says so for each', async () => {
    const body = { channels: ['nowhere:a', 'news:a', 'live:a'], data: 1 };

    expect(await ask('publish', { body })).toEqual({
      status: 207,
      body: {
        results: [
          { channel: 'nowhere:a', error: { code: 'forbidden', status: 403, message: expect.any(String) } },
          { channel: 'news:a', seq: expect.any(Number) },
          { channel: 'live:a' },
        ],
      },
    });
    expect(await logOf('news:a')).toHaveProperty('messages.length', 1);
  });

  it('reaches the other channels when one fails, logs the failure, and answers it with a request id only', async () => {
    const names = Array.from({ length: 30 }, (_, n) => `news:${n}`);
    const body = { channels: names, data: 1 };

    const { status, body: answer } = await ask('publish', { body }, failsIn('news:3'));

    expect(status).toBe(207);
    const { results } = { results: [], ...answer };
    expect(results.filter((result) => 'error' in result)).toEqual([
      {
        channel: 'news:3',
        error: { code: 'internal', status: 500, message: 'Something went wrong here; request request-1.' },
      },
    ]);
    expect(ports.logged.join()).toContain('throttled');
    for (const name of names.filter((other) => other !== 'news:3'))
      expect(await logOf(name)).toHaveProperty('messages.length', 1);
  });

  it('is refused with the error of its channels if all of them are refused', async () => {
    const body = { channels: ['nowhere:a', 'nowhere:b'], data: 1 };
    const forbidden = { code: 'forbidden', status: 403, message: 'There is no namespace nowhere.' };

    expect(await ask('publish', { body })).toEqual({
      status: 403,
      body: {
        ...forbidden,
        results: [
          { channel: 'nowhere:a', error: forbidden },
          { channel: 'nowhere:b', error: forbidden },
        ],
      },
    });
  });

  it.each(['news:a', 'live:a'])('is too large for %s when no subscriber could get it', async (channel) => {
    const body = { channels: [channel], data: 'x'.repeat(128 * 1024) };

    expect(await ask('publish', { body })).toMatchObject({
      status: 413,
      body: { code: 'too-large', status: 413 },
    });
    expect(await ports.channelLog.head(channel)).toBeUndefined();
  });
});
