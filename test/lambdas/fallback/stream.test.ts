import { Writable } from 'node:stream';
import { SURPLUS_BYTES_PER_SECOND } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../../../lambdas/fallback/http-answer.ts';
import { NOW } from '../../memory/memory-ports.ts';
import { CLOCK_SKEW_SECONDS, Collected, fallbackWorld, type Sent, sentIn } from './fallback-world.ts';

const session = 'a-random-session-0';
const [A, B, LIVE] = ['open:a', 'open:b', 'live:c'] as const;

const connect = (channels: string | readonly string[], lastEventId?: string) => ({
  query: { session, channel: channels },
  headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
});

/** Data of the messages of a channel, in the order in which they went out. */
const dataOf = (sent: readonly Sent[], channel: string): unknown[] =>
  sent
    .map(({ frame }) => frame)
    .filter((frame) => frame['channel'] === channel && frame.event === 'messages')
    .flatMap((frame) => JSON.parse(JSON.stringify(frame['messages'])))
    .map(({ data }) => data);

/** The number of the last message in an event. */
const idOf = (event: Sent | undefined): string =>
  String(JSON.parse(JSON.stringify(event?.frame['messages'])).at(-1).seq);

const lastIdIn = (sent: readonly Sent[]) => sent.findLast(({ id }) => id !== undefined)?.id ?? '';

/** A reader that leaves. */
class Leaving extends Collected {
  leave(): void {
    this.emit('close');
  }
}

