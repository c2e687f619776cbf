/** The read units of resuming, of paging through a log and of listing members, on the embedded DynamoDB. */

import { actionSchemas } from 'fanfare-protocol/actions';
import { type OperationName, operations } from 'fanfare-protocol/operations';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { actionContext } from '../../lambdas/actions/action.ts';
import { answer } from '../../lambdas/actions/answer.ts';
import { batchWrite } from '../../lambdas/aws/batch-write.ts';
import { type Item, recordItem } from '../../lambdas/aws/record-item.ts';
import { subscriptionItem } from '../../lambdas/aws/subscription-item.ts';
import { respond } from '../../lambdas/operations/respond.ts';
import { forget, join } from '../../lambdas/realtime/connections/membership.ts';
import { deliver } from '../../lambdas/realtime/delivery/deliver.ts';
import { visitInFlight } from '../../lambdas/realtime/in-flight.ts';
import { isMessage } from '../../lambdas/realtime/log/log-store.ts';
import { sessionFixture } from '../lambdas/sessions.ts';
import { memoryPorts, NOW, subscriptionFixture } from '../memory/memory-ports.ts';
import { openConfig } from '../memory/open-config.ts';
import { tries } from '../running/counts.ts';
import { tableName } from './dynamo-stores.ts';
import { meteredStores } from './metered-stores.ts';

const HOUR = 60 * 60 * 1000;
const RETENTION = { retentionMs: 24 * HOUR };
const metered = meteredStores();
const ports = () => ({ ...memoryPorts(), ...metered().stores });

/** @param connectionId of its own for a test with many bytes: the clock stands still, so no charge is paid back. */
async function ask(command: object, connectionId = 'me='): Promise<unknown> {
  const context = actionContext(openConfig, ports());
  return JSON.parse(await answer(JSON.stringify(command), sessionFixture({ connectionId }), context));
}

async function call(name: OperationName, parameters: Record<string, string>): Promise<unknown> {
  const { method, path } = operations[name];
  const { body } = await respond(
    { routeKey: `${method} ${path}`, parameters, body: '' },
    {
      config: openConfig,
      sender: { kind: 'server', id: 'test' },
      grants: undefined,
      requestId: 'request-1',
      ports: ports(),
    },
  );
  return JSON.parse(JSON.stringify(body));
}

const ITEMS_PER_CALL = 25;

async function put(table: string, items: readonly Item[]): Promise<void> {
  const writes = items.map((Item) => [tableName(table), { PutRequest: { Item } }] as const);
  const calls = Array.from({ length: Math.ceil(writes.length / ITEMS_PER_CALL) }, (_, call) =>
    writes.slice(call * ITEMS_PER_CALL, (call + 1) * ITEMS_PER_CALL),
  );
  await visitInFlight(calls, 8, (call) => batchWrite(metered().stores.client, call));
}

interface Contents {
  readonly messages: number;
  readonly bytes?: number;
  /** This many of the messages have expired, and are not deleted yet. */
  readonly expired?: number;
}

/** A used channel. Returns the number before its first message. */
async function usedChannel(channel: string, { messages, bytes = 20, expired = 0 }: Contents) {
  const { createdAt } = await metered().stores.channelLog.raise(channel, messages, NOW - 48 * HOUR);
  const items = Array.from({ length: messages }, (_, index) => {
    const time = index < expired ? NOW - 25 * HOUR : NOW - HOUR;
    const record = { seq: createdAt + 1 + index, data: 'x'.repeat(bytes), time };
    return recordItem(channel, record, 'writer', RETENTION);
  });
  await put('Messages', items);
  return createdAt;
}

describe('resuming', () => {
  it('after 3,000 missed messages of 500 bytes takes at most 550 read units', async () => {
    const channel = 'open:resumed';
    const before = await usedChannel(channel, { messages: 3_001, bytes: 500 });
    await metered().stores.connections.open({ connectionId: 'me=', expiresAt: NOW }, []);
    const numbers: number[] = [];
    const page = v.object({ messages: v.array(v.object({ seq: v.number() })), more: v.boolean() });

    const { read } = await metered().unitsOf(async () => {
      const first = { action: 'subscribe', channel, after: before + 1 };
      let { messages, more } = v.parse(page, await ask(first));
      numbers.push(...messages.map(({ seq }) => seq));
      while (more) {
        const next = { action: 'history', channel, after: numbers.at(-1), limit: 1_000 };
        ({ messages, more } = v.parse(page, await ask(next)));
        numbers.push(...messages.map(({ seq }) => seq));
      }
    });

    expect(numbers).toEqual(Array.from({ length: 3_000 }, (_, index) => before + 2 + index));
    expect(read).toBeLessThanOrEqual(550);
  });
});

