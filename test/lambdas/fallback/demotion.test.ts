/** The subscriptions of a session whose requests have different tokens of its user. */

import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { audienceNow } from '../../../lambdas/realtime/delivery/audience.ts';
import { fanOutToObservers } from '../../../lambdas/realtime/delivery/fan-out.ts';
import { NOW } from '../../memory/memory-ports.ts';
import { tries } from '../../running/counts.ts';
import { CLOCK_SKEW_SECONDS, type FallbackWorld, fallbackWorld } from './fallback-world.ts';

/** Timings of a demotion. In each of them, the lost channel gets 5 messages or more before the first token ends, on average. */
const TIMINGS = tries({ short: 50, long: 200 });

const session = 'a-random-session-0';
const [LOST, KEPT, ROOM] = ['chat:lost', 'chat:kept', 'room:lost'] as const;
const CHANNELS = [LOST, KEPT, ROOM] as const;

interface Token {
  /** Seconds from the beginning. */
  readonly endsAfter: number;
  readonly channels: readonly string[];
}

const as = ({ endsAfter, channels }: Token) => ({
  authorization: `Bearer ann until ${NOW / 1000 + endsAfter} for ${channels.join(' ')}`,
});

/** From then on the token has no rights. Milliseconds since 1970. */
const endOf = ({ endsAfter }: Token) => NOW + (endsAfter + CLOCK_SKEW_SECONDS) * 1000;

const messages = v.optional(v.array(v.object({ seq: v.optional(v.number()), data: v.unknown() })), []);
const frame = v.object({ event: v.string(), channel: v.string(), messages });
const polled = v.object({ ack: v.string(), frames: v.array(frame) });
const replies = v.array(v.object({ event: v.string(), seq: v.optional(v.number()), messages }));

interface Heard extends v.InferOutput<typeof frame> {
  readonly at: number;
}

/** A client that polls with the given token. */
class Poller {
  readonly world: FallbackWorld;
  private ack = '';

  constructor(world: FallbackWorld) {
    this.world = world;
  }

  /** Whether the token opened it. */
  async open(token: Token): Promise<boolean> {
    this.ack = '';
    const query = { session, open: '1' };
    const { status } = await this.world.whole({ path: '/poll', query, headers: as(token) });
    return status === 200;
  }

  /** The received messages, or `over` when the session is gone or the token has ended. */
  async poll(token: Token, wait = 0): Promise<readonly Heard[] | 'over'> {
    const query = { session, wait: String(wait), ack: this.ack };
    const { status, json } = await this.world.whole({ path: '/poll', query, headers: as(token) });
    if (status !== 200) return 'over';
    const { ack, frames } = v.parse(polled, json);
    this.ack = ack;
    return frames.map((each) => ({ ...each, at: this.world.now() }));
  }

  async send(
    token: Token,
    ...commands: readonly { action: string; channel: string; after?: number; diffs?: boolean }[]
  ) {
    const body = JSON.stringify(commands);
    return this.world.whole({ method: 'POST', query: { session }, headers: as(token), body });
  }

  subscribe(token: Token, ...channels: readonly string[]) {
    return this.send(token, ...channels.map((channel) => ({ action: 'subscribe', channel, diffs: true })));
  }
}

async function tell({ ports }: FallbackWorld, channel: string): Promise<void> {
  const told = JSON.stringify({ event: 'joined', channel, member: { user: 'bob', at: 1 } });
  await fanOutToObservers(ports, await audienceNow(ports, channel), [Buffer.from(told)]);
}

/** The sessions of this file subscribe with `diffs`. */
async function tellDiff({ ports }: FallbackWorld, channel: string): Promise<void> {
  const [bob, eve] = ['bob', 'eve'].map((user) => ({ user, at: 1 }));
  const told = [
    { event: 'joined', channel, members: [bob] },
    { event: 'left', channel, members: [eve] },
  ];
  await fanOutToObservers(ports, await audienceNow(ports, channel), [Buffer.from(JSON.stringify(told))]);
}

