/** Presence over sockets: the deployed functions, the change stream, and the events that each client gets. */

import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'fanfare-client';
import { membersOf, watchMembers } from 'fanfare-client/presence';
import { FanfareServer } from 'fanfare-client/server';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Grants } from '../../../lambdas/identity/grants.ts';
import { serverAudience } from '../../../lambdas/identity/own-token.ts';
import { lingerMsOf } from '../../../lambdas/realtime/access/presence-policy.ts';
import { visitInFlight } from '../../../lambdas/realtime/in-flight.ts';
import { NEVER_PRESENT } from '../../../lambdas/realtime/presence/presence-state.ts';
import { type DynamoStores, storesOn } from '../../contracts/dynamo-stores.ts';
import { tries } from '../../running/counts.ts';
import type { Runtime } from '../../runtime.ts';
import { SHARED_SKEW_SECONDS } from '../../shared-assembly.ts';
import config from '../../shared-config.ts';
import { sharedRuntime } from '../../shared-runtime.ts';
import type { Mint } from '../../tokens.ts';
import { Tab } from './tab.ts';

const MEMBERS = tries({ short: 200, long: 1_000 });
/** All members together have 400 KB. */
const ABOUT = 'x'.repeat(400_000 / MEMBERS);

let runtime: Runtime;
let mint: Mint;
let stores: DynamoStores;
let rooms = 0;

beforeAll(async () => {
  ({ runtime, mint } = await sharedRuntime());
  stores = await storesOn(runtime.urls.dynamodb);
});

afterAll(() => stores.client.destroy());

/** Milliseconds. */
function lingerMsIn(namespace: string): number {
  const policy = config({ local: true }).namespaces[namespace];
  return policy ? lingerMsOf(policy) : 0;
}

/** A channel of its own for every test. */
function newChannel(namespace = 'room'): string {
  rooms += 1;
  return `${namespace}:presence-${rooms}`;
}

async function open(token?: string): Promise<Tab> {
  const tab = await Tab.open(runtime.urls.websocket, token);
  onTestFinished(() => tab.kill());
  return tab;
}

/** A tab in the channel, after the watching client has got its join. */
async function enter(channel: string, user: string, channels?: Grants, info?: unknown): Promise<Tab> {
  const tab = await open(await mint(user, channels, info === undefined ? {} : { info }));
  await tab.enter(channel);
  return tab;
}

async function watch(channel: string): Promise<Tab> {
  const observer = await open();
  await observer.enter(channel);
  return observer;
}

/** A user whose join was announced, with a token that ends soon. On a slow machine a short token ends before that: a longer one follows. */
async function enteredUntilTokenEnds(seconds = 2): Promise<{ observer: Tab; expiresAt: number }> {
  const channel = newChannel();
  const observer = await watch(channel);
  const expiresAt = Math.floor(Date.now() / 1000) + seconds;
  const hasEnded = () => Date.now() >= expiresAt * 1000;
  try {
    const ann = await open(await mint('present', undefined, { expiresAt }));
    await ann.enter(channel);
    await runtime.idle();
    await observer.received();
    if (observer.said.includes('joined present')) return { observer, expiresAt };
  } catch (error) {
    if (!hasEnded()) throw error;
  }
  expect(hasEnded()).toBe(true);
  return enteredUntilTokenEnds(2 * seconds);
}

/** A timer may fire some milliseconds early by the clock, because Node counts from the beginning of its turn. @param ms since 1970. */
async function timeIs(ms: number): Promise<void> {
  while (Date.now() < ms) await sleep(ms - Date.now());
}

/** Settles when the stored presence no longer knows the connections that were lost, and knows another. */
async function knownToBeBack(channel: string, lost: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  for (;;) {
    const row = await stores.presence.read({ channel, user: 'present' });
    const ids = [...(row?.connections.keys() ?? [])];
    if (row?.state === 'here' && ids.length > 0 && !ids.some((id) => lost.has(id))) return new Set(ids);
  }
}

