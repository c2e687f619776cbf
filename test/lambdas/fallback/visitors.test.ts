/** The limits of sessions without a token, in virtual time. */

import {
  OPENINGS_PER_SESSION,
  OPENINGS_PER_WINDOW,
  OPENINGS_WINDOW_MS,
  SESSIONS_PER_ADDRESS,
} from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import { NOW } from '../../memory/memory-ports.ts';
import { fallbackWorld } from './fallback-world.ts';

const named = (index: number) => `a-random-session-${index}`;
const opening = (index: number, sourceIp = '192.0.2.1') => ({
  path: '/poll',
  query: { session: named(index), open: '1' },
  sourceIp,
});
const ping = { method: 'POST', body: '{"action":"ping"}' };
const everyName = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('an address', () => {
  it(`has at most ${SESSIONS_PER_ADDRESS} sessions without a token, and a refused session stores nothing`, async () => {
    const { whole, ports } = fallbackWorld();
    for (const index of everyName(SESSIONS_PER_ADDRESS))
      expect((await whole(opening(index))).status).toBe(200);

    expect(await whole(opening(99))).toMatchObject({
      status: 429,
      json: { code: 'rate-limited', message: expect.stringContaining('at this address') },
    });
    expect((await ports.directory.connections()).connections).toHaveLength(SESSIONS_PER_ADDRESS);
    expect((await whole({ ...ping, query: { session: named(99) } })).status).toBe(410);
    // Another address, another user, and the same session again.
    expect((await whole(opening(98, '192.0.2.2'))).status).toBe(200);
    expect((await whole({ ...opening(97), headers: { authorization: 'Bearer ann' } })).status).toBe(200);
    expect((await whole(opening(0))).status).toBe(200);
  });

  it('has room again when a session is closed or over', async () => {
    const { whole, ports } = fallbackWorld();
    for (const index of everyName(SESSIONS_PER_ADDRESS)) await whole(opening(index));
    await whole({ method: 'DELETE', query: { session: named(0) } });
    expect((await whole(opening(50))).status).toBe(200);
    expect((await whole(opening(51))).status).toBe(429);

    await ports.pause(121_000);

    for (const index of everyName(SESSIONS_PER_ADDRESS))
      expect((await whole(opening(index))).status).toBe(200);
  });

  it('counts streams and polls together, for as long as they are renewed', async () => {
    const { at, answer, stream, whole, now } = fallbackWorld(400_000);
    for (const index of everyName(SESSIONS_PER_ADDRESS - 1))
      await answer({ query: { session: named(index) } });
    const renewals = everyName(15).map((index) => (index + 1) * 25_000);
    for (const ms of renewals)
      at(ms, async () => {
        // Polls renew theirs, and the stream its own.
        for (const index of everyName(SESSIONS_PER_ADDRESS - 1))
          await whole({ path: '/poll', query: { session: named(index) } });
        await whole({ ...ping, query: { session: named(90) } });
        expect((await whole(opening(91))).status).toBe(429);
      });

    await stream({ query: { session: named(90) } });

    expect(now() - NOW).toBe(400_000);
    expect((await whole(opening(91))).status).toBe(200);
  });

  it('is the network of an IPv6 address, and never the value of a header', async () => {
    const { whole } = fallbackWorld();
    for (const index of everyName(SESSIONS_PER_ADDRESS))
      expect((await whole(opening(index, `2001:db8:0:7:${index}::${index}`))).status).toBe(200);
    const headers = { 'x-forwarded-for': '198.51.100.7', forwarded: 'for=198.51.100.7' };

    expect((await whole({ ...opening(20, '2001:db8:0:7:ffff::'), headers })).status).toBe(429);
    expect((await whole(opening(20, '2001:db8:0:8::1'))).status).toBe(200);
  });

  it('takes no place among the channels of a session, and no client can use it as a channel', async () => {
    const { whole, ports } = fallbackWorld();
    await whole(opening(0));
    const [connection] = (await ports.directory.connections()).connections;
    expect(connection?.channels).toEqual(['@all']);
    const [placement] = ((await ports.leases.renewConnection(connection?.connectionId ?? '', 1)) ?? []).slice(
      -1,
    );
    expect(placement?.channel).toMatch(/^@address:/);

    for (const action of ['subscribe', 'publish', 'history', 'members', 'unsubscribe'])
      expect(
        (
          await whole({
            method: 'POST',
            query: { session: named(0) },
            body: JSON.stringify({ action, channel: placement?.channel, data: 1 }),
          })
        ).json,
      ).toMatchObject({ event: 'error', code: 'bad-request' });
  });
});

