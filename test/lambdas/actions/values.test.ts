/** Named values through the commands of clients. */

import { actionSchemas } from 'fanfare-protocol/actions';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import { refuse } from '../../../lambdas/own-logic/refusal.ts';
import { defineConfig, type FanfareConfig } from '../../../lambdas/realtime/access/namespaces.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';

const HOUR = 60 * 60 * 1000;
const CHANNEL = 'game:one';

const anyone = {
  subscribe: 'anyone',
  publish: 'anyone',
  members: 'anyone',
  history: { hours: 24 },
  presence: 'none',
} as const;
const values = { hours: 48 };

const config: FanfareConfig = {
  namespaces: {
    game: { ...anyone, values },
    chat: anyone,
    live: { ...anyone, history: 'none' },
    news: { ...anyone, values, publish: 'servers', subscribe: 'signed-in' },
    ruled: {
      ...anyone,
      values,
      onPublish: ({ data, name, removed }) =>
        removed ? refuse('stays') : name === 'fixed' ? refuse('is fixed') : { data: [name, data] },
    },
  },
  builtIn: { '@all': anyone, '@user': anyone },
};

let ports: MemoryPorts;
let now: number;

beforeEach(async () => {
  ports = memoryPorts();
  now = NOW;
  await ports.connections.open({ connectionId: 'me=', expiresAt: NOW }, []);
});

const ask = async (frame: object, session = sessionFixture({ connectionId: 'me=' })): Promise<unknown> => {
  const context = actionContext(config, { ...ports, now: () => now });
  return JSON.parse(await answer(JSON.stringify(frame), session, context));
};

const publish = (content: object, channel = CHANNEL) => ask({ action: 'publish', channel, ...content });
const seqOf = (reply: unknown) => v.parse(actionSchemas.publish.reply, reply).seq ?? 0;
const set = async (name: string, data: unknown, more: object = {}) =>
  seqOf(await publish({ name, data, ...more }));
const read = async (cursor?: string, channel = CHANNEL) =>
  v.parse(actionSchemas.values.reply, await ask({ action: 'values', channel, cursor }));
const subscribe = async () =>
  v.parse(actionSchemas.subscribe.reply, await ask({ action: 'subscribe', channel: CHANNEL, values: true }));

describe('a publish with a name', () => {
  it('reaches subscribers with the name, and is in the history with it', async () => {
    await subscribe();
    const seq = await set('a', 1);
    const removed = seqOf(await publish({ name: 'a', remove: true }));

    const messages = [
      { seq, data: 1, name: 'a', time: NOW },
      { seq: removed, data: null, name: 'a', removed: true, time: NOW },
    ];
    expect(ports.posts.map(({ frame }) => frame)).toMatchObject(
      messages.map((message) => ({ event: 'messages', messages: [message] })),
    );
    expect(await ask({ action: 'history', channel: CHANNEL })).toMatchObject({ messages });
  });

  it.each([
    [{ name: 'a' }, 'chat:a', 'chat:a has no values.'],
    [{ name: 'a' }, 'live:a', 'live:a has no values.'],
    [{ ifSeq: 1 }, CHANNEL, 'ifSeq and remove need a name.'],
    [{ name: '' }, CHANNEL, 'name must be a string of 1 to 128 characters.'],
    [{ name: 'x'.repeat(129) }, CHANNEL, 'name must be a string of 1 to 128 characters.'],
    [{ name: 'a', ifSeq: -1 }, CHANNEL, 'ifSeq must be a whole number.'],
    [{ name: 'a', remove: true }, CHANNEL, 'publish needs either data or messages, not both.'],
  ])('%j in %s is refused: %s', async (content, channel, message) => {
    expect(await publish({ data: 1, ...content }, channel)).toMatchObject({ code: 'bad-request', message });
  });

  it('with ifSeq has the name only once in a batch, and the error names no message, because each is good alone', async () => {
    const messages = [
      { name: 'a', data: 1, ifSeq: 0 },
      { name: 'a', data: 2 },
    ];

    const refused = await publish({ messages });
    expect(refused).toMatchObject({ code: 'bad-request' });
    expect(refused).not.toHaveProperty('index');
  });

  it('lands once under a key, also with ifSeq', async () => {
    const seq = await set('a', 1, { ifSeq: 0, key: 'k' });

    expect(await set('a', 1, { ifSeq: 0, key: 'k' })).toBe(seq);
    expect((await read()).values).toMatchObject([{ seq, name: 'a', data: 1 }]);
  });
});

