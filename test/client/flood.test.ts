/** A client that wants far more than it may. */

import { BURST_MS, SURPLUS_BYTES_PER_SECOND } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import { connected, type Setup } from './connected.ts';
import { settle } from './fake-clock.ts';
import { refusal } from './fake-server.ts';
import { follow } from './follow.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const limited = (retryAfter: number) => refusal('rate-limited', 429, retryAfter);

/** How many frames the server took, and how many not. */
interface Traffic {
  accepted: number;
  refused: number;
}

/**
 * Allows a connection this number of commands a second, and the same number at once. One more refuses the whole frame until it
 * would pass, as the server does.
 */
function limit({ server, clock }: Setup, commandsPerSecond: number): Traffic {
  const traffic: Traffic = { accepted: 0, refused: 0 };
  let busyUntil = 0;
  server.refuse = (commands) => {
    const at = clock.now();
    const after = Math.max(at, busyUntil) + (commands.length * SECOND) / commandsPerSecond;
    const tooMuchMs = Math.ceil(after - at - SECOND);
    if (tooMuchMs > 0) {
      traffic.refused += 1;
      return limited(tooMuchMs);
    }
    traffic.accepted += 1;
    busyUntil = after;
    return undefined;
  };
  return traffic;
}

describe('a client far over its rate', () => {
  it('lands every message once and in order, and sends few requests that are refused', async () => {
    const setup = await connected();
    const { server, connection, clock } = setup;
    const traffic = limit(setup, 5);
    const names = Array.from({ length: 10 }, (_, n) => `open:${n}`);
    const done: Promise<unknown>[] = [];

    for (let n = 0; n < 40; n += 1) {
      for (const name of names) done.push(connection.channel(name).publish(n));
      await clock.pass(100);
    }
    await clock.pass(MINUTE);
    await Promise.all(done);

    for (const name of names) {
      const landed = server
        .channel(name)
        .read(100, 1_000)
        .messages.map(({ data }) => data);
      expect(landed).toEqual(Array.from({ length: 40 }, (_, n) => n));
    }
    expect(traffic.refused).toBeGreaterThan(5);
    expect(traffic.refused).toBeLessThan(3 * traffic.accepted);
  });

  it('comes back to many channels, with much to fetch in each, without loss', async () => {
    const setup = await connected();
    const { server, connection, clock, told } = setup;
    const all = Array.from({ length: 20 }, (_, n) => follow(connection, `open:${n}`));
    await settle();
    const traffic = limit(setup, 30);
    server.socket.cut();
    for (let n = 0; n < 20; n += 1) {
      const channel = server.channel(`open:${n}`);
      channel.replySize = 2;
      for (let m = 0; m < 10; m += 1) channel.append(m);
    }

    await clock.pass(MINUTE);

    for (const { got } of all) expect(got).toEqual(Array.from({ length: 10 }, (_, m) => m));
    expect(told.filter(([name]) => name === 'lost' || name === 'error')).toEqual([]);
    expect(traffic.refused).toBeGreaterThan(0);
    expect(traffic.refused).toBeLessThan(3 * traffic.accepted);
  });

  it('comes back to 100 channels with 10 MB to fetch, and gets all of it at the rate limit of replies', async () => {
    const setup = await connected();
    const { server, connection, clock, told } = setup;
    const channels = 100;
    const perChannel = 10;
    const messageBytes = 10 * 1024;
    const all = Array.from({ length: channels }, (_, n) => follow(connection, `open:${n}`));
    await settle();
    server.socket.cut();
    for (let n = 0; n < channels; n += 1) {
      const channel = server.channel(`open:${n}`);
      // The reply to a frame of 100 subscriptions has room for few of them.
      channel.replySize = 1;
      for (let m = 0; m < perChannel; m += 1) channel.append(m);
    }
    // The same bucket as the server's: 10 s at most, and 1 KB takes 5 ms of it.
    let busyUntil = 0;
    let refused = 0;
    server.script = ({ action, channel, after = 0 }) => {
      if (action !== 'history') return undefined;
      const at = clock.now();
      const page = server.channel(channel).read(after, 1_000, 12);
      const costMs = Math.ceil((page.messages.length * messageBytes * SECOND) / SURPLUS_BYTES_PER_SECOND);
      const waitMs = Math.max(at, busyUntil) + costMs - at - BURST_MS;
      if (waitMs > 0) {
        refused += 1;
        return limited(waitMs);
      }
      busyUntil = Math.max(at, busyUntil) + costMs;
      return { event: 'history', ...page };
    };

    await clock.pass(5 * MINUTE);

    for (const { got } of all) expect(got).toEqual(Array.from({ length: perChannel }, (_, m) => m));
    expect(told.filter(([name]) => name === 'lost' || name === 'error')).toEqual([]);
    expect(refused).toBeGreaterThan(channels / 2);
  });

  it('stays on the old socket until the new one may subscribe', async () => {
    const { server, connection, clock, told } = await connected();
    const { got } = follow(connection, 'open:x');
    await settle();
    let refusals = 0;
    server.refuse = () => (++refusals <= 3 ? limited(10 * SECOND) : undefined);

    connection.renew();
    for (let n = 0; n < 60; n += 1) {
      server.say('open:x', n);
      await clock.pass(SECOND);
    }

    expect(got).toEqual(Array.from({ length: 60 }, (_, n) => n));
    expect(server.sockets).toHaveLength(2);
    expect(told.map(([name]) => name)).toEqual(['state', 'rotated']);
  });

  it.each([0, 1, -5])(
    'does not hammer a server that refuses everything and asks for %i ms',
    async (retryAfter) => {
      const { server, connection, clock } = await connected();
      let frames = 0;
      server.refuse = ([command]) => {
        if (command?.action === 'ping') return undefined;
        frames += 1;
        // One that hammers would never let the time pass.
        return frames < 1_000 ? limited(retryAfter) : undefined;
      };
      follow(connection, 'open:x');
      connection
        .channel('open:x')
        .publish(1)
        .catch(() => {});

      await clock.pass(5 * MINUTE);

      expect(frames).toBeLessThan(40);
    },
  );
});
