/** Channels of a grouped namespace, from the command to the post. */

import { messagesEvent } from 'fanfare-protocol/events';
import { CHANNELS_PER_GROUP, COMMANDS_PER_FRAME, SUBSCRIBES_PER_FRAME } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ActionContext, actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import type { FanfareConfig } from '../../../lambdas/realtime/access/namespaces.ts';
import { GROUPS, groupIn } from '../../../lambdas/realtime/connections/grouping.ts';
import { forget } from '../../../lambdas/realtime/connections/membership.ts';
import { shardFor } from '../../../lambdas/realtime/connections/sharding.ts';
import { connectionsIn } from '../../../lambdas/realtime/delivery/audience.ts';
import { deliver } from '../../../lambdas/realtime/delivery/deliver.ts';
import { deliverPacked } from '../../../lambdas/realtime/log/round.ts';
import { type Step, steppedPorts } from '../../exploration/stepped-ports.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { openConfig } from '../../memory/open-config.ts';
import { TimelessPace } from '../../memory/timeless-pace.ts';
import { VirtualTime } from '../realtime/virtual-time.ts';
import { sessionFixture } from '../sessions.ts';

const { ticker = openConfig.builtIn['@all'] } = openConfig.namespaces;
const config: FanfareConfig = {
  ...openConfig,
  namespaces: {
    ...openConfig.namespaces,
    live: { ...ticker, history: 'none' },
    batched: { ...ticker, delivery: 'packed' },
    asked: { ...ticker, onSubscribe: () => {} },
  },
};

/** Channels of one group. */
const NAMES = Array.from({ length: 4_000 }, (_, n) => `ticker:${n}`)
  .filter((channel, _index, [first = '']) => groupIn(config, channel) === groupIn(config, first))
  .slice(0, CHANNELS_PER_GROUP + 2);
const [A = '', B = '', C = ''] = NAMES;
const GROUP = groupIn(config, A) ?? '';

let ports: MemoryPorts;
let context: ActionContext;

beforeEach(async () => {
  ports = { ...memoryPorts(), containerPace: new TimelessPace() };
  context = actionContext(config, ports);
  await open('me=');
});

async function open(connectionId: string): Promise<void> {
  await ports.connections.open({ connectionId, expiresAt: NOW }, []);
}

async function ask(frame: object, connectionId = 'me='): Promise<unknown> {
  return JSON.parse(await answer(JSON.stringify(frame), sessionFixture({ connectionId }), context));
}

const subscribe = (channel: string) => ({ action: 'subscribe', channel });
const publish = (channel: string) => ask({ action: 'publish', channel, data: 'x' }, 'publisher=');

function received(connectionId = 'me='): readonly string[] {
  const mine = ports.posts.filter((post) => post.connectionId === connectionId);
  return mine.flatMap(({ frame }) => (v.is(messagesEvent, frame) ? [frame.channel] : []));
}

