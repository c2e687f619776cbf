import { MESSAGE_BYTES } from 'fanfare-protocol/limits';
import { beforeEach, describe, expect, it } from 'vitest';
import { CHANNEL, HOUR, LogFixture, numbersOf, RETENTION_HOURS } from './log-fixture.ts';

describe('history', () => {
  let log: LogFixture;

  beforeEach(async () => {
    log = new LogFixture();
    await log.open();
  });

  it('of a channel that was never used is empty', async () => {
    expect(await log.history()).toEqual({ event: 'history', channel: CHANNEL, messages: [], more: false });
  });

  it('returns the first number after position 0, and writes nothing in a channel that was never used', async () => {
    await log.history({ after: 0 });
    expect(await log.ports.channelLog.head(CHANNEL)).toBeUndefined();
    const [first = 0, second] = await log.publishMany(2);

    expect(await log.history({ after: 0 })).toMatchObject({
      first,
      messages: [{ seq: first }, { seq: second }],
    });
    expect(await log.history({ after: first })).not.toHaveProperty('first');
    expect(await log.history()).not.toHaveProperty('first');
  });

  it('is the newest page by default, oldest first', async () => {
    const numbers = await log.publishMany(7);

    const page = await log.history({ limit: 3 });

    expect(numbersOf(page.messages)).toEqual(numbers.slice(-3));
    expect(page.more).toBe(true);
  });

  it('pages backwards to the first message', async () => {
    const numbers = await log.publishMany(7);
    const pages = [];
    for (let before = Number.MAX_SAFE_INTEGER, more = true; more; ) {
      const page = await log.history({ before, limit: 3 });
      pages.unshift(...page.messages);
      before = page.messages[0]?.seq ?? 0;
      more = page.more;
    }

    expect(numbersOf(pages)).toEqual(numbers);
  });

  it('pages forwards to the head', async () => {
    const numbers = await log.publishMany(7);
    const pages = [];
    for (let after = 0, more = true; more; ) {
      const page = await log.history({ after, limit: 3 });
      pages.push(...page.messages);
      after = page.messages.at(-1)?.seq ?? 0;
      more = page.more;
    }

    expect(numbersOf(pages)).toEqual(numbers);
  });

  it('has nothing after the head and nothing before the first message', async () => {
    const numbers = await log.publishMany(2);

    const nothing = { messages: [], more: false };
    expect(await log.history({ after: numbers[1] ?? 0 })).toMatchObject(nothing);
    expect(await log.history({ after: (numbers[1] ?? 0) + 50 })).toMatchObject(nothing);
    expect(await log.history({ before: numbers[0] ?? 0 })).toMatchObject(nothing);
    expect(await log.history({ before: 0 })).toMatchObject(nothing);
  });

  it('shows holes as void, in both directions', async () => {
    const first = await log.publish();
    const hole = await log.leaveHole();
    const last = await log.publish();

    const forwards = await log.history({ after: first });
    const backwards = await log.history({ before: last });

    expect(forwards.messages).toMatchObject([{ seq: hole, void: true }, { seq: last }]);
    expect(backwards.messages).toMatchObject([{ seq: first }, { seq: hole, void: true }]);
  });

  it('leaves out what has expired, deleted or not, and does not seal it', async () => {
    const [deleted = 0, kept = 0] = await log.publishMany(2);
    log.pass((RETENTION_HOURS + 1) * HOUR);
    const served = await log.publish();
    log.ports.channelLog.expire(CHANNEL, deleted);

    expect(numbersOf((await log.history({ after: 0 })).messages)).toEqual([served]);
    expect(numbersOf((await log.history({ before: served + 1 })).messages)).toEqual([served]);
    expect((await log.history({ before: served })).messages).toEqual([]);
    expect(kept).toBe(deleted + 1);
    const stored = [];
    for await (const record of log.ports.channelLog.read(CHANNEL, { from: deleted, to: kept }))
      stored.push(record);
    expect(numbersOf(stored)).toEqual([kept]);
  });

  it('fits into one message of the platform, for every limit', async () => {
    for (let n = 0; n < 20; n++) await log.publish('\u0000'.repeat(2_000));

    const reply = await log.ask({
      action: 'history',
      channel: CHANNEL,
      limit: 1000,
      id: '\u0000'.repeat(128),
    });

    expect(Buffer.byteLength(JSON.stringify(reply))).toBeLessThanOrEqual(MESSAGE_BYTES);
    expect(reply).toMatchObject({ more: true });
  });

  it('keeps the newest messages when a page backwards does not fit', async () => {
    const numbers = [];
    for (let n = 0; n < 20; n++) numbers.push(await log.publish('x'.repeat(20_000)));

    const { messages, more } = await log.history();

    expect(more).toBe(true);
    expect(numbersOf(messages)).toEqual(numbers.slice(-messages.length));
  });

  it.each([
    { after: 1, before: 2 },
    { limit: 0 },
    { limit: 1001 },
    { limit: 1.5 },
    { after: -1 },
    { before: 'x' },
  ])('refuses %j', async (range) => {
    expect(await log.ask({ action: 'history', channel: CHANNEL, ...range })).toMatchObject({
      code: 'bad-request',
    });
  });

  it('is refused on a channel without history', async () => {
    expect(await log.ask({ action: 'history', channel: 'live:a' })).toMatchObject({ code: 'bad-request' });
  });
});
