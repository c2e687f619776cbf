/**
 * The events about connections, channels and messages, over the local runtime. An ordinary rule receives them, from functions
 * that die after every third sending.
 */

import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visitInFlight } from '../../../lambdas/realtime/in-flight.ts';
import { randomFrom } from '../../../packages/local/src/seeded-random.ts';
import { Client } from '../../local/client.ts';
import { tries } from '../../running/counts.ts';
import { type Mint, mintFor } from '../../tokens.ts';
import { type CollectedEvent, type Collecting, startCollecting } from './collected-events.ts';
import { dyingFunctions } from './dying-functions.ts';

const GUESTS = tries({ short: 6, long: 16 });
const CROWDED = tries({ short: 3, long: 6 });

const channelList = v.object({
  channels: v.array(v.object({ channel: v.string(), connections: v.number() })),
});

describe('events', () => {
  let collecting: Collecting;
  let mint: Mint;

  beforeAll(async () => {
    collecting = await startCollecting({ lifecycleEvents: { messages: 'with data' } }, [dyingFunctions]);
    mint = await mintFor(collecting.runtime);
  });

  afterAll(() => collecting.runtime.close());

  const open = async (user?: string) =>
    Client.open(
      collecting.runtime.urls.websocket,
      user === undefined ? [] : ['fanfare.v1', await mint(user)],
    );

  /** The events of a subject, each once, in the order of their numbers. */
  async function told(subject: Readonly<Record<string, unknown>>): Promise<CollectedEvent[]> {
    const events = await collecting.distinct();
    return events
      .filter(({ detail }) => Object.entries(subject).every(([name, value]) => detail[name] === value))
      .toSorted((one, other) => one.detail.time - other.detail.time);
  }

  const types = (events: readonly CollectedEvent[]) => events.map((event) => event['detail-type']);

  /** Connections are forgotten some time after their sockets have closed. */
  const closed = (user: string, count: number) =>
    collecting.until((events) => {
      const its = events.filter(({ detail }) => detail['user'] === user && detail['reason'] === 'closed');
      return new Set(its.map(({ detail }) => detail.id)).size === count;
    });
  const vacated = (channel: string) =>
    collecting.until((events) => {
      const its = events.filter(({ detail }) => detail['channel'] === channel && 'version' in detail);
      const [last] = its.toSorted((one, other) => other.detail.time - one.detail.time);
      return last?.['detail-type'] !== 'channel occupied';
    });

  it('tell that a channel is occupied by its first subscriber, and vacated by its last', async () => {
    const [first, second] = await Promise.all([open(), open()]);
    const channel = 'public:first-and-last';
    await first.ask({ action: 'subscribe', channel });
    await collecting.runtime.idle();
    await second.ask({ action: 'subscribe', channel });
    await first.ask({ action: 'unsubscribe', channel });
    expect(types(await told({ channel }))).toEqual(['channel occupied']);

    await second.close();
    await vacated(channel);

    const events = await told({ channel });
    expect(types(events)).toEqual(['channel occupied', 'channel vacated']);
    expect(events[1]).toMatchObject({
      source: 'fanfare.local',
      detail: { id: `channel vacated#${channel}#${events[1]?.detail.time}`, version: events[1]?.detail.time },
    });
    await first.close();
  });

  it('tell once that a user is there, while several of their connections come and go', async () => {
    const [laptop, phone] = [await open('ann'), await open('ann')];
    await collecting.runtime.idle();
    laptop.kill();
    await closed('ann', 1);
    expect(types(await told({ channel: '@user:ann' }))).toEqual(['channel occupied']);

    await phone.close();
    await Promise.all([closed('ann', 2), vacated('@user:ann')]);

    expect(types(await told({ channel: '@user:ann' }))).toEqual(['channel occupied', 'channel vacated']);
    expect(types(await told({ user: 'ann' })).toSorted()).toEqual([
      'connection closed',
      'connection closed',
      'connection opened',
      'connection opened',
    ]);
  });

  it('tell that a connection has expired if no function has handled its end', async () => {
    const client = await open('bob');
    const [opened] = await told({ user: 'bob' });
    const connectionId = String(opened?.detail['connectionId']);
    await endLongAgo(connectionId);

    await collecting.runtime.expireItems();

    expect(await told({ connectionId })).toMatchObject([
      { 'detail-type': 'connection opened', detail: { user: 'bob' } },
      { 'detail-type': 'connection closed', detail: { user: 'bob', reason: 'expired' } },
    ]);
    client.kill();
  });

  it('tell every message of a channel with history, with its number', async () => {
    const client = await open('cleo');
    const channel = 'chat:told';
    await client.ask({ action: 'publish', channel, data: 'one' });
    await client.ask({ action: 'publish', channel, messages: [{ data: 'two' }, { data: 'three' }] });

    const events = await told({ channel, from: 'cleo' });

    const bySeq = events.toSorted((one, other) => Number(one.detail['seq']) - Number(other.detail['seq']));
    expect(bySeq.map(({ detail }) => detail['data'])).toEqual(['one', 'two', 'three']);
    await client.close();
  });

  it('list a channel without history in GET /channels while it has subscribers', async () => {
    const client = await open('dora');
    await client.ask({ action: 'subscribe', channel: 'live:cursors' });
    await collecting.runtime.idle();
    const listed = async () => (await channels()).filter(({ channel }) => channel === 'live:cursors');
    expect(await listed()).toEqual([{ channel: 'live:cursors', connections: 1 }]);

    await client.close();
    await vacated('live:cursors');
    await collecting.runtime.idle();

    expect(await listed()).toEqual([]);
  });

  it('of a crowd come at least once, and their ids and versions give the true sequence', async () => {
    const names = Array.from({ length: CROWDED }, (_, n) => `public:crowd${n}`);
    const random = randomFrom(20261122);
    const guests = Array.from({ length: GUESTS }, (_, n) => n);
    await visitInFlight(guests, 4, async () => {
      const moves = Array.from({ length: 6 }, () => names[Math.floor(random() * names.length)]);
      const isKilled = random() < 0.5;
      const client = await open('crowd');
      for (const [index, channel] of moves.entries())
        await client.ask({ action: index % 3 === 2 ? 'unsubscribe' : 'subscribe', channel });
      if (isKilled) client.kill();
      else await client.close();
    });
    await closed('crowd', guests.length);
    // Each channel that was occupied has been told of by now, so that its end is waited for.
    await collecting.runtime.idle();
    await Promise.all(names.map(vacated));

    for (const channel of names) {
      const events = types((await told({ channel })).filter(({ detail }) => 'version' in detail));
      expect(events).toEqual(events.map((_, n) => (n % 2 === 0 ? 'channel occupied' : 'channel vacated')));
      expect(events.at(-1)).not.toBe('channel occupied');
    }
    const connections = (await told({ user: 'crowd' })).flatMap(({ detail }) => detail['connectionId'] ?? []);
    expect(connections).toHaveLength(2 * guests.length);
    expect(new Set(connections).size).toBe(guests.length);
    expect(collecting.events.length).toBeGreaterThan((await collecting.distinct()).length);
  });

  async function channels(): Promise<v.InferOutput<typeof channelList>['channels']> {
    const token = await mint('operator', undefined, { audience: 'local/servers' });
    const response = await fetch(`${collecting.runtime.urls.http}/channels`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    return v.parse(channelList, await response.json()).channels;
  }

  async function endLongAgo(connectionId: string): Promise<void> {
    const client = new DynamoDBClient({
      endpoint: collecting.runtime.urls.dynamodb,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    await client.send(
      new UpdateItemCommand({
        TableName: collecting.runtime.tables.find((name) => name.includes('Connections')),
        Key: { connectionId: { S: connectionId } },
        UpdateExpression: 'SET expiresAt = :past',
        ExpressionAttributeValues: { ':past': { N: String(Math.floor(Date.now() / 1000) - 60) } },
      }),
    );
    client.destroy();
  }
});