describe('subscribe with last: 50', () => {
  const UNITS = [
    { what: 'messages of 100 bytes', messages: 60, bytes: 100, expired: 0, most: 6 },
    { what: 'messages of 500 bytes', messages: 60, bytes: 500, expired: 0, most: 12 },
    {
      what: 'messages of 100 bytes, 20 of which are kept',
      messages: 200,
      bytes: 100,
      expired: 180,
      most: 16,
    },
  ];

  it.each(UNITS)('in a channel with $what takes at most $most read units', async ({ most, ...contents }) => {
    const channel = `open:last-${contents.bytes}-${contents.expired}`;
    const before = await usedChannel(channel, contents);
    await metered().stores.connections.open({ connectionId: 'me=', expiresAt: NOW }, []);
    let reply: unknown;

    const { read } = await metered().unitsOf(async () => {
      reply = await ask({ action: 'subscribe', channel, last: 50 });
    });

    const { messages = [], after } = v.parse(actionSchemas.subscribe.reply, reply);
    const kept = Math.min(50, contents.messages - contents.expired);
    expect(after).toBe(before + contents.messages - kept);
    expect(messages).toHaveLength(kept);
    process.stdout.write(`Last 50 of ${contents.bytes} bytes, ${kept} kept: ${read} read units.\n`);
    expect(read).toBeLessThanOrEqual(most);
  });
});

describe('history', () => {
  // In a long run it took 2,702 units while the log was read from its beginning.
  const EXPIRED = tries({ short: 2_000, long: 20_000 });

  it('after 0 with a limit of 1 takes at most 30 read units when thousands of expired messages are not deleted', async () => {
    const channel = 'open:expired';
    const before = await usedChannel(channel, { messages: EXPIRED + 3, bytes: 500, expired: EXPIRED });
    let reply: unknown;

    const { read } = await metered().unitsOf(async () => {
      reply = await ask({ action: 'history', channel, after: 0, limit: 1 });
    });

    expect(v.parse(actionSchemas.history.reply, reply).messages).toMatchObject([
      { seq: before + EXPIRED + 1 },
    ]);
    expect(read).toBeLessThanOrEqual(30);
  });
});

describe('a channel that was wide once', () => {
  const channel = 'open:once-wide';

  /** Publishes one message, carries out its deliveries, and tells who got it. The clients then move if they are asked to. */
  async function publishOnce(now: () => number) {
    const memory = memoryPorts();
    const wide = { ...memory, ...metered().stores, now };
    const context = actionContext(openConfig, wide);
    const session = sessionFixture({ connectionId: 'publisher=' });
    const { read } = await metered().unitsOf(async () => {
      await answer(JSON.stringify({ action: 'publish', channel, data: 'x' }), session, context);
      for (let task = memory.started.shift(); task; task = memory.started.shift())
        await deliver(wide, task, `invocation ${now()}`);
    });
    const events = memory.posts.map(({ connectionId, frame }) => ({
      connectionId,
      ...v.parse(v.object({ event: v.string() }), frame),
    }));
    const asked = events.filter(({ event }) => event === 'closing');
    for (const { connectionId } of asked) {
      const moved = sessionFixture({ connectionId: `${connectionId}moved`, connectedAt: now() });
      await wide.connections.open({ connectionId: moved.connectionId, expiresAt: now() }, []);
      await join(wide, moved, channel);
      await forget(wide, connectionId);
    }
    return { read, reached: events.filter(({ event }) => event === 'messages').length };
  }

  /** A long run has as many as a channel can have. */
  const WIDEST = tries({ short: 128, long: 1_024 });

  it('and has six subscribers takes a read unit per shard and publish at first, and 4 at most after three minutes', async () => {
    const { stores } = metered();
    await stores.connections.open({ connectionId: 'publisher=', expiresAt: NOW }, []);
    await stores.shards.grow(channel, 1, WIDEST);
    const begin = Date.now();
    for (let n = 0; n < 6; n++) {
      const session = sessionFixture({ connectionId: `subscriber-${n}=`, connectedAt: begin });
      await stores.connections.open({ connectionId: session.connectionId, expiresAt: NOW }, []);
      await join(ports(), session, channel);
    }

    const publishes = [];
    for (const minutes of [0, 2, 3]) publishes.push(await publishOnce(() => begin + minutes * 61_000));

    expect(publishes.map(({ reached }) => reached)).toEqual([6, 6, 6]);
    expect(publishes[0]?.read).toBeGreaterThanOrEqual(WIDEST);
    expect(publishes[2]?.read).toBeLessThanOrEqual(4);
  });
});

