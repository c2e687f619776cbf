/** The client when the server refuses its commands by the rate limit. */

import { historyOf } from 'fanfare-client/history';
import { membersOf } from 'fanfare-client/presence';
import { describe, expect, it } from 'vitest';
import { connected } from './connected.ts';
import { settle } from './fake-clock.ts';
import { refusal } from './fake-server.ts';
import { follow } from './follow.ts';

const SECOND = 1_000;

const limited = (retryAfter: number) => refusal('rate-limited', 429, retryAfter);

describe('a client over its rate', () => {
  it('sends a publish again after the named time, and later publishes behind it', async () => {
    const setup = await connected();
    const { server, connection, clock } = setup;
    const channel = connection.channel('open:x');
    server.refuse = () => limited(7 * SECOND);
    const first = channel.publish(1);
    await settle();
    server.refuse = () => undefined;
    const later = [channel.publish(2), channel.publish(3)];

    await clock.pass(7 * SECOND - 1);
    expect(server.commands).toEqual([]);
    await clock.pass(1);

    expect(await Promise.all([first, ...later])).toEqual([{ seq: 101 }, { seq: 102 }, { seq: 103 }]);
    expect(server.commands.map(({ messages }) => messages.map(({ data }) => data))).toEqual([[1], [2, 3]]);
  });

  it('repeats all subscriptions of a refused frame in one frame after the named time', async () => {
    const { server, connection, clock } = await connected();
    const frames: number[] = [];
    server.refuse = (commands) => (frames.push(commands.length) === 1 ? limited(3 * SECOND) : undefined);
    const all = Array.from({ length: 60 }, (_, n) => follow(connection, `open:${n}`));

    await clock.pass(3 * SECOND - 1);
    expect(frames).toEqual([60]);
    await clock.pass(1);

    await Promise.all(all.map(({ subscription }) => subscription.ready));
    expect(frames).toEqual([60, 60]);
  });

  it('repeats only the refused subscriptions, after the longest named time', async () => {
    const { server, connection, clock } = await connected();
    const waits: Record<string, number> = { 'open:b': 2 * SECOND, 'open:c': 4 * SECOND };
    server.script = ({ channel }) => {
      const waitMs = waits[channel];
      return waitMs === undefined ? undefined : limited(waitMs);
    };
    const [a] = ['open:a', 'open:b', 'open:c'].map((name) => follow(connection, name));
    await a?.subscription.ready;
    server.script = () => undefined;

    await clock.pass(4 * SECOND - 1);
    expect(server.commands).toHaveLength(3);
    await clock.pass(1);

    expect(server.commands.slice(3).map(({ channel }) => channel)).toEqual(['open:b', 'open:c']);
  });

  it('waits with an unsubscribe, too, and does not drop it', async () => {
    const { server, connection, clock } = await connected();
    const { subscription } = follow(connection, 'open:x');
    await subscription.ready;
    server.refuse = () => limited(3 * SECOND);
    subscription.unsubscribe();
    await settle();
    server.refuse = () => undefined;

    await clock.pass(3 * SECOND - 1);
    expect(server.commandsOf('unsubscribe')).toEqual([]);
    await clock.pass(1);

    expect(server.commandsOf('unsubscribe')).toHaveLength(1);
  });

  it('fetches missed messages after the named time, reports no loss, and delivers in order', async () => {
    const { server, connection, clock, told } = await connected();
    const { got } = follow(connection, 'open:x');
    await settle();
    server.channel('open:x').append('missed');
    server.say('open:x', 'next');
    let asked = 0;
    server.refuse = () => (++asked <= 2 ? limited(5 * SECOND) : undefined);

    await clock.pass(1_000 + 2 * 5 * SECOND - 1);
    server.say('open:x', 'meanwhile');
    expect([asked, got]).toEqual([2, []]);
    await clock.pass(1);

    expect(got).toEqual(['missed', 'next', 'meanwhile']);
    expect(asked).toBe(3);
    expect(told.filter(([name]) => name === 'lost' || name === 'error')).toEqual([]);
  });

  it('gives the caller of history or members the time after which to ask again', async () => {
    const { server, connection } = await connected();
    server.refuse = () => limited(3 * SECOND);

    const expected = { code: 'rate-limited', status: 429, retryAfter: 3 * SECOND };
    await expect(historyOf(connection.channel('open:x'))).rejects.toMatchObject(expected);
    await expect(membersOf(connection.channel('open:x'))).rejects.toMatchObject(expected);
  });
});