describe('a connection in channels of one group', () => {
  it('gets the messages of those, and of no other', async () => {
    await ask([subscribe(A), subscribe(B)]);

    for (const channel of [A, B, C]) await publish(channel);

    expect(received()).toEqual([A, B]);
  });

  it('gets no more of a channel that it leaves, and goes on in the others', async () => {
    await ask([subscribe(A), subscribe(B)]);

    expect(await ask({ action: 'unsubscribe', channel: A })).toEqual({ event: 'unsubscribed', channel: A });
    for (const channel of [A, B]) await publish(channel);

    expect(received()).toEqual([B]);
  });

  it('may leave channels in which it is not', async () => {
    expect(await ask({ action: 'unsubscribe', channel: A })).toEqual({ event: 'unsubscribed', channel: A });
    await ask(subscribe(B));
    expect(await ask({ action: 'unsubscribe', channel: A })).toEqual({ event: 'unsubscribed', channel: A });
    await publish(B);

    expect(received()).toEqual([B]);
  });

  it('resumes in each of them from its position', async () => {
    const { seq: first } = v.parse(v.object({ seq: v.number() }), await publish(A));
    await publish(A);

    const reply = await ask([
      { ...subscribe(A), after: first },
      { ...subscribe(B), last: 1 },
    ]);

    expect(reply).toMatchObject([{ recovered: true, messages: [{ seq: first + 1 }] }, { messages: [] }]);
  });

  it('is refused more channels than a group has room for, without a time to wait', async () => {
    const all = NAMES.slice(0, CHANNELS_PER_GROUP);
    for (let start = 0; start < all.length; start += COMMANDS_PER_FRAME)
      await ask(all.slice(start, start + COMMANDS_PER_FRAME).map(subscribe));

    const [more, known] = NAMES.slice(CHANNELS_PER_GROUP - 1).toReversed();
    const refusal = await ask(subscribe(more ?? ''));

    expect(refusal).toMatchObject({ event: 'error', code: 'rate-limited' });
    expect(refusal).not.toHaveProperty('retryAfter');
    expect(await ask([subscribe(A), subscribe(known ?? '')])).toMatchObject([
      { event: 'subscribed' },
      { event: 'error', code: 'rate-limited' },
    ]);
  });

  it('is told to come again if it is forgotten', async () => {
    await forget(ports, 'me=');

    expect(await ask(subscribe(A))).toMatchObject({ event: 'error', code: 'busy' });
    expect(await ask([subscribe(A), subscribe(B)])).toMatchObject([{ code: 'busy' }, { code: 'busy' }]);
    expect(ports.disconnected).toContain('me=');
    expect((await ports.subscriptions.page({ channel: GROUP, shard: 0 })).subscriptions).toEqual([]);
  });

  it('leaves no row when it is forgotten', async () => {
    await ask([subscribe(A), subscribe('ticker:elsewhere')]);

    await forget(ports, 'me=');

    for (const channel of [A, 'ticker:elsewhere'])
      expect(await connectionsIn(ports, channel, groupIn(config, channel))).toEqual({ connections: 0 });
  });

  it('is counted, and named among the members, in its own channels only', async () => {
    await ask(subscribe(A));

    expect(await connectionsIn(ports, A, GROUP)).toEqual({ connections: 1 });
    expect(await connectionsIn(ports, B, GROUP)).toEqual({ connections: 0 });
    await answer(JSON.stringify(subscribe(B)), sessionFixture({ connectionId: 'me=', user: 'ann' }), context);
    expect(await ask({ action: 'members', channel: B })).toMatchObject({ members: [{ user: 'ann' }] });
    expect(await ask({ action: 'members', channel: C })).toMatchObject({ members: [] });
  });

  it('has a hundred other channels besides', async () => {
    await ask(Array.from({ length: COMMANDS_PER_FRAME }, (_, n) => subscribe(`open:${n}`)));

    expect(await ask([subscribe(A), subscribe(B)])).toMatchObject([
      { event: 'subscribed' },
      { event: 'subscribed' },
    ]);
    expect(await ask(subscribe('open:more'))).toMatchObject({ code: 'rate-limited' });
  });
});

describe('messages of a grouped channel', () => {
  it('without a history reach their subscribers, and not those of the group', async () => {
    await ask([subscribe('live:a'), subscribe('live:b')]);

    await publish('live:a');

    expect(received()).toEqual(['live:a']);
  });

  it('that are packed reach their subscribers, and not those of the group', async () => {
    await open('other=');
    await ask([subscribe('batched:a'), subscribe('batched:b')]);
    const neighbour = Array.from({ length: 4_000 }, (_, n) => `batched:${n}`).find(
      (channel) => groupIn(config, channel) === groupIn(config, 'batched:a'),
    );
    await ask([subscribe(neighbour ?? '')], 'other=');
    const { seq } = v.parse(v.object({ seq: v.number() }), await publish('batched:a'));

    await deliverPacked(
      {
        ports,
        channel: 'batched:a',
        group: groupIn(config, 'batched:a') ?? '',
        retention: { retentionMs: 60_000 },
      },
      { first: seq, last: seq },
    );

    expect(received()).toEqual(['batched:a']);
    expect(received('other=')).toEqual([]);
  });

  it('reach both shards of a wide group, by workers', async () => {
    await ports.shards.grow(GROUP, 1, 2);
    const ids = ['first=', 'second=', 'third=', 'fourth='];
    expect(new Set(ids.map((id) => shardFor(id, 2))).size).toBe(2);
    for (const [index, connectionId] of ids.entries()) {
      await open(connectionId);
      await ask([subscribe(index === 0 ? B : A), subscribe(C)], connectionId);
    }

    await publish(A);
    for (let task = ports.started.shift(); task; task = ports.started.shift())
      await deliver(ports, task, 'one');

    expect(ids.map((id) => received(id))).toEqual([[], [A], [A], [A]]);
  });

  it('find a connection that is gone, and forget it with all its rows', async () => {
    await ask([subscribe(A), subscribe('ticker:elsewhere')]);
    ports.peers.set('me=', 'gone');

    await publish(A);

    expect(await ports.connections.isStored('me=')).toBe(false);
    expect(await connectionsIn(ports, 'ticker:elsewhere', groupIn(config, 'ticker:elsewhere'))).toEqual({
      connections: 0,
    });
  });
});