describe('a session that is polled with a demoted token', () => {
  const timing = fc.record({
    endsAfter: fc.integer({ min: 1, max: 150 }),
    publishedEvery: fc.integer({ min: 1_500, max: 9_000 }),
    phase: fc.nat({ max: 5_000 }),
    wait: fc.nat({ max: 20 }),
    pause: fc.integer({ min: 300, max: 40_000 }),
  });
  type Timing = typeof timing extends fc.Arbitrary<infer Value> ? Value : never;

  async function demoted({ endsAfter, publishedEvery, phase, wait, pause }: Timing) {
    const world = fallbackWorld();
    const poller = new Poller(world);
    const first = { endsAfter, channels: CHANNELS };
    const second = { endsAfter: 3_000, channels: [KEPT] };
    const published: number[] = [];
    for (let ms = phase; ms < endOf(first) - NOW + 90_000; ms += publishedEvery) {
      published.push(ms);
      world.at(ms, async () => {
        await world.publish(LOST, ms);
        await world.publish(KEPT, ms);
        await tell(world, ROOM);
        await tellDiff(world, ROOM);
      });
    }
    await poller.open(first);
    const [, subscribed] = v.parse(replies, (await poller.subscribe(first, ...CHANNELS)).json);
    const heard: Heard[] = [];
    const hear = (frames: readonly Omit<Heard, 'at'>[]) =>
      heard.push(...frames.map((each) => ({ ...each, at: world.now() })));
    const position = () => {
      const kept = heard.filter(({ channel }) => channel === KEPT).flatMap((each) => each.messages);
      return Math.max(subscribed?.seq ?? 0, ...kept.map(({ seq = 0 }) => seq));
    };
    while (world.now() < endOf(first) + 150_000) {
      const got = await poller.poll(second, wait);
      if (got === 'over') {
        await poller.open(second);
        const again = { action: 'subscribe', channel: KEPT, after: position() };
        const { json } = await poller.send(second, again);
        hear(v.parse(replies, json).map((reply) => ({ ...reply, channel: KEPT })));
        expect((await poller.subscribe(second, LOST, ROOM)).json).toMatchObject([
          { code: 'forbidden' },
          { code: 'forbidden' },
        ]);
      } else heard.push(...got);
      await world.ports.pause(pause);
    }
    return { end: endOf(first), heard, published };
  }

  it('gets no message of a lost channel after the first token ends, and every message of the other channel, in 200 random timings', async () => {
    let before = 0;
    await fc.assert(
      fc.asyncProperty(timing, async (given) => {
        const { end, heard, published } = await demoted(given);
        const lost = heard.filter(({ channel }) => channel !== KEPT);
        before += lost.length;
        const kept = heard.filter(({ channel }) => channel === KEPT).flatMap(({ messages }) => messages);

        expect(lost.filter(({ at }) => at >= end)).toEqual([]);
        expect([...new Set(kept.map(({ data }) => data))]).toEqual(published);
      }),
      { numRuns: TIMINGS, endOnFailure: true },
    );
    expect(before).toBeGreaterThan(5 * TIMINGS);
  });
});