describe('members of a channel without presence', () => {
  it('are listed with at most 150 read units if they are 4,000', async () => {
    const channel = 'open:crowded';
    const rows = Array.from({ length: 4_000 }, (_, index) => {
      const user = `user-${String(index).padStart(5, '0')}`;
      const row = { channel, connectionId: `connection-${(index * 7) % 4_000}=`, user };
      return subscriptionItem(subscriptionFixture({ ...row, expiresAt: NOW / 1000 + 7_200 }));
    });
    await put('Subscriptions', rows);
    const users: string[] = [];
    const page = v.object({ members: v.array(v.object({ user: v.string() })), next: v.optional(v.string()) });

    const { read } = await metered().unitsOf(async () => {
      let cursor: string | undefined = '';
      while (cursor !== undefined) {
        const reply: v.InferOutput<typeof page> = v.parse(page, await call('members', { channel, cursor }));
        users.push(...reply.members.map(({ user }) => user));
        cursor = reply.next;
      }
    });

    expect(users).toHaveLength(4_000);
    expect(new Set(users).size).toBe(4_000);
    expect(read).toBeLessThanOrEqual(150);
  });
});

describe('a snapshot of 10,000 values of 20 bytes', () => {
  const channel = 'game:ten-thousand';
  const names = Array.from({ length: 10_000 }, (_, index) => `player-${String(index).padStart(5, '0')}`);

  it('takes at most 300 read units, in at most 10 replies', async () => {
    const { createdAt } = await metered().stores.channelLog.raise(channel, names.length, NOW - HOUR, true);
    const rows = names.map((name, index) => ({
      channel: { S: channel },
      name: { S: name },
      seq: { N: String(createdAt + 1 + index) },
      time: { N: String(NOW - HOUR) },
      data: { S: JSON.stringify('x'.repeat(20)) },
      from: { S: `user-${index}` },
      expiresAt: { N: String(NOW / 1000 + 3_600) },
    }));
    await put('Values', rows);
    await metered().stores.connections.open({ connectionId: 'values=', expiresAt: NOW }, []);
    const found: string[] = [];
    let replies = 0;
    const page = v.object({ values: v.array(v.object({ name: v.string() })), next: v.optional(v.string()) });

    const { read } = await metered().unitsOf(async () => {
      let reply = v.parse(page, await ask({ action: 'subscribe', channel, values: true }, 'values='));
      for (replies = 1; ; replies++) {
        found.push(...reply.values.map(({ name }) => name));
        if (reply.next === undefined) break;
        reply = v.parse(page, await ask({ action: 'values', channel, cursor: reply.next }, 'values='));
      }
    });

    expect(found).toEqual(names);
    expect(read).toBeLessThanOrEqual(300);
    expect(replies).toBeLessThanOrEqual(10);
  });
});

describe('a page of 50 messages of 100 bytes', () => {
  /** Reads the newest page after edits of as many messages, of which the last ones are read in one request with their edits. */
  async function unitsOf(channel: string, edits: number, isNear = true): Promise<number> {
    const before = await usedChannel(channel, { messages: 60, bytes: 100 });
    const { channelLog } = metered().stores;
    for (let index = 0; index < edits; index++) {
      const replaces = before + 1 + index + (isNear ? 60 - edits : 0);
      const publish = ((await channelLog.publishOf(channel, replaces)) ?? []).filter(isMessage);
      const { seq } = await channelLog.raise(channel, 1, NOW);
      const edit = { seq, data: 'y'.repeat(100), time: NOW, replaces };
      const after = publish.map((message) => ({ ...message, data: edit.data, edited: seq }));
      await channelLog.edit(channel, { edit, before: publish, after }, RETENTION);
    }
    const { read } = await metered().unitsOf(() => ask({ action: 'history', channel, limit: 50 }));
    return read;
  }

  it('takes a read unit more for each edited message that is not read in one request with its edit', async () => {
    const none = await unitsOf('open:unedited', 0);

    expect(await unitsOf('open:edited-near', 5)).toBeLessThanOrEqual(none);
    expect(await unitsOf('open:edited-far', 10, false)).toBeLessThanOrEqual(none + 10);
  });
});