describe('openings without a token', () => {
  const openAndClose = async (world: ReturnType<typeof fallbackWorld>, index: number, sourceIp: string) => {
    const { status, json } = await world.whole(opening(index, sourceIp));
    await world.whole({ method: 'DELETE', query: { session: named(index) } });
    return { status, json };
  };

  it('of one address are limited in time, and take nothing from other addresses', async () => {
    const world = fallbackWorld();
    const most = SESSIONS_PER_ADDRESS * OPENINGS_PER_SESSION;
    for (const index of everyName(most))
      expect((await openAndClose(world, index, '192.0.2.1')).status).toBe(200);

    for (const _ of everyName(300))
      expect(await openAndClose(world, 1, '192.0.2.1')).toMatchObject({
        status: 429,
        json: { code: 'rate-limited', retryAfter: OPENINGS_WINDOW_MS - (NOW % OPENINGS_WINDOW_MS) },
      });
    expect((await openAndClose(world, 2, '192.0.2.2')).status).toBe(200);
    await world.ports.pause(OPENINGS_WINDOW_MS);
    expect((await openAndClose(world, 1, '192.0.2.1')).status).toBe(200);
  });

  it(`of all addresses are ${OPENINGS_PER_WINDOW} in ten seconds, and a flood is refused from memory`, async () => {
    const world = fallbackWorld();
    let writes = 0;
    const { take } = world.ports.openings;
    world.ports.openings.take = (...counted) => {
      writes += 1;
      return take(...counted);
    };
    let admitted = 0;
    for (const index of everyName(OPENINGS_PER_WINDOW + 100)) {
      const { status } = await openAndClose(world, index, `192.0.2.${index % 250}`);
      if (status === 200) admitted += 1;
    }

    expect(admitted).toBe(OPENINGS_PER_WINDOW);
    expect(writes).toBeLessThanOrEqual(2 * OPENINGS_PER_WINDOW + 101);
    // A client with a token does not count as a visitor.
    const headers = { authorization: 'Bearer ann' };
    expect((await world.whole({ ...opening(1), headers })).status).toBe(200);
  });
});

describe('a stream whose client sends nothing', () => {
  const lasts = async (headers: Readonly<Record<string, string>>, pings: readonly number[] = []) => {
    const { at, stream, whole, now } = fallbackWorld(870_000);
    const query = { session: named(0) };
    for (const ms of pings) at(ms, () => whole({ ...ping, query, headers }));
    const sent = await stream({ query: { ...query, channel: 'open:a' }, headers });
    expect(sent.at(-1)?.frame).toEqual({ event: 'closing', reason: 'lifetime', reconnectAfter: 0 });
    return (now() - NOW) / 1000;
  };
  const ann = { authorization: 'Bearer ann' };

  it('lasts two minutes without a token, five with one, and says so before', async () => {
    expect(await lasts({})).toBe(120);
    expect(await lasts(ann)).toBe(300);
  });

  it('goes on while its client sends something, up to its full length', async () => {
    expect(await lasts({}, [90_000])).toBe(210);
    expect(
      await lasts(
        {},
        everyName(20).map((index) => index * 50_000),
      ),
    ).toBe(870);
    // The client library pings after four and a half minutes of silence.
    expect(await lasts(ann, [271_000, 542_000, 813_000])).toBe(870);
  });

  it('loses nothing when it comes again from its position', async () => {
    const world = fallbackWorld(870_000);
    const published = everyName(60).map((index) => index * 4_001);
    for (const ms of published) world.at(ms + 1_000, () => world.publish('open:a', ms));
    const query = { session: named(0), channel: 'open:a' };
    const first = await world.stream({ query });
    await world.ports.pause(5_000);
    const lastEventId = first.findLast(({ id }) => id !== undefined)?.id ?? '';
    const second = await world.stream({ query, headers: { 'last-event-id': lastEventId } });

    const data = [...first, ...second]
      .filter(({ frame }) => frame.event === 'messages')
      .flatMap(({ frame }) => JSON.parse(JSON.stringify(frame['messages'])))
      .map((message) => message.data);
    expect(data).toEqual(published);
  });
});
