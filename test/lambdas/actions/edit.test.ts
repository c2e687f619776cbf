/** Edits and deletions through the commands of clients and the requests of servers. */

import { actionSchemas } from 'fanfare-protocol/actions';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import { edit as editOfServer } from '../../../lambdas/operations/edit.ts';
import { refuse } from '../../../lambdas/own-logic/refusal.ts';
import type { FanfareConfig } from '../../../lambdas/realtime/access/namespaces.ts';
import { groupIn } from '../../../lambdas/realtime/connections/grouping.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';

const HOUR = 60 * 60 * 1000;
const CHANNEL = 'chat:one';

const anyone = {
  subscribe: 'anyone',
  publish: 'anyone',
  members: 'anyone',
  history: { hours: 24 },
  presence: 'none',
} as const;

const config: FanfareConfig = {
  namespaces: {
    chat: { ...anyone, edit: 'author' },
    game: { ...anyone, edit: 'author', values: { hours: 48 } },
    news: { ...anyone, edit: 'servers' },
    fixed: anyone,
    live: { ...anyone, history: 'none' },
    members: { ...anyone, publish: 'granted', edit: 'author' },
    packed: { ...anyone, edit: 'author', delivery: 'packed' },
    grouped: { ...anyone, edit: 'author', subscriptions: 'grouped' },
    ruled: {
      ...anyone,
      edit: 'author',
      onPublish: ({ data, replaces, removed }) =>
        removed ? refuse('stays') : { data: replaces === undefined ? data : `${data} (edited)` },
    },
  },
  builtIn: { '@all': anyone, '@user': anyone },
};

const ann = sessionFixture({ connectionId: 'ann=', user: 'ann' });
const bob = sessionFixture({ connectionId: 'bob=', user: 'bob' });
const stranger = sessionFixture({ connectionId: 'me=' });

let ports: MemoryPorts;
let now: number;

beforeEach(async () => {
  ports = memoryPorts();
  now = NOW;
  for (const { connectionId } of [ann, bob, stranger])
    await ports.connections.open({ connectionId, expiresAt: NOW }, []);
});

const ask = async (command: object, session = ann, channel = CHANNEL): Promise<unknown> => {
  const context = actionContext(config, { ...ports, now: () => now });
  return JSON.parse(await answer(JSON.stringify({ channel, ...command }), session, context));
};

const publish = async (data: unknown, session = ann, channel = CHANNEL) =>
  v.parse(actionSchemas.publish.reply, await ask({ action: 'publish', data }, session, channel)).seq ?? 0;
const edit = (seq: number, change: object, session = ann, channel = CHANNEL) =>
  ask({ action: 'edit', seq, ...change }, session, channel);
const edited = async (seq: number, change: object, session = ann, channel = CHANNEL) =>
  v.parse(actionSchemas.edit.reply, await edit(seq, change, session, channel)).seq;
const history = async (channel = CHANNEL) =>
  v.parse(actionSchemas.history.reply, await ask({ action: 'history' }, ann, channel)).messages;
const stored = () => JSON.stringify(ports.channelLog.bare(CHANNEL, { from: 0, to: Number.MAX_SAFE_INTEGER }));
const frames = () => ports.posts.map(({ frame }) => frame);

const asServer = (seq: number, change: object, channel = CHANNEL) =>
  editOfServer(
    { channel, seq, ...change },
    {
      config,
      ports: { ...ports, now: () => now },
      sender: { kind: 'server', id: 'moderation' },
      grants: undefined,
      requestId: 'request-1',
    },
  );