describe('a group that becomes narrower', () => {
  it('has a connection in an upper shard come again', async () => {
    const id = ['a=', 'b=', 'c=', 'd='].find((name) => shardFor(name, 2) === 1) ?? '';
    await open(id);
    await ports.shards.grow(GROUP, 1, 2);
    const placedOver = async () => 1;

    const narrowing = { ...ports, shards: { ...ports.shards, placedOver } };
    const text = JSON.stringify([subscribe(A), subscribe(B)]);
    const replies = await answer(
      text,
      sessionFixture({ connectionId: id }),
      actionContext(config, narrowing),
    );

    expect(JSON.parse(replies)).toMatchObject([{ code: 'busy' }, { code: 'busy' }]);
    expect(ports.disconnected).toContain(id);
  });
});

describe('a frame of hundreds of subscribes', () => {
  const symbols = Array.from({ length: SUBSCRIBES_PER_FRAME }, (_, n) => `ticker:symbol-${n}`);

  it('is answered one by one, with the newest message of each', async () => {
    for (const channel of symbols.slice(0, 5)) await publish(channel);

    const replies = await ask(symbols.map((channel) => ({ ...subscribe(channel), last: 1 })));

    expect(replies).toHaveLength(SUBSCRIBES_PER_FRAME);
    expect(v.parse(v.array(v.object({ event: v.string(), channel: v.string() })), replies)).toEqual(
      symbols.map((channel) => ({ event: 'subscribed', channel })),
    );
    expect(JSON.stringify(replies)).toContain('"data":"x"');
  });

  it.each([
    ['after a position', { after: 0 }],
    ['with the newest message of each', { last: 1 }],
    ['from now on', {}],
  ])('%s is answered within half a second if a table takes 5 ms for each request', async (_what, more) => {
    await open('p=');
    for (const channel of symbols) await ports.channelLog.raise(channel, 1, NOW);
    for (const channel of symbols) {
      const message = { seq: NOW + 1, data: 'x', time: NOW };
      await ports.channelLog.write(channel, [message], { retentionMs: 60_000 });
    }
    const time = new VirtualTime();
    const step: Step = (_label, run) => time.pause(5).then(run);
    const stepped = steppedPorts(ports, step);
    // A container remembers it for some seconds.
    const { recentCount } = ports.shards;
    const shards = { ...stepped.shards, recentCount };
    const slow = actionContext(config, { ...ports, ...stepped, shards, now: time.now });
    const text = JSON.stringify(symbols.map((channel) => ({ ...subscribe(channel), ...more })));

    const replies = await time.until(answer(text, sessionFixture(), slow));

    const took = time.now() - NOW;
    process.stdout.write(`500 subscribes of one frame, at 5 ms for each request: ${took} ms.\n`);
    expect(replies.includes('"error"')).toBe(false);
    expect(took).toBeLessThan(500);
  });

  it('takes at most 16 rows of the connection', async () => {
    await ask(symbols.map(subscribe));

    expect(await ports.connections.remove('me=')).toHaveLength(GROUPS);
  });

  it('is paid by a connection that has just come, twice in a row', async () => {
    for (let n = 0; n < 2; n++)
      expect(JSON.stringify(await ask(symbols.map(subscribe)))).not.toContain('"error"');
  });

  it('costs the whole of its commands if the application is asked about each', async () => {
    const asked = symbols.map((channel) => subscribe(channel.replace('ticker', 'asked')));

    expect(JSON.stringify(await ask(asked))).not.toContain('rate-limited');
    expect(JSON.stringify(await ask(asked))).toContain('rate-limited');
  });

  it('fits into one message with its replies, of which those without room are asked for again', async () => {
    const long = 'x'.repeat(1_000);
    await open('p=');
    for (const channel of symbols.slice(0, 100)) await ask({ action: 'publish', channel, data: long }, 'p=');

    const text = await answer(
      JSON.stringify(symbols.map((channel, id) => ({ ...subscribe(channel), last: 1, id }))),
      sessionFixture(),
      context,
    );

    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(128 * 1024);
    expect(v.parse(v.array(v.object({ event: v.string() })), JSON.parse(text))).toHaveLength(
      SUBSCRIBES_PER_FRAME,
    );
    expect(text.includes('"more":true')).toBe(true);
  });

  it('with a command of another kind is too large', async () => {
    expect(await ask([...symbols.slice(1).map(subscribe), { action: 'ping' }])).toMatchObject({
      code: 'too-large',
    });
  });
});