describe('a stream', () => {
  it('begins with the subscription, and then has each message with its number as the id', async () => {
    const { at, publish, stream } = fallbackWorld();
    at(1_000, () => publish(A, 'one'));
    at(2_000, () => publish(A, 'two', 'three'));

    const sent = await stream(connect(A));

    const [subscribed, one, twoAndThree] = sent;
    // The channel has no message yet.
    expect(subscribed).toEqual({ id: '0', frame: { event: 'subscribed', channel: A, seq: 0 } });
    expect(dataOf(sent, A)).toEqual(['one', 'two', 'three']);
    expect([one?.id, twoAndThree?.id]).toEqual([idOf(one), idOf(twoAndThree)]);
  });

  it('of several channels has all positions in each id', async () => {
    const { at, publish, stream } = fallbackWorld();
    at(1_000, () => publish(A, 'one'));
    at(2_000, () => publish(B, 'two'));

    const sent = await stream(connect([A, B]));

    const [, , one, two] = sent;
    expect(sent.map(({ id }) => id).filter(Boolean)).toEqual([
      'open%3Aa=0',
      'open%3Aa=0&open%3Ab=0',
      `open%3Aa=${idOf(one)}&open%3Ab=0`,
      `open%3Aa=${idOf(one)}&open%3Ab=${idOf(two)}`,
    ]);
  });

  it('has no ids for a channel without history beside a channel with history', async () => {
    const { context, ports, at, stream, now } = fallbackWorld();
    const frame = Buffer.from(
      JSON.stringify({ event: 'messages', channel: LIVE, messages: [{ data: 1, time: 1 }] }),
    );
    at(1_000, async () => {
      const { subscriptions } = await ports.subscriptions.page({ channel: LIVE, shard: 0 });
      for (const { connectionId } of subscriptions) await context.ports.outbound.post(connectionId, frame);
    });

    const sent = await stream(connect([LIVE, A]));

    expect(sent.filter(({ frame: { channel } }) => channel === LIVE)).toEqual([
      { frame: { event: 'subscribed', channel: LIVE } },
      { frame: { event: 'messages', channel: LIVE, messages: [{ data: 1, time: 1 }] } },
    ]);
    expect(now()).toBeGreaterThan(NOW);
  });

  it.each([
    ['one channel', [A]],
    ['several channels', [A, B]],
  ])('of %s resumes exactly from the id of any event after all subscriptions', async (_what, channels) => {
    const world = fallbackWorld();
    for (const [index, channel] of [A, B, A, A, B].entries())
      world.at(500 + index * 500, () => world.publish(channel, index));
    const first = await world.stream(connect(channels));
    await world.publish(A, 'while the client was away');
    const wanted = (channel: string) => [
      ...dataOf(first, channel),
      ...(channel === A ? ['while the client was away'] : []),
    ];

    // Of a confirmation of each channel and a message of each publish, all have an id once all are subscribed.
    expect(first.filter(({ id }) => id !== undefined).length).toBeGreaterThan(channels.length);
    for (const [index, { id }] of first.entries()) {
      if (id === undefined || index < channels.length - 1) continue;
      const got = first.slice(0, index + 1);
      const rest = await world.stream(connect(channels, id));

      for (const channel of channels)
        expect([...dataOf(got, channel), ...dataOf(rest, channel)]).toEqual(wanted(channel));
      expect(rest.find(({ frame }) => frame['channel'] === A)?.frame).toMatchObject({
        event: 'subscribed',
        recovered: true,
      });
    }
  });

  it('resumes by its query for clients that cannot set headers, and by the header if there is one', async () => {
    const { publish, stream } = fallbackWorld();
    const first = await publish(A, 'one');
    const second = await publish(A, 'two');
    const query = { session, channel: A, lastEventId: String(first) };

    expect(dataOf(await stream({ query }), A)).toEqual(['two']);
    expect(dataOf(await stream({ query, headers: { 'last-event-id': String(second) } }), A)).toEqual([]);
  });

  it('resumes from before the first message without reading the numbers between', async () => {
    const { at, publish, stream } = fallbackWorld();
    const [subscribed] = await stream(connect(A));
    await publish(A, 'one');
    await publish(A, 'two');
    at(1_000, () => publish(A, 'three'));

    const sent = await stream(connect(A, subscribed?.id));

    expect(sent[0]?.frame).toMatchObject({ event: 'subscribed', recovered: true });
    expect(dataOf(sent, A)).toEqual(['one', 'two', 'three']);
  });

  it('says that it cannot resume from a position that is gone, and goes on with new messages', async () => {
    const { at, publish, stream } = fallbackWorld();
    await publish(A, 'lost');
    at(1_000, () => publish(A, 'new'));

    const sent = await stream(connect(A, '7'));

    expect(sent[0]?.frame).toMatchObject({ event: 'subscribed', recovered: false });
    expect(sent[0]?.id).toBe(String(sent[0]?.frame['seq']));
    expect(dataOf(sent, A)).toEqual(['new']);
  });

  it('resumes over more messages than fit into one reply', async () => {
    const { publish, stream } = fallbackWorld();
    const start = await publish(A, 'start');
    const large = Array.from({ length: 12 }, (_, index) => `${index}${'x'.repeat(30_000)}`);
    for (const each of large) await publish(A, each);

    const sent = await stream(connect(A, String(start)));

    expect(dataOf(sent, A)).toEqual(large);
    expect(lastIdIn(sent)).toBe(String(start + large.length));
    for (const { frame } of sent) expect(JSON.stringify(frame).length).toBeLessThan(128 * 1024);
  });

  it('has each message once and in order, and reads missing ones from the log', async () => {
    const { at, ports, publish, stream } = fallbackWorld();
    const { put } = ports.mailboxes;
    let held: (() => Promise<void>) | undefined;
    let count = 0;
    const data = Array.from({ length: 40 }, (_, index) => index);
    // Every third frame is lost, every fourth comes late, and twice; the last comes.
    ports.mailboxes.put = async (connectionId, frame) => {
      count += 1;
      const isLast = count === data.length;
      if (count % 3 === 0 && !isLast) return;
      if (count % 4 === 0 && !isLast) {
        held = async () => {
          await put(connectionId, frame);
          await put(connectionId, frame);
        };
        return;
      }
      await put(connectionId, frame);
      await held?.();
      held = undefined;
    };
    for (const each of data) at(500 + each * 130, () => publish(A, each));

    expect(dataOf(await stream(connect(A)), A)).toEqual(data);
  });

  it('passes on messages of channels that were subscribed to later without an id', async () => {
    const { at, publish, stream, whole } = fallbackWorld();
    const subscribe = JSON.stringify({ action: 'subscribe', channel: B });
    at(1_000, () => whole({ method: 'POST', query: { session }, body: subscribe }));
    at(2_000, () => publish(B, 'later'));

    const sent = await stream(connect(A));

    expect(sent.filter(({ frame }) => frame['channel'] === B)).toMatchObject([
      { frame: { event: 'messages', messages: [{ data: 'later' }] } },
    ]);
    expect(sent.find(({ frame }) => frame['channel'] === B)).not.toHaveProperty('id');
  });

  it('announces its end, and leaves no connection and no subscription', async () => {
    const { at, ports, publish, stream, now } = fallbackWorld(60_000);
    at(50_000, () => publish(A, 'near the end'));

    const sent = await stream(connect(A));

    expect(now() - NOW).toBe(60_000);
    expect(sent.slice(1).map(({ frame }) => frame)).toMatchObject([
      { event: 'closing', reason: 'lifetime', reconnectAfter: 0 },
      { event: 'messages', messages: [{ data: 'near the end' }] },
    ]);
    expect((await ports.directory.connections()).connections).toEqual([]);
    expect((await ports.subscriptions.page({ channel: A, shard: 0 })).subscriptions).toEqual([]);
  });

  it('keeps its rows while it lasts, and they end soon after its last renewal', async () => {
    const { at, ports, stream, whole, now } = fallbackWorld(600_000);
    const ends: number[] = [];
    for (let ms = 1_000; ms < 600_000; ms += 20_000)
      at(ms, async () => {
        await whole({ method: 'POST', query: { session }, body: '{"action":"ping"}' });
        const { subscriptions } = await ports.subscriptions.page({ channel: A, shard: 0 });
        ends.push(...subscriptions.map(({ expiresAt }) => expiresAt * 1000 - now()));
      });

    await stream(connect(A));

    expect(ends).toHaveLength(30);
    expect(Math.min(...ends)).toBeGreaterThan(60_000);
    expect(Math.max(...ends)).toBeLessThanOrEqual(121_000);
  });

  it('ends with its token, says so, and delivers nothing after that', async () => {
    const until = NOW / 1000 + 3;
    const end = 3_000 + CLOCK_SKEW_SECONDS * 1000;
    const { at, publish, stream, now } = fallbackWorld(60_000);
    at(end - 500, () => publish(A, 'in time'));
    at(end, () => publish(A, 'too late'));

    const sent = await stream({
      query: { session, channel: A },
      headers: { authorization: `Bearer ann until ${until}` },
    });

    expect(dataOf(sent, A)).toEqual(['in time']);
    expect(sent.at(-1)?.frame).toEqual({ event: 'closing', reason: 'token-expired', reconnectAfter: 0 });
    expect(now() - NOW).toBeLessThan(end + 600);
  });

  it('delivers no message after the end of its token that was on its way before', async () => {
    const until = NOW / 1000 + 3;
    const { at, ports, publish, stream } = fallbackWorld(60_000);
    const { read } = ports.mailboxes;
    ports.mailboxes.read = async (connectionId) => {
      const entries = await read(connectionId);
      if (entries.length > 0) await ports.pause(10_000);
      return entries;
    };
    at(2_000, () => publish(A, 'slow'));

    const sent = await stream({
      query: { session, channel: A },
      headers: { authorization: `Bearer ann until ${until}` },
    });

    expect(sent.map(({ frame }) => frame.event)).toEqual(['subscribed', 'closing']);
  });

  it('ends at once and is forgotten when its reader leaves', async () => {
    const { at, ports, stream, now } = fallbackWorld(60_000);
    const out = new Leaving();
    at(5_000, () => out.leave());

    await stream(connect(A), out);

    expect(now() - NOW).toBeLessThan(5_600);
    expect((await ports.directory.connections()).connections).toEqual([]);
  });

  it.each(['closed by another request', 'opened again'])('ends when its session is %s', async (how) => {
    const { at, ports, stream, whole, now } = fallbackWorld(60_000);
    const again = { path: '/poll', query: { session, open: '1' } };
    at(5_000, async () => {
      const [connection] = (await ports.directory.connections()).connections;
      if (how === 'opened again') await whole(again);
      else await ports.outbound.disconnect(connection?.connectionId ?? '');
    });

    await stream(connect(A));

    expect(now() - NOW).toBeLessThan(5_600);
    const { connections } = await ports.directory.connections();
    expect(connections).toHaveLength(how === 'opened again' ? 1 : 0);
    expect((await whole({ path: '/poll', query: { session } })).status).toBe(
      how === 'opened again' ? 200 : 410,
    );
  });

  it('is over after two minutes if its function was killed', async () => {
    const { ports, answer, whole } = fallbackWorld();
    // It is opened, and never runs.
    await answer(connect(A));
    await ports.pause(119_000);
    expect((await whole({ method: 'POST', query: { session }, body: '{"action":"ping"}' })).status).toBe(200);
    await ports.pause(2_000);

    expect((await whole({ method: 'POST', query: { session }, body: '{"action":"ping"}' })).status).toBe(410);
    const [row] = (await ports.subscriptions.page({ channel: '@all', shard: 0 })).subscriptions;
    expect(Number(row?.expiresAt) * 1000).toBeLessThan(ports.now());
  });

  it.each([
    ['one that only servers hear', 'servers:x', 403, 'forbidden'],
    ['one that asks for a token', 'chat:x', 401, 'unauthenticated'],
    ['of the wrong form', 'nonsense', 400, 'bad-request'],
    ['one that does not exist', 'nowhere:x', 403, 'forbidden'],
  ])('is refused for %s before anything is opened', async (_what, channel, status, code) => {
    const { ports, whole } = fallbackWorld();

    expect(await whole(connect([A, channel]))).toMatchObject({ status, json: { code } });
    expect((await ports.directory.connections()).connections).toEqual([]);
  });

  it('is refused with an id of another form', async () => {
    const { whole } = fallbackWorld();

    expect(await whole(connect(A, 'nonsense'))).toMatchObject({ status: 400, json: { code: 'bad-request' } });
  });

  it('without a named session has one of its own', async () => {
    const { at, publish, stream } = fallbackWorld();
    at(1_000, () => publish(A, 'one'));

    expect(dataOf(await stream({ query: { channel: A } }), A)).toEqual(['one']);
  });

  it('ends and is forgotten when it fails, and only the log has the cause', async () => {
    const { at, ports, stream, now } = fallbackWorld(60_000);
    const { read } = ports.mailboxes;
    at(5_000, () => {
      ports.mailboxes.read = async () => {
        ports.mailboxes.read = read;
        throw new Error('no table');
      };
    });

    const sent = await stream(connect(A));

    expect(now() - NOW).toBeLessThan(5_600);
    expect(sent).toHaveLength(1);
    expect(ports.logged).toEqual([expect.stringContaining('no table')]);
    expect((await ports.directory.connections()).connections).toEqual([]);
  });

  it('sends a comment from time to time while nothing happens', async () => {
    const { stream } = fallbackWorld(60_000);
    const out = new Collected();
    await stream(connect(A), out);

    expect(out.text.match(/^:$/gm)?.length).toBeGreaterThanOrEqual(2);
    expect(sentIn(out.text)).toHaveLength(2);
    expect(out).toBeInstanceOf(Writable);
  });
});

