/** The main job at full size, on the template that `cdk deploy` would send: many clients, many messages, no loss. */

import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { serverEvent } from 'fanfare-protocol/events';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visitInFlight } from '../../lambdas/realtime/in-flight.ts';
import { Client } from '../local/client.ts';
import { tries } from '../running/counts.ts';
import { type Runtime, startRuntime } from '../runtime.ts';

const CLIENTS = tries({ short: 60, long: 200 });
const PUBLISHERS = 8;
/** A short run makes 3,600 posts: each of the publishers still publishes while the seven others do. */
const MESSAGES = tries({ short: 60, long: 1_000 });
const KILLED = CLIENTS / 4;
const CHANNEL = 'open:crowd';

/** The gateway waits 29 seconds for a handshake, which on a busy machine is too short for all at once. */
const JOINS_IN_FLIGHT = 8;

/** One of the crowd, and how often it has seen each message: a number that comes again is the same message, as for any client. */
class Member {
  readonly seen = new Map<unknown, number>();
  private readonly numbers = new Set<number | undefined>();
  readonly client: Client;

  constructor(client: Client) {
    this.client = client;
  }

  /** Sends a command and reads until its reply, counting the messages that come before it. */
  async ask(command: object, reply: string): Promise<void> {
    this.client.send(command);
    for (;;) {
      const event = v.parse(serverEvent, await this.client.next());
      if (event.event === reply) return;
      if (event.event !== 'messages') throw new Error(`Unexpected: ${JSON.stringify(event)}`);
      for (const record of event.messages) {
        if ('void' in record) continue;
        const { seq, data } = record;
        if (!this.numbers.has(seq)) this.seen.set(data, (this.seen.get(data) ?? 0) + 1);
        this.numbers.add(seq);
      }
    }
  }
}

describe('a crowd in one channel', () => {
  let runtime: Runtime;
  let onDisconnected = () => {};

  beforeAll(async () => {
    runtime = await startRuntime({
      onInvoked: (name) => name.startsWith('disconnect') && onDisconnected(),
    });
  });

  afterAll(() => runtime.close());

  it('gets every message exactly once, and leaves nothing behind', async () => {
    const crowd: Member[] = [];
    const newcomers = Array.from({ length: CLIENTS }, (_, index) => index);
    await visitInFlight(newcomers, JOINS_IN_FLIGHT, async () => {
      crowd.push(await join(runtime.urls.websocket));
    });
    // The stream readers handle all newcomers first, because they share this machine with the posts.
    await runtime.idle();

    await publishAll(crowd.slice(0, PUBLISHERS));
    // Workers serve the clients that a publisher could not reach in time.
    await runtime.idle();
    // Every post came before that, and a socket is in order: after a pong, all has been seen.
    await Promise.all(crowd.map((member) => member.ask({ action: 'ping' }, 'pong')));

    const everyMessageOnce = new Map(Array.from({ length: MESSAGES }, (_, n) => [n, 1]));
    expect(crowd.filter(({ seen }) => !equal(seen, everyMessageOnce))).toEqual([]);

    const allGone = disconnected(CLIENTS);
    for (const { client } of crowd.slice(0, KILLED)) client.kill();
    for (const { client } of crowd.slice(KILLED)) client.socket.close();
    await allGone;
    expect(await countRows(runtime)).toEqual([0, 0]);
  });

  function disconnected(count: number): Promise<void> {
    return new Promise((resolve) => {
      let left = count;
      onDisconnected = () => {
        left -= 1;
        if (left === 0) resolve();
      };
    });
  }
});

async function join(url: string): Promise<Member> {
  const member = new Member(await Client.open(url));
  await member.ask({ action: 'subscribe', channel: CHANNEL }, 'subscribed');
  return member;
}

/** The publishers share the messages; each waits for its reply before it sends the next one. */
async function publishAll(publishers: readonly Member[]): Promise<void> {
  const numbers = Array.from({ length: MESSAGES }, (_, n) => n).values();
  await Promise.all(
    publishers.map(async (publisher) => {
      for (const data of numbers)
        await publisher.ask({ action: 'publish', channel: CHANNEL, data }, 'published');
    }),
  );
}

function equal(one: ReadonlyMap<unknown, number>, other: ReadonlyMap<unknown, number>): boolean {
  return one.size === other.size && [...one].every(([key, count]) => other.get(key) === count);
}

/** Rows of the tables that are about connections; the log stays. */
async function countRows({ urls, tables }: Runtime): Promise<(number | undefined)[]> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: urls.dynamodb, region: 'us-east-1', credentials });
  const names = tables.filter((name) => /Connections|Subscriptions/.test(name));
  const scans = names.map((table) => client.send(new ScanCommand({ TableName: table, Select: 'COUNT' })));
  return (await Promise.all(scans)).map(({ Count }) => Count);
}
