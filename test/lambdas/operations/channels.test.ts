import { type OperationName, operations } from 'fanfare-protocol/operations';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { NOW, subscriptionFixture } from '../../memory/memory-ports.ts';
import { ask, ports, reply } from './server-requests.ts';

const END = NOW / 1000 + 3_600;

async function pageOf(parameters: Readonly<Record<string, string>>) {
  const given = { parameters: { channel: 'news:a', ...parameters } };
  return v.parse(operations.history.reply, await reply('history', given));
}

const numbersOf = (messages: readonly { readonly seq?: number | undefined }[]) =>
  messages.map(({ seq }) => seq);

async function publishMany(count: number): Promise<number[]> {
  const numbers: number[] = [];
  for (let n = 0; n < count; n++) {
    await reply('publish', { body: { channels: ['news:a'], data: n } });
    numbers.push((await ports.channelLog.head('news:a'))?.seq ?? 0);
  }
  return numbers;
}

async function subscribe(channel: string, subscribers: Readonly<Record<string, string | undefined>>) {
  for (const [connectionId, user] of Object.entries(subscribers)) {
    const row = { channel, connectionId, expiresAt: END };
    await ports.subscriptions.put(subscriptionFixture({ ...row, ...(user !== undefined && { user }) }));
  }
}

const about = (name: OperationName, parameters: Readonly<Record<string, string>>) =>
  reply(name, { parameters });

describe('history', () => {
  it('of a channel that was never used is empty', async () => {
    expect(await pageOf({})).toEqual({ channel: 'news:a', messages: [], more: false });
  });

  it('is the newest page by default, oldest first', async () => {
    const numbers = await publishMany(7);

    const { messages, more } = await pageOf({ limit: '3' });

    expect(numbersOf(messages)).toEqual(numbers.slice(-3));
    expect(messages.at(-1)).toMatchObject({ data: 6 });
    expect(more).toBe(true);
  });

  it('pages backwards to the first message, and says when there is no more', async () => {
    const numbers = await publishMany(7);
    const found = [];
    const mores = [];
    for (let before = String(Number.MAX_SAFE_INTEGER), goesOn = true; goesOn; ) {
      const { messages, more } = await pageOf({ before, limit: '3' });
      found.unshift(...numbersOf(messages));
      before = String(found[0]);
      mores.push(more);
      goesOn = more;
    }

    expect(found).toEqual(numbers);
    expect(mores).toEqual([true, true, false]);
  });

  it('pages forwards to the head, and says when there is no more', async () => {
    const numbers = await publishMany(7);
    const found = [];
    const mores = [];
    for (let after = '0', goesOn = true; goesOn; ) {
      const { messages, more } = await pageOf({ after, limit: '3' });
      found.push(...numbersOf(messages));
      after = String(found.at(-1));
      mores.push(more);
      goesOn = more;
    }

    expect(found).toEqual(numbers);
    expect(mores).toEqual([true, true, false]);
  });

  it('answers 50 messages unless it is asked for others', async () => {
    await publishMany(51);

    const { messages, more } = await pageOf({});

    expect(messages).toHaveLength(50);
    expect(more).toBe(true);
    expect((await pageOf({ limit: '51' })).messages).toHaveLength(51);
  });

  it('is refused in a channel without history', async () => {
    expect(await ask('history', { parameters: { channel: 'live:a' } })).toEqual({
      status: 400,
      body: { code: 'bad-request', status: 400, message: 'live:a keeps no history.' },
    });
  });
});

describe('a position', () => {
  const position = (user: string, channel = '@user:ann') => about('position', { user, channel });

  it('is the mark of the user in that channel', async () => {
    await ports.readPositions.advance({ user: 'ann', channel: '@user:ann' }, 7, NOW);

    expect(await position('ann')).toEqual({ user: 'ann', channel: '@user:ann', seq: 7 });
  });

  it('is absent when the user has no mark', async () => {
    await ports.readPositions.advance({ user: 'ann', channel: '@user:ann' }, 7, NOW);

    expect(await position('bob')).toEqual({ user: 'bob', channel: '@user:ann' });
    expect(await position('ann', 'news:a')).toEqual({ user: 'ann', channel: 'news:a' });
  });
});