describe('a stream with more to read than its rate', () => {
  const MB = 1024 * 1024;
  const big = 'x'.repeat(60_000);
  const many = Array.from({ length: 80 }, (_, n) => `${n} ${big}`);

  async function filled(streamMs?: number) {
    const world = fallbackWorld(streamMs);
    const head = (await world.publish(A, 'before')) - 1;
    for (const data of many) await world.publish(A, data);
    return { ...world, first: String(head + 1) };
  }

  it('waits, and delivers all messages in order', async () => {
    const { stream, first, now } = await filled(60_000);
    const openedAt = now();
    const seen: number[] = [];
    class Timed extends Collected {
      override _write(chunk: Buffer, encoding: BufferEncoding, done: () => void): void {
        seen.push(now() - openedAt);
        super._write(chunk, encoding, done);
      }
    }

    const sent = await stream(connect(A, first), new Timed());

    expect(dataOf(sent, A)).toEqual(many);
    // 4.8 MB: 2 MB of them at once, and the rest at 200 KB a second.
    expect(Math.max(...seen.slice(0, sent.length))).toBeGreaterThan(13_000);
  });

  it('ends while it waits when its time is over, and the next stream goes on from there', async () => {
    const { stream, first } = await filled(8_000);

    const one = await stream(connect(A, first));
    const other = await stream(connect(A, lastIdIn(one)));

    expect(dataOf(one, A).length).toBeLessThan(many.length);
    expect([...dataOf(one, A), ...dataOf(other, A)]).toEqual(many);
  });

  it('reads the same messages no faster when the session is opened again and again', async () => {
    const { answer, at, ports, first, now } = await filled(60_000);
    const openedAt = now();
    let bytes = 0;
    let next: HttpAnswer = await answer(connect(A, first));
    for (let n = 0; n < 20; n++) {
      if (!('run' in next)) {
        await ports.pause(500);
        next = await answer(connect(A, first));
        continue;
      }
      const out = new Collected();
      const reopened: HttpAnswer[] = [];
      at(now() - NOW + 100, async () => {
        reopened.push(await answer(connect(A, first)));
      });
      await next.run(out);
      bytes += out.text.length;
      next = reopened[0] ?? (await answer(connect(A, first)));
    }

    const seconds = (now() - openedAt) / 1000;
    expect(bytes).toBeGreaterThan(MB);
    expect(bytes).toBeLessThan(SURPLUS_BYTES_PER_SECOND * (10 + seconds) + MB);
  });
});