describe('ifSeq', () => {
  it('is answered with a conflict that has the value, and nothing is published', async () => {
    const seq = await set('a', { owner: 'ann' });

    expect(await publish({ name: 'a', data: 2, ifSeq: 0, id: 5 })).toMatchObject({
      event: 'error',
      id: 5,
      code: 'conflict',
      status: 409,
      current: { seq, name: 'a', data: { owner: 'ann' } },
    });
    expect(await publish({ name: 'b', data: 2, ifSeq: seq })).toMatchObject({
      code: 'conflict',
      current: null,
    });
    expect((await read()).values).toHaveLength(1);
  });

  it('tells subscribers of the number that a conflict has given up, with the next message', async () => {
    await subscribe();
    const seq = await set('a', 1);
    await publish({ name: 'a', data: 2, ifSeq: 0 });
    await set('a', 3);

    expect(ports.posts.at(-1)?.frame).toMatchObject({
      messages: [{ seq: seq + 1, void: true }, { seq: seq + 2 }],
    });
  });

  it('names the message of a batch, and its value only if the replies have room for it', async () => {
    const data = 'x'.repeat(60_000);
    await set('b', data);
    const command = {
      action: 'publish',
      channel: CHANNEL,
      messages: [
        { name: 'a', data: 1 },
        { name: 'b', data: 2, ifSeq: 0 },
      ],
    };

    const replies = await ask([command, command, command]);

    const shape = v.array(v.looseObject({ index: v.number() }));
    const parsed = v.parse(shape, replies);
    expect(parsed.map(({ index }) => index)).toEqual([1, 1, 1]);
    expect(parsed.map((reply) => 'current' in reply)).toEqual([true, true, false]);
    expect((await read()).values.map(({ name }) => name)).toEqual(['b']);
  });
});

describe('a snapshot', () => {
  it('has the newest value of each name, and the head', async () => {
    await set('a', 1);
    await set('b', 1);
    await publish({ name: 'b', remove: true });
    const seq = await set('a', 2);

    for (const minutes of [0, 1, 5]) {
      now = NOW + minutes * 60_000;
      const reply = await subscribe();
      expect(reply.seq).toBe(seq);
      expect(reply.values?.filter(({ removed }) => !removed)).toEqual([
        { seq, name: 'a', data: 2, time: NOW },
      ]);
    }
  });

  it('outlives the log, and ends with the time that the policy names', async () => {
    const seq = await set('a', 1);
    ports.channelLog.expire(CHANNEL, seq);

    now = NOW + 30 * HOUR;
    expect((await read()).values).toMatchObject([{ seq, name: 'a' }]);
    now = NOW + 48 * HOUR;
    expect((await read()).values).toEqual([]);
  });

  it('comes in pages that fit into a reply', async () => {
    const data = 'x'.repeat(50_000);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await set(name, data);

    for (const minutes of [0, 5]) {
      now = NOW + minutes * 60_000;
      const pages = [];
      let cursor: string | undefined;
      do {
        const page = await read(cursor);
        pages.push(page.values.map(({ name }) => name));
        cursor = page.next;
      } while (cursor !== undefined);
      expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    }
  });

  it('of a channel that was never used is empty', async () => {
    expect(await read()).toMatchObject({ seq: 0, values: [] });
  });

  it.each(['', 'nonsense', '1.2', '1.x/a', '12345678901234567.1/a'])(
    'with the cursor %j is refused',
    async (cursor) => {
      expect(await ask({ action: 'values', channel: CHANNEL, cursor })).toMatchObject({
        code: 'bad-request',
      });
    },
  );

  it('with a made-up cursor seals no number', async () => {
    const { seq } = await ports.channelLog.raise(CHANNEL, 1, NOW);

    await read(`${seq}.${seq + 5}.${seq}`);

    expect(await ports.channelLog.write(CHANNEL, [{ seq, data: 1, time: NOW }], { retentionMs: HOUR })).toBe(
      true,
    );
  });

  it('is for connections that may subscribe, in channels that have values', async () => {
    expect(await ask({ action: 'values', channel: 'news:a' })).toMatchObject({ code: 'unauthenticated' });
    expect(await ask({ action: 'values', channel: 'chat:a' })).toMatchObject({ code: 'bad-request' });
    expect(await ask({ action: 'values', channel: 'live:a' })).toMatchObject({ code: 'bad-request' });
    expect(await ask({ action: 'subscribe', channel: 'chat:a', values: true })).toMatchObject({
      code: 'bad-request',
    });
    expect(
      await ask(
        { action: 'publish', channel: 'news:a', name: 'a', data: 1 },
        sessionFixture({ connectionId: 'me=', user: 'ann' }),
      ),
    ).toMatchObject({ code: 'forbidden' });
  });
});

describe('the rules of an application', () => {
  it('see the name, and whether the value is removed', async () => {
    const ruled = (content: object) => publish(content, 'ruled:a');

    expect(await ruled({ name: 'a', data: 1 })).toMatchObject({ event: 'published' });
    expect(await ruled({ name: 'fixed', data: 1 })).toMatchObject({ code: 'rejected', message: 'is fixed' });
    expect(await ruled({ name: 'a', remove: true })).toMatchObject({ code: 'rejected', message: 'stays' });
    expect((await read(undefined, 'ruled:a')).values).toMatchObject([{ name: 'a', data: ['a', 1] }]);
  });
});

describe('a policy with values', () => {
  const declared = (policy: object) => () =>
    defineConfig(() => ({ namespaces: { game: { ...anyone, values, ...policy } } }))({ local: false });

  it('keeps a history of at least an hour, and the values at least as long', () => {
    expect(declared({ history: { hours: 1 }, values: { hours: 1 } })).not.toThrow();
    expect(declared({ history: 'none' })).toThrow('game has values');
    expect(declared({ history: { hours: 0.5 } })).toThrow('game has values');
    expect(declared({ values: { hours: 23 } })).toThrow('game has values');
  });
});