describe('an edit', () => {
  it('is a message that names the one it replaces, live and in the history, where both have the new data', async () => {
    await ask({ action: 'subscribe' }, bob);
    const seq = await publish('old');

    const later = await edited(seq, { data: 'new' });

    expect(later).toBe(seq + 1);
    const message = { seq: later, replaces: seq, data: 'new', from: 'ann', time: NOW };
    expect(frames().at(-1)).toMatchObject({ event: 'messages', messages: [message] });
    expect(await history()).toEqual([{ seq, data: 'new', edited: later, from: 'ann', time: NOW }, message]);
  });

  it('of an edit replaces the message that this one replaces', async () => {
    const seq = await publish('old');
    const first = await edited(seq, { data: 'newer' });

    const second = await edited(first, { data: 'newest' });

    expect(await history()).toMatchObject([
      { seq, data: 'newest', edited: second },
      { seq: first, replaces: seq, data: 'newest' },
      { seq: second, replaces: seq, data: 'newest' },
    ]);
  });

  it('changes one message of a batch', async () => {
    const messages = [{ data: 1 }, { data: 2 }, { data: 3 }];
    const { seqs = [] } = v.parse(actionSchemas.publish.reply, await ask({ action: 'publish', messages }));

    await edited(seqs[1] ?? 0, { data: 'two' });

    expect((await history()).map((one) => 'data' in one && one.data)).toEqual([1, 'two', 3, 'two']);
  });

  it('lands once for its key, also after another edit', async () => {
    const seq = await publish('old');
    const first = await edited(seq, { data: 'one', key: 'k' });
    const second = await edited(seq, { data: 'two' });

    expect(await edited(seq, { data: 'one', key: 'k' })).toBe(first);

    expect((await history())[0]).toMatchObject({ data: 'two', edited: second });
  });

  it('with a key that landed is answered although the message is deleted now', async () => {
    const seq = await publish('old');
    const first = await edited(seq, { data: 'one', key: 'k' });
    await asServer(seq, { remove: true });

    expect(await edited(seq, { data: 'one', key: 'k' })).toBe(first);
    expect(await edit(seq, { data: 'one', key: 'other' })).toMatchObject({ code: 'not-found' });
  });

  it('goes through the rules of the namespace, which learn what it replaces', async () => {
    const seq = await publish('old', ann, 'ruled:a');

    await edited(seq, { data: 'new' }, ann, 'ruled:a');

    expect((await history('ruled:a'))[0]).toMatchObject({ data: 'new (edited)' });
    expect(await edit(seq, { remove: true }, ann, 'ruled:a')).toMatchObject({
      code: 'rejected',
      message: 'stays',
    });
  });

  it('in a packed channel is only written, because a round delivers it', async () => {
    await ask({ action: 'subscribe' }, bob, 'packed:a');
    const seq = await publish('old', ann, 'packed:a');

    await edited(seq, { data: 'new' }, ann, 'packed:a');

    expect(frames()).toEqual([]);
    expect(await history('packed:a')).toMatchObject([{ data: 'new' }, { data: 'new', replaces: seq }]);
  });
});

describe('a deletion', () => {
  it('leaves the number, the sender and the time, and no content', async () => {
    await ask({ action: 'subscribe' }, bob);
    const seq = await publish('secret 1');
    const later = await edited(seq, { data: 'secret 2' });

    const last = await edited(seq, { remove: true });

    const deletion = { seq: last, replaces: seq, data: null, removed: true, from: 'ann', time: NOW };
    expect(frames().at(-1)).toMatchObject({ messages: [deletion] });
    expect(await history()).toEqual([
      { seq, data: null, removed: true, edited: last, from: 'ann', time: NOW },
      { seq: later, replaces: seq, data: null, removed: true, from: 'ann', time: NOW },
      deletion,
    ]);
    expect(stored()).not.toContain('secret');
  });

  it('is for ever: an edit finds no message, and another deletion has the number of the first', async () => {
    const seq = await publish('old');
    const first = await edited(seq, { remove: true });

    expect(await edit(seq, { data: 'again' })).toMatchObject({ code: 'not-found', status: 404 });
    expect(await edited(seq, { remove: true })).toBe(first);
    expect(await history()).toHaveLength(2);
  });

  it('that is repeated is sent once more, because the first function may have died', async () => {
    await ask({ action: 'subscribe' }, bob);
    const seq = await publish('old');
    const first = await edited(seq, { remove: true });

    await edited(seq, { remove: true });

    expect(ports.started).toMatchObject([{ broadcast: { id: `again/${CHANNEL}/${first}` } }]);
  });

  it('of a grouped channel is sent once more to the subscribers in its group', async () => {
    const channel = 'grouped:one';
    await ask({ action: 'subscribe' }, bob, channel);
    const seq = await publish('old', ann, channel);
    await edited(seq, { remove: true }, ann, channel);

    await edited(seq, { remove: true }, ann, channel);

    const group = groupIn(config, channel);
    expect(group).toBeDefined();
    expect(ports.started).toMatchObject([{ broadcast: { channel, group } }]);
  });

  it('reaches a message that has expired, as long as it is stored', async () => {
    const seq = await publish('secret');
    now += 24.5 * HOUR;

    expect(await edit(seq, { data: 'new' })).toMatchObject({ code: 'not-found' });
    await edited(seq, { remove: true });

    expect(stored()).not.toContain('secret');
  });
});