/**
 * A user whose socket was cut some times, and who came back each time before the linger was over. On a slow machine the linger is over
 * before that: a user in a namespace with a longer one follows.
 */
async function cutAndBack(times: number, namespace = 'lounge'): Promise<{ observer: Tab; tab: Tab }> {
  const channel = newChannel(namespace);
  const observer = await watch(channel);
  let tab = await enter(channel, 'present');
  await observer.hears('joined', 'present');
  let ids = await knownToBeBack(channel, new Set());
  for (let n = 0; n < times; n++) {
    const cutAt = Date.now();
    tab.kill();
    await tab.closed;
    tab = await enter(channel, 'present');
    ids = await knownToBeBack(channel, ids);
    if (Date.now() - cutAt >= lingerMsIn(namespace)) return cutAndBack(times, 'hall');
  }
  return { observer, tab };
}

describe('a user', () => {
  it('with two tabs joins once with the info of the token, and leaves once after the last tab has lingered', async () => {
    const channel = newChannel();
    const observer = await watch(channel);
    const first = await enter(channel, 'present', undefined, { name: 'Ann' });
    await observer.hears('joined', 'present');
    const second = await enter(channel, 'present', undefined, { name: 'Ann' });
    await runtime.idle();
    await first.close();
    await second.close();
    await observer.hears('left', 'present');

    expect(observer.said).toEqual(['joined present', 'left present']);
    expect(observer.words[0]).toMatchObject({ channel, member: { info: { name: 'Ann' } } });
    expect(observer.users).toEqual([]);
  });

  it('gets events about themselves as others do, and is in their own list of members', async () => {
    const channel = newChannel();
    const ann = await enter(channel, 'present');

    await ann.hears('joined', 'present');

    expect(ann.users).toEqual(['present']);
  });

  it('whose socket is cut and who comes back before the linger is over was never away', async () => {
    const { observer, tab } = await cutAndBack(4);
    tab.kill();
    await observer.hears('left', 'present');

    expect(observer.said).toEqual(['joined present', 'left present']);
  });

  it('whose client moves to a new connection causes no event', async () => {
    const channel = newChannel();
    const observer = await watch(channel);
    const token = () => mint('present');
    const connection = connect(runtime.urls.websocket, { webSocket: WebSocket, token });
    onTestFinished(() => connection.close());
    const seen: string[][] = [];
    const own = watchMembers(connection, channel, (members) =>
      seen.push(members.map(({ user = '' }) => user)),
    );
    await observer.hears('joined', 'present');
    await own.ready;
    for (let n = 0; n < 3; n++) {
      const rotated = new Promise<void>((resolve) => {
        const stop = connection.on('rotated', () => {
          stop();
          resolve();
        });
      });
      connection.renew();
      await rotated;
    }
    connection.close();
    await observer.hears('left', 'present');

    expect(observer.said).toEqual(['joined present', 'left present']);
    // Before the first join, the list was empty.
    expect(new Set(seen.slice(seen.findIndex(({ length }) => length > 0)).map(String))).toEqual(
      new Set(['present']),
    );
  });

  it('who unsubscribes leaves, and is still connected', async () => {
    const channel = newChannel();
    const observer = await watch(channel);
    const ann = await enter(channel, 'present');
    await observer.hears('joined', 'present');

    expect(await ann.ask({ action: 'unsubscribe', channel })).toMatchObject({ event: 'unsubscribed' });

    await observer.hears('left', 'present');
    expect(observer.users).toEqual([]);
  });

  it('with new info is announced again, once', async () => {
    const channel = newChannel();
    const observer = await watch(channel);
    await enter(channel, 'present', undefined, { name: 'Ann' });
    // A worker that finds both names at once announces only the newer one.
    await observer.hears('joined', 'present');
    await enter(channel, 'present', undefined, { name: 'Anna' });
    await enter(channel, 'present', undefined, { name: 'Anna' });
    await observer.hears('joined', 'present', 2);
    await runtime.idle();

    expect(observer.words.map(({ member }) => member.info)).toEqual([{ name: 'Ann' }, { name: 'Anna' }]);
  });

  it('whose connection ends without a word leaves when the table drops its subscription', async () => {
    const { observer, expiresAt } = await enteredUntilTokenEnds();
    await observer.hears('joined', 'present');

    // Fanfare would notice the end of the token at the next post to ann, and there is no next post.
    await timeIs((expiresAt + SHARED_SKEW_SECONDS) * 1000);
    await runtime.expireItems();
    await observer.hears('left', 'present');

    expect(observer.said).toEqual(['joined present', 'left present']);
  });
});

