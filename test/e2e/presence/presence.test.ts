/** Presence over sockets: the deployed functions, the change stream, and the events that each client gets. */

import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'fanfare-client';
import { watchMembers } from 'fanfare-client/presence';
import { FanfareServer } from 'fanfare-client/server';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Grants } from '../../../lambdas/identity/grants.ts';
import { serverAudience } from '../../../lambdas/identity/own-token.ts';
import { visitInFlight } from '../../../lambdas/realtime/in-flight.ts';
import { NEVER_PRESENT } from '../../../lambdas/realtime/presence/presence-state.ts';
import { type DynamoStores, storesOn } from '../../contracts/dynamo-stores.ts';
import { type Runtime, startRuntime } from '../../runtime.ts';
import { type Mint, mintFor } from '../../tokens.ts';
import { localStage } from '../security/local-stage.ts';
import { Tab } from './tab.ts';

const SKEW_SECONDS = 1;

let runtime: Runtime;
let mint: Mint;
let stores: DynamoStores;
let rooms = 0;

beforeAll(async () => {
  const config = new URL('presence-config.ts', import.meta.url);
  runtime = await startRuntime({
    assemble: localStage({ config, tokens: { clockSkewSeconds: SKEW_SECONDS } }),
    asyncRetryDelaysMs: [0],
  });
  mint = await mintFor(runtime);
  stores = await storesOn(runtime.urls.dynamodb);
});

afterAll(async () => {
  stores.client.destroy();
  await runtime.close();
});

