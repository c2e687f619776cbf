import { HISTORY_LIMIT_MAX, MESSAGE_BYTES } from 'fanfare-protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import { NOW } from '../../memory/memory-ports.ts';
import { CHANNEL, HOUR, LogFixture, numbersOf, RETENTION_HOURS } from './log-fixture.ts';

const EMPTY = { event: 'subscribed', channel: CHANNEL, messages: [], more: false };

describe('subscribe with last', () => {
  let log: LogFixture;

  beforeEach(async () => {
    log = new LogFixture();
    await log.open();
  });

  it('answers the newest messages, oldest first, and the position before them', async () => {
    const numbers = await log.publishMany(5);

    const reply = await log.latest({ last: 3 });

    expect(reply).toMatchObject({ seq: numbers[4], after: numbers[1], more: false });
    expect(numbersOf(reply.messages)).toEqual(numbers.slice(2));
    expect(reply).not.toHaveProperty('recovered');
  });

  it('answers all messages of a channel that has fewer', async () => {
    const numbers = await log.publishMany(2);

    const reply = await log.latest({ last: 50 });

    expect(reply).toMatchObject({ seq: NOW + 2, after: NOW });
    expect(numbersOf(reply.messages)).toEqual(numbers);
  });

  it('answers position 0 in a channel in which nothing was published', async () => {
    expect(await log.latest({ last: 50 })).toEqual({ ...EMPTY, seq: 0, after: 0 });
  });

  it('answers no message with 0, and the head as position', async () => {
    await log.publishMany(2);

    expect(await log.latest({ last: 0 })).toEqual({ ...EMPTY, seq: NOW + 2, after: NOW + 2 });
  });

  it('answers a number whose writer died as void, and counts it', async () => {
    await log.publish();
    const hole = await log.leaveHole();
    const message = await log.publish();

    const reply = await log.latest({ last: 2 });

    expect(reply).toMatchObject({ after: hole - 1, messages: [{ seq: hole, void: true }, { seq: message }] });
  });

  it('begins with the oldest message that is kept, whether or not the ones before it are deleted', async () => {
    const gone = await log.publishMany(3);
    log.pass((RETENTION_HOURS + 1) * HOUR);
    const kept = await log.publishMany(2);

    const reply = await log.latest({ last: 50 });

    expect(reply).toMatchObject({ after: gone[2] });
    expect(numbersOf(reply.messages)).toEqual(kept);
    for (const seq of gone) log.ports.channelLog.expire(CHANNEL, seq);
    expect(await log.latest({ last: 50 })).toEqual(reply);
  });

  it('never seals a number whose message has expired', async () => {
    const [gone = 0] = await log.publishMany(1);
    log.pass((RETENTION_HOURS + 2) * HOUR);
    await log.publish();
    log.ports.channelLog.expire(CHANNEL, gone);

    await log.latest({ last: 2 });

    const sealed = { seq: gone, void: true, time: 1 } as const;
    expect(await log.ports.channelLog.seal(CHANNEL, sealed, { retentionMs: 1 })).toEqual([sealed]);
  });

  it('answers the head as position once all messages have expired', async () => {
    await log.publishMany(2);
    log.pass((RETENTION_HOURS + 1) * HOUR);
    await log.open();

    expect(await log.latest({ last: 50 })).toEqual({ ...EMPTY, seq: NOW + 2, after: NOW + 2 });
  });

  it('answers as many as fit into a reply, from the oldest on, and history has the rest', async () => {
    const numbers: number[] = [];
    for (let n = 0; n < 30; n++) numbers.push(await log.publish('x'.repeat(10_000)));

    const { messages = [], more, seq } = await log.latest({ last: 25 });

    expect(Buffer.byteLength(JSON.stringify(messages))).toBeLessThanOrEqual(MESSAGE_BYTES);
    expect({ more, seq }).toEqual({ more: true, seq: numbers[29] });
    const rest = [];
    for (let after = messages.at(-1)?.seq, open = true; open; ) {
      const page = await log.history({ after: after ?? 0 });
      rest.push(...page.messages);
      after = page.messages.at(-1)?.seq;
      open = page.more;
    }
    expect(numbersOf([...messages, ...rest])).toEqual(numbers.slice(5));
  });

  it.each([0, 1, 4])('and a limit of %i answers that number of them, from the oldest on', async (limit) => {
    const numbers = await log.publishMany(5);

    const reply = await log.latest({ last: 4, limit });

    expect(reply).toMatchObject({ seq: numbers[4], after: numbers[0], more: limit < 4 });
    expect(numbersOf(reply.messages)).toEqual(numbers.slice(1, 1 + limit));
  });

  it('answers no message in a channel that keeps none', async () => {
    expect(await log.ask({ action: 'subscribe', channel: 'live:a', last: 50 })).toEqual({
      event: 'subscribed',
      channel: 'live:a',
    });
  });

  it.each([-1, 1.5, '7', null, HISTORY_LIMIT_MAX + 1])('refuses %j messages', async (last) => {
    expect(await log.ask({ action: 'subscribe', channel: CHANNEL, last })).toMatchObject({
      code: 'bad-request',
      message: 'last must be a whole number from 0 to 1000.',
    });
  });

  it.each([0, 7, 'marked'])('refuses a position beside it, such as %j', async (after) => {
    expect(await log.ask({ action: 'subscribe', channel: CHANNEL, last: 5, after })).toMatchObject({
      code: 'bad-request',
      message: 'subscribe takes either after or last, not both.',
    });
  });

  it('subscribes several channels of a frame, each from its own newest messages', async () => {
    const numbers = await log.publishMany(3);
    const command = { action: 'subscribe', channel: CHANNEL };

    const replies = await log.ask([{ ...command, last: 1 }, { ...command, last: 2 }, command]);

    expect(replies).toMatchObject([{ after: numbers[1] }, { after: numbers[0] }, { seq: numbers[2] }]);
  });
});

describe('subscribe with after and a limit', () => {
  it('answers that number of messages, and is recovered', async () => {
    const log = new LogFixture();
    await log.open();
    const [position, ...missed] = await log.publishMany(4);
    const command = { action: 'subscribe', channel: CHANNEL, after: position };

    expect(await log.ask({ ...command, limit: 2 })).toMatchObject({
      recovered: true,
      messages: [{ seq: missed[0] }, { seq: missed[1] }],
      more: true,
    });
    expect(await log.ask({ ...command, limit: 0 })).toMatchObject({
      recovered: true,
      messages: [],
      more: true,
    });
    expect(await log.ask({ ...command, limit: 3 })).toMatchObject({ more: false });
    expect(await log.ask({ ...command, limit: -1 })).toMatchObject({ code: 'bad-request' });
  });
});