describe('the presence of a channel', () => {
  it('stays hidden from users without the permission `members`, and so do joins and leaves', async () => {
    const channel = newChannel('private');
    const grants: Grants = { 'private:*': ['subscribe', 'members'] };
    const insider = await enter(channel, 'ins', grants);
    // Joins that a worker finds at once come in any order.
    await insider.hears('joined', 'ins');
    const outsider = await open(await mint('out', { 'private:*': ['subscribe'] }));
    const nobody = await open();
    for (const tab of [outsider, nobody]) {
      expect(await tab.ask({ action: 'subscribe', channel })).toMatchObject({ event: 'subscribed' });
      expect(await tab.ask({ action: 'members', channel })).toMatchObject({ status: expect.any(Number) });
    }
    await insider.hears('joined', 'out');
    const ann = await enter(channel, 'present', grants);
    await insider.hears('joined', 'present');
    await ann.close();
    await insider.hears('left', 'present');
    await runtime.idle();

    expect(insider.said).toEqual(['joined ins', 'joined out', 'joined present', 'left present']);
    expect([outsider.said, nobody.said]).toEqual([[], []]);
  });

  it(`lists ${MEMBERS} members page by page, over the socket and over HTTP, each once`, async () => {
    const channel = newChannel();
    const users = Array.from({ length: MEMBERS }, (_, n) => `user${String(n).padStart(4, '0')}`);
    const expiresAt = Math.floor(Date.now() / 1000) + 3_600;
    const presence = { ...NEVER_PRESENT, state: 'here', version: Date.now(), revision: 1 } as const;
    await visitInFlight(users, 32, async (user) => {
      const row = {
        ...presence,
        connections: new Map([[user, expiresAt]]),
        info: { about: ABOUT },
      };
      await stores.presence.write({ channel, user }, row, expiresAt);
      await stores.presence.announced({ channel, user }, presence.version, true);
    });

    const connection = connect(runtime.urls.websocket, { webSocket: WebSocket });
    onTestFinished(() => connection.close());
    const bySocket = await membersOf(connection.channel(channel));
    const observer = await watch(channel);
    const token = await mint('server', undefined, { audience: serverAudience('local') });
    const server = new FanfareServer(runtime.urls.http, { token });
    const byHttp = await server.call('members', { channel });

    expect(bySocket.map(({ user }) => user)).toEqual(users);
    expect(observer.users).toEqual(users);
    expect(byHttp.members.map(({ user }) => user)).toEqual(users);
    expect(byHttp.members[0]).toEqual({
      user: 'user0000',
      info: { about: ABOUT },
      at: presence.version,
    });
  });

  it('heals on a request: the list of members drops a user who lost the last connection long ago', async () => {
    const channel = newChannel();
    const observer = await watch(channel);
    const past = Math.floor(Date.now() / 1000) - 3_600;
    const lost = { ...NEVER_PRESENT, state: 'here', version: 7, revision: 1 } as const;
    const place = { channel, user: 'lost' };
    await stores.presence.write(place, { ...lost, connections: new Map([['x=', past]]) }, past + 9_999_999);
    await stores.presence.announced(place, 7, true);

    expect(await observer.ask({ action: 'members', channel })).toMatchObject({ members: [] });

    await observer.hears('left', 'lost');
    expect(await stores.presence.read(place)).toMatchObject({ state: 'gone' });
  });
});