describe('members', () => {
  it('are sorted, each once also with several connections, and leave out anonymous connections', async () => {
    await subscribe('news:a', { a: 'zoe', b: 'ann', c: 'bob', d: 'ann', e: undefined, f: 'Bob' });
    await subscribe('news:b', { a: 'eve' });

    expect(await about('members', { channel: 'news:a' })).toEqual({
      channel: 'news:a',
      members: [{ user: 'Bob' }, { user: 'ann' }, { user: 'bob' }, { user: 'zoe' }],
    });
  });

  it('are an empty list in an empty channel', async () => {
    expect(await about('members', { channel: 'news:a' })).toEqual({ channel: 'news:a', members: [] });
  });

  it('are on one page for up to 5,000 users, over all shards and both halves of a user', async () => {
    await ports.shards.grow('news:a', 1, 2);
    const users = Array.from({ length: 1_001 }, (_, n) => `user ${String(n).padStart(4, '0')}`);
    for (const [n, user] of users.entries())
      for (const shard of [0, 1])
        await ports.subscriptions.put(
          subscriptionFixture({
            channel: 'news:a',
            connectionId: `${shard}-${n}`,
            shard,
            user,
            expiresAt: END,
          }),
        );

    expect(await about('members', { channel: 'news:a' })).toEqual({
      channel: 'news:a',
      members: users.map((user) => ({ user })),
    });
  });

  it('refuse a cursor that is of no page', async () => {
    for (const cursor of ['#', '#x##', '#12345##', '#1#'])
      expect(await ask('members', { parameters: { channel: 'news:a', cursor } })).toMatchObject({
        status: 400,
      });
  });
});

describe('occupancy', () => {
  it('counts connections, of users and anonymous ones, over several pages', async () => {
    const many = Array.from({ length: 150 }, (_, n) => [`c${n}`, n % 2 === 0 ? 'ann' : undefined]);
    await subscribe('news:a', Object.fromEntries(many));

    expect(await about('occupancy', { channel: 'news:a' })).toEqual({
      channel: 'news:a',
      connections: 150,
    });
    expect(await about('occupancy', { channel: 'news:b' })).toEqual({
      channel: 'news:b',
      connections: 0,
    });
  });

  it('does not count expired subscriptions, and the members leave them out', async () => {
    await subscribe('news:a', { a: 'ann' });
    await ports.subscriptions.put(
      subscriptionFixture({ channel: 'news:a', connectionId: 'b', user: 'bob', expiresAt: NOW / 1000 }),
    );

    expect(await about('occupancy', { channel: 'news:a' })).toMatchObject({ connections: 1 });
    expect(await about('members', { channel: 'news:a' })).toMatchObject({ members: [{ user: 'ann' }] });
  });
});

describe('channels', () => {
  it('are those that were used, with their connections and the number of the last message', async () => {
    const [seq] = await publishMany(1);
    await ports.shards.grow('live:a', 1, 2);
    await subscribe('news:a', { a: 'ann', b: undefined });

    expect(await reply('channels')).toEqual({
      channels: [
        { channel: 'live:a', connections: 0, estimated: true },
        { channel: 'news:a', connections: 2, seq },
      ],
    });
  });

  it('come in pages, each channel on one of them', async () => {
    const names = Array.from({ length: 130 }, (_, n) => `news:${String(n).padStart(3, '0')}`);
    for (const name of names) await ports.channelLog.raise(name, 1, NOW);

    const first = v.parse(operations.channels.reply, await reply('channels'));
    const second = v.parse(operations.channels.reply, await about('channels', { cursor: first.next ?? '' }));

    expect(second.next).toBeUndefined();
    expect([...first.channels, ...second.channels].map(({ channel }) => channel)).toEqual(names);
    expect(second.channels.length).toBeGreaterThan(0);
  });
});