describe('a subscription', () => {
  const token = fc.record({
    endsAfter: fc.integer({ min: 1, max: 400 }),
    channels: fc.subarray([...CHANNELS], { minLength: 1 }),
  });
  const ACTS = [
    'poll',
    'poll',
    'subscribe',
    'subscribe',
    'unsubscribe',
    'publish',
    'publish',
    'tell',
    'tellDiff',
  ] as const;
  const step = fc.record({
    act: fc.constantFrom(...ACTS),
    by: fc.nat({ max: 2 }),
    channel: fc.constantFrom(...CHANNELS),
    wait: fc.nat({ max: 5 }),
    pause: fc.nat({ max: 12_000 }),
  });
  type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

  /** The delivered messages, each with the tokens that the session had used before. */
  async function delivered(tokens: readonly [Token, ...Token[]], steps: readonly Step[]) {
    const world = fallbackWorld();
    const poller = new Poller(world);
    const [opener] = tokens;
    const deliveries: { readonly heard: Heard; readonly used: readonly Token[] }[] = [];
    let used: Token[] = [];
    const open = async (bearer: Token) => {
      if (await poller.open(bearer)) used = [bearer];
    };
    const acts: Readonly<Record<Step['act'], (bearer: Token, step: Step) => Promise<unknown>>> = {
      publish: (_bearer, { channel }) => world.publish(channel, 1),
      tell: (_bearer, { channel }) => tell(world, channel),
      tellDiff: (_bearer, { channel }) => tellDiff(world, channel),
      subscribe: (bearer, { channel }) => poller.subscribe(bearer, channel),
      unsubscribe: (bearer, { channel }) => poller.send(bearer, { action: 'unsubscribe', channel }),
      async poll(bearer, { wait }) {
        const got = await poller.poll(bearer, wait);
        if (got === 'over') await open(bearer);
        else deliveries.push(...got.map((heard) => ({ heard, used: [...used] })));
      },
    };
    await open(opener);
    for (const each of steps) {
      const bearer = tokens[each.by] ?? opener;
      if (!['publish', 'tell', 'tellDiff'].includes(each.act)) used.push(bearer);
      await acts[each.act](bearer, each);
      await world.ports.pause(each.pause);
    }
    return deliveries;
  }

  it('delivers nothing after the end of its last grant, for random tokens, times and requests', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(token, token, token),
        fc.array(step, { minLength: 20, maxLength: 60 }),
        async (tokens, steps) => {
          for (const { heard, used } of await delivered(tokens, steps)) {
            count += 1;
            const given = used.filter(({ channels }) => channels.includes(heard.channel));
            expect(given.some((each) => endOf(each) > heard.at)).toBe(true);
          }
        },
      ),
      { numRuns: 200 },
    );
    expect(count).toBeGreaterThan(50);
  });

  it('ends with the token of the command that made it, also in a stream of a narrower token', async () => {
    const world = fallbackWorld(400_000);
    const poller = new Poller(world);
    const narrow = { endsAfter: 3_000, channels: [KEPT] };
    const wide = { endsAfter: 100, channels: CHANNELS };
    world.at(1_000, () => poller.subscribe(wide, LOST, ROOM));
    for (let ms = 2_000; ms < 400_000; ms += 5_000)
      world.at(ms, async () => {
        await world.publish(LOST, world.now());
        await tell(world, ROOM);
      });

    const sent = await world.stream({ query: { session, channel: KEPT }, headers: as(narrow) });

    const of = (channel: string) => sent.filter(({ frame: { channel: its } }) => its === channel);
    const times = of(LOST).map(({ frame: each }) => Number(v.parse(frame, each).messages[0]?.data));
    expect(times.length).toBeGreaterThan(15);
    expect(Math.max(...times)).toBeLessThan(endOf(wide));
    expect(of(ROOM).length).toBe(times.length);
    // The first message that it may not have closes it, so that its client learns that it has lost something.
    expect(world.now() - endOf(wide)).toBeLessThan(6_000);
  });

  it('has the rights of the token that renewed it, so it loses member events with the right to see members', async () => {
    const world = fallbackWorld();
    const poller = new Poller(world);
    const first = { endsAfter: 600, channels: [ROOM] };
    await poller.open(first);
    await poller.subscribe(first, ROOM);
    const row = async () =>
      (await world.ports.subscriptions.page({ channel: ROOM, shard: 0 })).subscriptions[0];
    expect(await row()).toMatchObject({ seesMembers: true, grantUntil: endOf(first) / 1000 });

    // Without `channels`, a token has the rights of `signed-in`, and no right that it has to name.
    await world.ports.pause(50_000);
    const headers = { authorization: `Bearer ann until ${NOW / 1000 + 3_000}` };
    expect((await world.whole({ path: '/poll', query: { session }, headers })).status).toBe(200);

    expect(await row()).toMatchObject({
      isMember: true,
      grantUntil: NOW / 1000 + 3_000 + CLOCK_SKEW_SECONDS,
    });
    expect(await row()).not.toHaveProperty('seesMembers');
  });

  it('that was left delivers no waiting message to a token without the right to it', async () => {
    const world = fallbackWorld();
    const poller = new Poller(world);
    const first = { endsAfter: 600, channels: [LOST] };
    await poller.open(first);
    await poller.subscribe(first, LOST);
    await world.publish(LOST, 'while it was there');
    await poller.send(first, { action: 'unsubscribe', channel: LOST });

    expect(await poller.poll({ endsAfter: 600, channels: [KEPT] })).toEqual([]);
    expect(await poller.poll(first)).toEqual([]);
  });
});
