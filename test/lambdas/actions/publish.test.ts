import { MESSAGES_PER_PUBLISH } from 'fanfare-protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import { deliver } from '../../../lambdas/realtime/delivery/deliver.ts';
import type { LogStore } from '../../../lambdas/realtime/log/log-store.ts';
import { NOW } from '../../memory/memory-ports.ts';
import { CHANNEL, LogFixture, numbersOf } from './log-fixture.ts';

describe('publish', () => {
  let log: LogFixture;

  beforeEach(async () => {
    log = new LogFixture();
    await log.open();
    await log.subscribe();
  });

  const posted = () => log.ports.posts.map(({ frame }) => frame);

  it('gives consecutive numbers', async () => {
    expect(await log.publishMany(3)).toEqual([NOW + 1, NOW + 2, NOW + 3]);
  });

  it('returns the number of the last message of a batch, which is one frame', async () => {
    const messages = [{ data: 'a' }, { data: 'b' }];

    expect(await log.ask({ action: 'publish', channel: CHANNEL, messages })).toMatchObject({ seq: NOW + 2 });

    expect(posted()).toMatchObject([
      {
        messages: [
          { seq: NOW + 1, data: 'a' },
          { seq: NOW + 2, data: 'b' },
        ],
      },
    ]);
  });

  it('returns the number of each message of a batch, also of those that were published before', async () => {
    const before = await log.publish('b', 'b');
    const messages = [{ data: 'a' }, { data: 'b', key: 'b' }, { data: 'c', key: 'c' }, { data: 'd' }];

    const reply = await log.ask({ action: 'publish', channel: CHANNEL, messages });

    const { messages: stored } = await log.history();
    const numberOf = (data: string) =>
      stored.flatMap((record) => ('data' in record && record.data === data ? [record.seq] : []));
    expect(reply).toMatchObject({
      seqs: [...numberOf('a'), before, ...numberOf('c'), ...numberOf('d')],
    });
  });

  it('returns one number for one message', async () => {
    const reply = await log.ask({ action: 'publish', channel: CHANNEL, messages: [{ data: 'a' }] });

    expect(reply).toMatchObject({ seq: NOW + 1 });
    expect(reply).not.toHaveProperty('seqs');
  });

  it('returns the same number for the same key, and writes its message once', async () => {
    const first = await log.publish('x', 'key');

    expect(await log.publish('x', 'key')).toBe(first);

    expect((await log.history()).messages.filter((record) => 'data' in record)).toHaveLength(1);
  });

  it('sends a repeated message once more with its first number, because a Lambda may have died before its posts', async () => {
    const outbound = { ...log.ports.outbound, post: () => new Promise<never>(() => {}) };
    void log.ask({ action: 'publish', channel: CHANNEL, data: 'x', key: 'key' }, { outbound });
    await new Promise((resolve) => setImmediate(resolve));
    expect(posted()).toEqual([]);

    const seq = await log.publish('x', 'key');

    const [task, ...others] = log.ports.started;
    if (!task) throw new Error('No worker was started for it');
    await deliver(log.ports, task, 'worker');

    expect(others).toEqual([]);
    expect(posted()).toMatchObject([{ messages: [{ seq, data: 'x' }] }]);
  });

  it('seals the number that a repeated message did not need', async () => {
    const seq = await log.publish('x', 'key');
    await log.publish('x', 'key');

    const { messages } = await log.history({ after: seq });

    expect(messages).toEqual([{ seq: seq + 1, void: true }]);
  });

  it('writes the new messages of a batch of which a part was written before', async () => {
    const first = await log.publish('a', 'k1');
    const messages = [
      { data: 'a', key: 'k1' },
      { data: 'b', key: 'k2' },
    ];

    const reply = await log.ask({ action: 'publish', channel: CHANNEL, messages });

    const history = (await log.history()).messages.filter((record) => 'data' in record);
    expect(history).toMatchObject([{ seq: first, data: 'a' }, { data: 'b' }]);
    expect(reply).toMatchObject({ seq: numbersOf(history).at(-1) });
  });

  it('writes a key once that stands twice in a batch', async () => {
    const messages = [
      { data: 'a', key: 'k' },
      { data: 'a', key: 'k' },
    ];

    expect(await log.ask({ action: 'publish', channel: CHANNEL, messages })).toMatchObject({ seq: NOW + 1 });

    expect((await log.history()).messages).toHaveLength(1);
  });

  it('takes another number when a reader sealed its own', async () => {
    const sealing = withWrite(async (write, channel, messages, retention) => {
      const seq = messages[0]?.seq;
      if (seq === NOW + 1)
        await log.ports.channelLog.seal(channel, { seq, void: true, time: NOW }, retention);
      return write(channel, messages, retention);
    });

    const reply = await log.ask({ action: 'publish', channel: CHANNEL, data: 'x' }, { channelLog: sealing });

    expect(reply).toMatchObject({ event: 'published', seq: NOW + 2 });
    expect((await log.history()).messages).toMatchObject([
      { seq: NOW + 1, void: true },
      { seq: NOW + 2, data: 'x' },
    ]);
  });

  it('gives up with busy when its numbers are taken again and again', async () => {
    const channelLog = withWrite(async () => false);

    expect(await log.ask({ action: 'publish', channel: CHANNEL, data: 'x' }, { channelLog })).toMatchObject({
      code: 'busy',
      status: 503,
    });
    expect(posted()).toEqual([]);
  });

  it('makes two round trips before the first post: the head, then the records beside the subscribers', async () => {
    const calls: string[] = [];
    const { channelLog, subscriptions, outbound } = log.ports;
    const trace = {
      channelLog: {
        ...channelLog,
        raise: (...args: Parameters<LogStore['raise']>) => traced('raise', channelLog.raise(...args)),
        write: (...args: Parameters<LogStore['write']>) => traced('write', channelLog.write(...args)),
      },
      subscriptions: {
        ...subscriptions,
        page(...args: Parameters<typeof subscriptions.page>) {
          calls.push('subscribers?');
          return subscriptions.page(...args);
        },
      },
      outbound: {
        ...outbound,
        post: (...args: Parameters<typeof outbound.post>) => traced('post', outbound.post(...args)),
      },
    };

    await log.ask({ action: 'publish', channel: CHANNEL, data: 'x' }, trace);

    expect(calls).toEqual(['raise?', 'raise!', 'subscribers?', 'write?', 'write!', 'post?', 'post!']);

    async function traced<Result>(name: string, call: Promise<Result>): Promise<Result> {
      calls.push(`${name}?`);
      const result = await call;
      calls.push(`${name}!`);
      return result;
    }
  });

  it('takes as many messages as are allowed, each with a key', async () => {
    const messages = Array.from({ length: MESSAGES_PER_PUBLISH }, (_, n) => ({ data: n, key: `k${n}` }));

    expect(await log.ask({ action: 'publish', channel: CHANNEL, messages })).toMatchObject({
      seq: NOW + MESSAGES_PER_PUBLISH,
    });
  });

  it('on a channel without history has no number', async () => {
    expect(await log.ask({ action: 'publish', channel: 'live:a', data: 1 })).toEqual({
      event: 'published',
      channel: 'live:a',
    });
  });

  type Write = LogStore['write'];

  function withWrite(write: (original: Write, ...args: Parameters<Write>) => ReturnType<Write>) {
    const { channelLog } = log.ports;
    return { ...channelLog, write: (...args: Parameters<Write>) => write(channelLog.write, ...args) };
  }
});