describe('who may edit', () => {
  it.each([
    ['another user', bob, CHANNEL, 'forbidden', 'You may only edit messages of your own.'],
    ['an anonymous client', stranger, CHANNEL, 'unauthenticated', 'Sign in to edit messages of chat:one.'],
    [
      'the author, where messages stay as they are',
      ann,
      'fixed:a',
      'forbidden',
      'You may not edit messages of fixed:a.',
    ],
    [
      'the author, where only servers edit',
      ann,
      'news:a',
      'forbidden',
      'You may not edit messages of news:a.',
    ],
  ])('not %s', async (_who, session, channel, code, message) => {
    const seq = await publish('old', ann, channel);

    for (const change of [{ data: 'new' }, { remove: true }])
      expect(await edit(seq, change, session, channel)).toMatchObject({ code, message });
    expect(await history(channel)).toMatchObject([{ seq, data: 'old' }]);
  });

  it('not an anonymous sender, also of a message of the own', async () => {
    const seq = await publish('old', stranger);

    expect(await edit(seq, { data: 'new' }, stranger)).toMatchObject({ code: 'unauthenticated' });
    expect(await edit(seq, { data: 'new' }, ann)).toMatchObject({ code: 'forbidden' });
  });

  it('not a user who may not publish any more', async () => {
    const grants = { 'members:*': ['publish' as const] };
    const seq = await publish('old', { ...ann, grants }, 'members:a');

    expect(await edit(seq, { data: 'new' }, { ...ann, grants: {} }, 'members:a')).toMatchObject({
      code: 'forbidden',
    });
    await edited(seq, { data: 'new' }, { ...ann, grants }, 'members:a');
  });

  it('a server, every message of a namespace with edits', async () => {
    const seq = await publish('old');
    const anonymous = await publish('old', stranger, 'news:a');

    expect(await asServer(seq, { data: 'moderated' })).toEqual({ channel: CHANNEL, seq: seq + 1 });
    expect(await asServer(anonymous, { remove: true }, 'news:a')).toMatchObject({ seq: anonymous + 1 });

    const [first, second] = await history();
    expect(first).toMatchObject({ data: 'moderated', from: 'ann' });
    expect(second).not.toHaveProperty('from');
  });

  it('not a server where messages stay as they are', async () => {
    const seq = await publish('old', ann, 'fixed:a');

    await expect(asServer(seq, { remove: true }, 'fixed:a')).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('an edit is refused', () => {
  it.each([
    [{}, 'edit needs either data or remove, not both.'],
    [{ data: 1, remove: true }, 'edit needs either data or remove, not both.'],
    [{ remove: false, data: 1 }, 'remove can only be true.'],
    [{ seq: -1, data: 1 }, 'a position is a whole number.'],
  ])('with %j: %s', async (change, message) => {
    expect(await edit(1, change)).toMatchObject({ code: 'bad-request', message });
  });

  it.each(['a number that was never given out', 'a void number', 'the number before the first'])(
    'for %s',
    async (what) => {
      const first = await publish('old');
      const { seq } = await ports.channelLog.raise(CHANNEL, 1, NOW);
      const retention = { retentionMs: 24 * HOUR };
      await ports.channelLog.seal(CHANNEL, { seq, void: true, time: NOW }, retention);
      const number = { 'a void number': seq, 'the number before the first': first - 1 }[what] ?? seq + 9;

      expect(await edit(number, { data: 1 })).toMatchObject({ code: 'not-found' });
    },
  );

  it('in a channel without history', async () => {
    expect(await edit(1, { data: 1 }, ann, 'live:a')).toMatchObject({ code: 'forbidden' });
  });

  it('for a message with a name, which is set anew or removed', async () => {
    const reply = await ask({ action: 'publish', name: 'a', data: 1 }, ann, 'game:a');
    const { seq = 0 } = v.parse(actionSchemas.publish.reply, reply);

    for (const change of [{ data: 2 }, { remove: true }])
      expect(await edit(seq, change, ann, 'game:a')).toMatchObject({ code: 'bad-request' });
  });

  it('if the messages that were published together would not fit into a frame', async () => {
    const messages = [{ data: 'x'.repeat(60_000) }, { data: 'x' }];
    const { seq = 0 } = v.parse(actionSchemas.publish.reply, await ask({ action: 'publish', messages }));

    expect(await edit(seq, { data: 'y'.repeat(80_000) })).toMatchObject({ code: 'too-large' });
    expect(await history()).toHaveLength(2);
    now += 10_000;
    await edited(seq, { data: 'y'.repeat(60_000) });
  });
});
