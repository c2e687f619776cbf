import { MESSAGE_BYTES } from 'fanfare-protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import { actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import type { FanfareConfig } from '../../../lambdas/realtime/access/namespaces.ts';
import { memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';
import { CHANNEL, HOUR, LogFixture, numbersOf, RETENTION_HOURS } from './log-fixture.ts';

describe('subscribe', () => {
  let log: LogFixture;

  beforeEach(async () => {
    log = new LogFixture();
    await log.open();
  });

  it('gives position 0 in a channel in which nothing was published, and writes no head', async () => {
    expect(await log.subscribe()).toEqual({ event: 'subscribed', channel: CHANNEL, seq: 0 });
    const reply = {
      event: 'subscribed',
      channel: CHANNEL,
      seq: 0,
      recovered: true,
      messages: [],
      more: false,
    };
    expect(await log.subscribe(0)).toEqual(reply);

    expect(await log.ports.channelLog.head(CHANNEL)).toBeUndefined();
  });

  it('from position 0 replays from the first message, and tells its number', async () => {
    const numbers = await log.publishMany(3);

    const reply = await log.subscribe(0);

    expect(reply).toMatchObject({ seq: NOW + 3, first: NOW + 1, recovered: true, more: false });
    expect(numbersOf(reply.messages)).toEqual(numbers);
  });

  it('from position 0 shows the first number as void if its writer died', async () => {
    const hole = await log.leaveHole();
    const message = await log.publish();

    const reply = await log.subscribe(0);

    expect(reply).toMatchObject({ first: hole, messages: [{ seq: hole, void: true }, { seq: message }] });
  });

  it('from position 0 is recovered from a channel that is older than what it keeps', async () => {
    await log.publish();
    log.pass((RETENTION_HOURS - 1) * HOUR);
    const message = await log.publish();

    expect(await log.subscribe(0)).toMatchObject({ recovered: true, messages: [{}, { seq: message }] });
  });

  it('from position 0 is not recovered once the first message has expired, deleted or not', async () => {
    const first = await log.publish();
    log.pass((RETENTION_HOURS + 1) * HOUR);
    const last = await log.publish();

    const reply = { event: 'subscribed', channel: CHANNEL, seq: last, first, recovered: false };
    expect(await log.subscribe(0)).toEqual(reply);
    log.ports.channelLog.expire(CHANNEL, first);
    expect(await log.subscribe(0)).toEqual(reply);
  });

  it('with a position above 0 is not recovered in a channel in which nothing was published', async () => {
    expect(await log.subscribe(NOW)).toEqual({
      event: 'subscribed',
      channel: CHANNEL,
      seq: 0,
      recovered: false,
    });
  });

  it('says nothing of recovery when it was not asked to', async () => {
    await log.publishMany(2);

    expect(await log.subscribe()).toEqual({ event: 'subscribed', channel: CHANNEL, seq: NOW + 2 });
  });

  it('with a position replays everything after it, in order', async () => {
    const numbers = await log.publishMany(5);

    const reply = await log.subscribe(numbers[1]);

    expect(reply).toMatchObject({ seq: NOW + 5, recovered: true, more: false });
    expect(reply.messages).toMatchObject([{ data: 2 }, { data: 3 }, { data: 4 }]);
    expect(numbersOf(reply.messages)).toEqual(numbers.slice(2));
  });

  it('with the head as position has nothing to replay', async () => {
    const [head] = (await log.publishMany(2)).slice(-1);

    expect(await log.subscribe(head)).toMatchObject({ recovered: true, messages: [], more: false });
  });

  it('shows a number whose writer died as void for ever', async () => {
    const before = await log.publish();
    const hole = await log.leaveHole();
    const after = await log.publish();

    const reply = await log.subscribe(before);

    expect(reply.messages).toMatchObject([{ seq: hole, void: true }, { seq: after }]);
    expect((await log.subscribe(before)).messages).toEqual(reply.messages);
  });

  it('shows a hole at the head, too', async () => {
    const before = await log.publish();
    const hole = await log.leaveHole();

    expect((await log.subscribe(before)).messages).toEqual([{ seq: hole, void: true }]);
  });

  it.each([
    ['from before the channel was made', NOW - 1],
    ['beyond the head', NOW + 100],
  ])('with a position %s is not recovered', async (_what, after) => {
    await log.publishMany(3);

    expect(await log.subscribe(after)).toEqual({
      event: 'subscribed',
      channel: CHANNEL,
      seq: NOW + 3,
      recovered: false,
    });
  });

  it('is not recovered when something after the position has expired, deleted or not', async () => {
    const [position = 0, gone = 0] = await log.publishMany(2);
    log.pass((RETENTION_HOURS + 1) * HOUR);
    await log.publish();

    expect(await log.subscribe(position)).toMatchObject({ recovered: false });
    log.ports.channelLog.expire(CHANNEL, position);
    log.ports.channelLog.expire(CHANNEL, gone);
    expect(await log.subscribe(position)).toMatchObject({ recovered: false });
  });

  it('never seals a number whose message has expired', async () => {
    const [position = 0, gone = 0] = await log.publishMany(2);
    log.pass((RETENTION_HOURS + 2) * HOUR);
    const last = await log.publish();
    log.ports.channelLog.expire(CHANNEL, position);
    log.ports.channelLog.expire(CHANNEL, gone);

    await log.subscribe(position);

    expect(
      await log.ports.channelLog.seal(CHANNEL, { seq: gone, void: true, time: 1 }, { retentionMs: 1 }),
    ).toEqual([{ seq: gone, void: true, time: 1 }]);
    expect(last).toBe(gone + 1);
  });

  it('does not conclude from a number that was sealed late that the messages behind it are still there', async () => {
    const [before = 0] = await log.publishMany(1);
    const hole = await log.leaveHole();
    const gone = await log.publish();
    log.pass((RETENTION_HOURS - 1) * HOUR);
    await log.subscribe(before);
    log.pass(3 * HOUR);
    log.ports.channelLog.expire(CHANNEL, gone);
    await log.publish();
    // No connection lives that long: it is another one that comes back.
    await log.open();

    expect(await log.subscribe(hole)).toMatchObject({ recovered: false });
  });

  it('is recovered when only messages before the position have expired', async () => {
    const position = await log.publish();
    log.pass((RETENTION_HOURS + 1) * HOUR);
    log.ports.channelLog.expire(CHANNEL, position);
    const missed = await log.publish();

    expect(await log.subscribe(position)).toMatchObject({ recovered: true, messages: [{ seq: missed }] });
  });

  it('is recovered on a channel that was silent for longer than its retention', async () => {
    const position = await log.publish();
    log.pass(10 * RETENTION_HOURS * HOUR);
    log.ports.channelLog.expire(CHANNEL, position);

    expect(await log.subscribe(position)).toMatchObject({ recovered: true, messages: [] });
  });

  it('replays as many messages as fit into a reply, and history has the rest', async () => {
    const numbers = [];
    for (let n = 0; n < 30; n++) numbers.push(await log.publish('x'.repeat(10_000)));

    const command = { action: 'subscribe', channel: CHANNEL, after: NOW };
    const text = JSON.stringify(await log.ask(command));
    const { messages = [], more } = await log.subscribe(NOW);

    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MESSAGE_BYTES);
    expect(more).toBe(true);
    const rest = [];
    for (let after = messages.at(-1)?.seq, open = true; open; ) {
      const page = await log.history({ after: after ?? 0 });
      rest.push(...page.messages);
      after = page.messages.at(-1)?.seq;
      open = page.more;
    }
    expect(numbersOf([...messages, ...rest])).toEqual(numbers);
  });

  it('of many channels in one frame shares the room of the reply', async () => {
    for (let n = 0; n < 10; n++) await log.publish('é'.repeat(5_000));
    const commands = Array.from({ length: 20 }, () => ({
      action: 'subscribe',
      channel: CHANNEL,
      after: NOW,
    }));

    const reply = JSON.stringify(await log.ask(commands));

    expect(Buffer.byteLength(reply)).toBeLessThanOrEqual(MESSAGE_BYTES);
    expect(reply).not.toContain('"recovered":false');
  });

  it('replays the largest message that can be published', async () => {
    const position = (await log.subscribe()).seq ?? 0;
    let size = MESSAGE_BYTES;
    while (!(await isPublished(size))) size -= 64;

    expect((await log.subscribe(position)).messages).toHaveLength(1);

    async function isPublished(length: number): Promise<boolean> {
      const reply = await log.ask({ action: 'publish', channel: CHANNEL, data: 'x'.repeat(length - 200) });
      return JSON.stringify(reply).includes('published');
    }
  });

  it('on a channel without history has no position, and recovers nothing', async () => {
    expect(await log.ask({ action: 'subscribe', channel: 'live:a' })).toEqual({
      event: 'subscribed',
      channel: 'live:a',
    });
    expect(await log.ask({ action: 'subscribe', channel: 'live:a', after: 7 })).toEqual({
      event: 'subscribed',
      channel: 'live:a',
      recovered: false,
    });
  });

  it.each([-1, 1.5, '7', null, 2 ** 60])('refuses the position %j', async (after) => {
    expect(await log.ask({ action: 'subscribe', channel: CHANNEL, after })).toMatchObject({
      code: 'bad-request',
    });
  });
});

