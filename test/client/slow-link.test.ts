/** Slow links, in virtual time: what was missed arrives once, and little is downloaded twice. */

import { describe, expect, it } from 'vitest';
import { connected } from './connected.ts';
import { settle } from './fake-clock.ts';
import { follow } from './follow.ts';
import { type Link, shape } from './shaped-link.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const KB = 1_000;

/** A reply is one message of the platform. Bytes. */
const REPLY_BYTES = 128 * 1_024;

interface Absence {
  readonly channels: number;
  readonly messages: number;
  readonly messageBytes: number;
  readonly link: Link;
  /** How many handlers each channel has. */
  readonly handlers?: number;
}

/** A client that was away from its channels, and is back on a slow link. */
async function comeBack({ channels, messages, messageBytes, link, handlers = 1 }: Absence) {
  const setup = await connected();
  const { server, connection, clock } = setup;
  server.replyBytes = REPLY_BYTES;
  const names = Array.from({ length: channels }, (_, n) => `open:${n}`);
  const all = names.flatMap((name) => Array.from({ length: handlers }, () => follow(connection, name)));
  await settle();
  server.socket.cut();
  const data = 'x'.repeat(messageBytes);
  for (const name of names) for (let n = 0; n < messages; n += 1) server.channel(name).append(`${n}${data}`);
  const passed = shape(server, clock, link);
  const expected = Array.from({ length: messages }, (_, n) => n);
  const got = () => all.map((each) => each.got.map((text) => Number.parseInt(String(text), 10)));
  return { ...setup, passed, needed: channels * messages * messageBytes, expected, got };
}

describe('a client on a slow link', () => {
  it.each([100, 50, 10])(
    'that missed 60 KB in each of 60 channels gets them once at %i KB/s, and downloads less than 1.5 times the bytes',
    async (speed) => {
      const { clock, passed, needed, expected, got, server, told } = await comeBack({
        channels: 60,
        messages: 6,
        messageBytes: 10 * KB,
        link: { bytesPerSecond: speed * KB, delayMs: 50 },
      });

      await clock.pass(((1.3 * needed) / (speed * KB)) * SECOND + 10 * SECOND);

      process.stdout.write(`${speed} KB/s: ${passed.down} of ${needed} bytes.\n`);
      for (const each of got()) expect(each).toEqual(expected);
      expect(passed.down).toBeLessThan(1.5 * needed);
      expect(server.sockets).toHaveLength(2);
      expect(told.filter(([name]) => name === 'lost' || name === 'error')).toEqual([]);
    },
  );

  it.each([11, 5])('that missed 144 KB in one channel gets them once at %i KB/s', async (speed) => {
    const { clock, passed, needed, expected, got } = await comeBack({
      channels: 1,
      messages: 36,
      messageBytes: 4 * KB,
      link: { bytesPerSecond: speed * KB, delayMs: 50 },
    });

    await clock.pass(((2.5 * needed) / (speed * KB)) * SECOND + 30 * SECOND);

    process.stdout.write(`${speed} KB/s: ${passed.down} of ${needed} bytes.\n`);
    expect(got()).toEqual([expected]);
    if (speed > 10) expect(passed.down).toBeLessThan(1.5 * needed);
  });

  it('with ten handlers for a channel downloads its messages once for all of them', async () => {
    const { clock, passed, needed, expected, got } = await comeBack({
      channels: 10,
      handlers: 10,
      messages: 20,
      messageBytes: 4 * KB,
      link: { bytesPerSecond: 50 * KB, delayMs: 50 },
    });

    await clock.pass(MINUTE);

    for (const each of got()) expect(each).toEqual(expected);
    expect(passed.down).toBeLessThan(1.5 * needed);
  });
});

describe('a client whose replies are 12 s late', () => {
  const late = { workMs: 12 * SECOND };

  it('becomes ready, and publishes once, in channels with and without history', async () => {
    const { server, clock, connection } = await connected();
    shape(server, clock, late);
    for (const name of ['open:x', 'live:x']) {
      const { got, subscription } = follow(connection, name);
      await clock.pass(13 * SECOND);
      await subscription.ready;
      const published = connection.channel(name).publish('said');
      await clock.pass(13 * SECOND);
      await published;
      await clock.pass(MINUTE);

      expect(got).toEqual(['said']);
    }
    expect(server.sockets).toHaveLength(1);
  });

  it('sends a publish once, if it is not known whether the channel has history', async () => {
    const { server, clock, connection } = await connected();
    shape(server, clock, late);
    const published = connection.channel('live:x').publish('said');
    await clock.pass(13 * SECOND);
    await published;
    await clock.pass(MINUTE);

    expect(server.commandsOf('publish')).toHaveLength(1);
  });

  it('catches up with large pages, because the link is fast', async () => {
    const { server, clock, got, expected } = await comeBack({
      channels: 1,
      messages: 2_500,
      messageBytes: 100,
      link: late,
    });

    await clock.pass(3 * MINUTE);

    expect(got()).toEqual([expected]);
    expect(server.commandsOf('history').length).toBeLessThan(20);
  });
});