/** A channel of its own for every test. */
function newChannel(namespace = 'room'): string {
  rooms += 1;
  return `${namespace}:${rooms}`;
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

describe('a user', () => {
  it('with two tabs joins once with the info of the token, and leaves once after the last tab has lingered', async () => {
    const channel = newChannel();
    const observer = await watch(channel);
    const first = await enter(channel, 'ann', undefined, { name: 'Ann' });
    await observer.hears('joined', 'ann');
    const second = await enter(channel, 'ann', undefined, { name: 'Ann' });
    await runtime.idle();
    await first.close();
    await second.close();
    await observer.hears('left', 'ann');

    expect(observer.said).toEqual(['joined ann', 'left ann']);
    expect(observer.words[0]).toMatchObject({ channel, member: { info: { name: 'Ann' } } });
    expect(observer.users).toEqual([]);
  });

  it('gets events about themselves as others do, and is in their own list of members', async () => {
    const channel = newChannel();
    const ann = await enter(channel, 'ann');

    await ann.hears('joined', 'ann');

    expect(ann.users).toEqual(['ann']);
  });

  it('whose socket is cut and who comes back at once was never away', async () => {
    const channel = newChannel();
    const observer = await watch(channel);
    for (let n = 0; n < 5; n++) {
      const tab = await enter(channel, 'ann');
      if (n === 0) await observer.hears('joined', 'ann');
      tab.kill();
      await tab.closed;
    }
    await observer.hears('left', 'ann');

    expect(observer.said).toEqual(['joined ann', 'left ann']);
  });

  it('whose client moves to a new connection causes no event', async () => {
    const channel = newChannel();
    const observer = await watch(channel);
    const token = () => mint('ann');
    const connection = connect(runtime.urls.websocket, { webSocket: WebSocket, token });
    onTestFinished(() => connection.close());
    const seen: string[][] = [];
    const own = watchMembers(connection, channel, (members) =>
      seen.push(members.map(({ user = '' }) => user)),
    );
    await observer.hears('joined', 'ann');
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
    await observer.hears('left', 'ann');

    expect(observer.said).toEqual(['joined ann', 'left ann']);
    // Before the first join, the list was empty.
    expect(new Set(seen.slice(seen.findIndex(({ length }) => length > 0)).map(String))).toEqual(
      new Set(['ann']),
    );
  });

  it('who unsubscribes leaves, and is still connected', async () => {
    const channel = newChannel();
    const observer = await watch(channel);
    const ann = await enter(channel, 'ann');
    await observer.hears('joined', 'ann');

    expect(await ann.ask({ action: 'unsubscribe', channel })).toMatchObject({ event: 'unsubscribed' });

    await observer.hears('left', 'ann');
    expect(observer.users).toEqual([]);
  });

  it('with new info is announced again, once', async () => {
    const channel = newChannel();
    const observer = await watch(channel);
    await enter(channel, 'ann', undefined, { name: 'Ann' });
    await enter(channel, 'ann', undefined, { name: 'Anna' });
    await enter(channel, 'ann', undefined, { name: 'Anna' });
    await observer.hears('joined', 'ann', 2);
    await runtime.idle();

    expect(observer.words.map(({ member }) => member.info)).toEqual([{ name: 'Ann' }, { name: 'Anna' }]);
  });

  it('whose connection ends without a word leaves when the table drops its subscription', async () => {
    const channel = newChannel();
    const observer = await watch(channel);
    const expiresAt = Math.floor(Date.now() / 1000) + 2;
    const ann = await open(await mint('ann', undefined, { expiresAt }));
    await ann.enter(channel);
    await observer.hears('joined', 'ann');

    // Fanfare would notice the end of the token at the next post to ann, and there is no next post.
    await sleep((expiresAt + SKEW_SECONDS) * 1000 - Date.now());
    await runtime.expireItems();
    await observer.hears('left', 'ann');

    expect(observer.said).toEqual(['joined ann', 'left ann']);
  });
});

describe('the presence of a channel', () => {
  it('stays hidden from users without the permission `members`, and so do joins and leaves', async () => {
    const channel = newChannel('private');
    const grants: Grants = { 'private:*': ['subscribe', 'members'] };
    const insider = await enter(channel, 'ins', grants);
    const outsider = await open(await mint('out', { 'private:*': ['subscribe'] }));
    const nobody = await open();
    for (const tab of [outsider, nobody]) {
      expect(await tab.ask({ action: 'subscribe', channel })).toMatchObject({ event: 'subscribed' });
      expect(await tab.ask({ action: 'members', channel })).toMatchObject({ status: expect.any(Number) });
    }
    const ann = await enter(channel, 'ann', grants);
    await insider.hears('joined', 'ann');
    await ann.close();
    await insider.hears('left', 'ann');
    await runtime.idle();

    expect(insider.said).toEqual(['joined ins', 'joined out', 'joined ann', 'left ann']);
    expect([outsider.said, nobody.said]).toEqual([[], []]);
  });

  it('lists 1,000 members page by page, over the socket and over HTTP, each once', async () => {
    const channel = newChannel();
    const users = Array.from({ length: 1_000 }, (_, n) => `user${String(n).padStart(4, '0')}`);
    const expiresAt = Math.floor(Date.now() / 1000) + 3_600;
    const presence = { ...NEVER_PRESENT, state: 'here', version: Date.now(), revision: 1 } as const;
    await visitInFlight(users, 32, async (user) => {
      const row = {
        ...presence,
        connections: new Map([[user, expiresAt]]),
        info: { about: 'x'.repeat(400) },
      };
      await stores.presence.write({ channel, user }, row, expiresAt);
      await stores.presence.announced({ channel, user }, presence.version);
    });

    const connection = connect(runtime.urls.websocket, { webSocket: WebSocket });
    onTestFinished(() => connection.close());
    const bySocket = await connection.channel(channel).members();
    const observer = await watch(channel);
    const token = await mint('server', undefined, { audience: serverAudience('local') });
    const server = new FanfareServer(runtime.urls.http, { token });
    const byHttp = await server.call('members', { channel });

    expect(bySocket.map(({ user }) => user)).toEqual(users);
    expect(observer.users).toEqual(users);
    expect(byHttp.members.map(({ user }) => user)).toEqual(users);
    expect(byHttp.members[0]).toEqual({
      user: 'user0000',
      info: { about: 'x'.repeat(400) },
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
    await stores.presence.announced(place, 7);

    expect(await observer.ask({ action: 'members', channel })).toMatchObject({ members: [] });

    await observer.hears('left', 'lost');
    expect(await stores.presence.read(place)).toMatchObject({ state: 'gone' });
  });
});