describe('subscribe with diffs', () => {
  const anyone = { subscribe: 'anyone', publish: 'anyone', members: 'anyone', history: 'none' } as const;
  const config: FanfareConfig = {
    namespaces: {
      room: { ...anyone, presence: { lingerSeconds: 1 } },
      closed: { ...anyone, members: 'granted', presence: { lingerSeconds: 1 } },
      plain: { ...anyone, presence: 'none' },
    },
    builtIn: { '@all': { ...anyone, presence: 'none' }, '@user': { ...anyone, presence: 'none' } },
  };

  async function rowOf(command: { readonly channel: string; readonly diffs?: unknown }) {
    const ports = memoryPorts();
    const session = sessionFixture();
    await ports.connections.open({ connectionId: session.connectionId, expiresAt: NOW }, []);
    const frame = JSON.stringify({ action: 'subscribe', ...command });
    const reply: unknown = JSON.parse(await answer(frame, session, actionContext(config, ports)));
    const { subscriptions } = await ports.subscriptions.page({ channel: command.channel, shard: 0 });
    return { reply, row: subscriptions[0] };
  }

  it('is stored for an observer that asked for them', async () => {
    const { row } = await rowOf({ channel: 'room:a', diffs: true });

    expect(row).toMatchObject({ seesMembers: true, takesDiffs: true });
  });

  it.each([
    { channel: 'room:a' },
    { channel: 'room:a', diffs: false },
    { channel: 'closed:a', diffs: true },
    { channel: 'plain:a', diffs: true },
  ])('is not stored for %j', async (command) => {
    expect((await rowOf(command)).row).not.toHaveProperty('takesDiffs');
  });

  it('is refused if diffs is no truth value', async () => {
    const { reply } = await rowOf({ channel: 'room:a', diffs: 'yes' });

    expect(reply).toMatchObject({
      event: 'error',
      code: 'bad-request',
      message: 'diffs must be true or false.',
    });
  });
});
