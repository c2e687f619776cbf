import * as v from 'valibot';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import { namespace, refuse } from '../../../lambdas/own-logic/config.ts';
import type { HandlerContext } from '../../../lambdas/own-logic/context.ts';
import type { NamespacePolicy } from '../../../lambdas/realtime/access/namespaces.ts';
import { open } from '../../../lambdas/realtime/connections/membership.ts';
import { PUBLISHED_BYTES } from '../../../lambdas/realtime/log/reply-room.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';
import { untyped } from './untyped.ts';

const anyone = {
  subscribe: 'anyone',
  publish: 'anyone',
  members: 'anyone',
  history: { hours: 1 },
  presence: 'none',
} as const satisfies NamespacePolicy;

const me = sessionFixture({ user: 'ann' });

describe('the rules of a namespace', () => {
  let ports: MemoryPorts;

  beforeEach(() => {
    ports = memoryPorts();
  });

  /** Publishes to a channel to which the publisher is subscribed. */
  async function publish(policy: NamespacePolicy, content: object): Promise<unknown> {
    const config = {
      namespaces: { chat: policy },
      builtIn: { '@all': { ...anyone, history: 'none' }, '@user': { ...anyone, subscribe: 'owner' } },
    } as const;
    await open(ports, config, me);
    const frame = [
      { action: 'subscribe', channel: 'chat:a' },
      { action: 'publish', channel: 'chat:a', ...content },
    ];
    const [, reply] = JSON.parse(await answer(JSON.stringify(frame), me, actionContext(config, ports)));
    return reply;
  }

  /** The data of every message that was sent. */
  const sent = () =>
    ports.posts.flatMap(({ frame }) =>
      v
        .parse(v.object({ messages: v.array(v.object({ data: v.unknown() })) }), frame)
        .messages.map(({ data }) => data),
    );

  describe.each([
    ['with', anyone],
    ['without', { ...anyone, history: 'none' } as const],
  ])('%s history', (_with, rights) => {
    it('let a message pass by returning nothing', async () => {
      expect(await publish({ ...rights, onPublish: () => {} }, { data: { n: 1 } })).toMatchObject({
        event: 'published',
      });
      expect(sent()).toEqual([{ n: 1 }]);
    });

    it.each<[string, NamespacePolicy['onPublish']]>([
      ['returning other data', ({ data }) => ({ data: { was: data } })],
      [
        'changing the data in place',
        ({ data }) => {
          const was = structuredClone(data);
          Object.assign(Object(data), { was, n: undefined });
        },
      ],
    ])('change a message by %s', async (_how, onPublish) => {
      await publish({ ...rights, ...(onPublish && { onPublish }) }, { data: { n: 1 } });

      expect(sent()).toEqual([{ was: { n: 1 } }]);
    });

    it('refuse a message by a sentence', async () => {
      const onPublish = () => refuse('A message has at most 500 characters.');

      expect(await publish({ ...rights, onPublish }, { data: 'x' })).toEqual({
        event: 'error',
        action: 'publish',
        code: 'rejected',
        status: 422,
        message: 'A message has at most 500 characters.',
        index: 0,
      });
      expect(sent()).toEqual([]);
      expect(await ports.channelLog.head('chat:a')).toBeUndefined();
      expect(ports.logged).toEqual([]);
    });

    it('publish none of several if one is refused, and name it', async () => {
      const policy = {
        ...rights,
        onPublish: ({ data }) => (data === 'bad' ? refuse('No.') : undefined),
      } satisfies NamespacePolicy;
      const messages = ['a', 'b', 'bad', 'c', 'bad'].map((data) => ({ data }));

      expect(await publish(policy, { messages })).toMatchObject({
        code: 'rejected',
        message: 'No.',
        index: 2,
      });
      expect(sent()).toEqual([]);
    });

    it.each<[string, () => unknown, string]>([
      ['throws', () => fail(), 'onPublish of chat:a threw an error'],
      ['rejects', async () => fail(), 'onPublish of chat:a threw an error'],
      ['hangs', () => new Promise(() => {}), 'onPublish of chat:a did not end within 1 ms'],
      ['returns false', () => false, 'onPublish of chat:a returned a value of type boolean'],
      ['returns a text', () => 'no', 'onPublish of chat:a returned a value of type string'],
      [
        'returns an object without data',
        () => ({ message: 1 }),
        'onPublish of chat:a returned a value of type object',
      ],
      ['returns no data', () => ({ data: undefined }), 'onPublish of chat:a returned data that is not JSON'],
      ['returns NaN', () => ({ data: [Number.NaN] }), 'onPublish of chat:a returned data that is not JSON'],
      [
        'returns a rounded number',
        () => ({ data: 2 ** 60 }),
        'onPublish of chat:a returned data that is not JSON',
      ],
      ['returns a circle', () => ({ data: circle() }), 'onPublish of chat:a returned data that is not JSON'],
      ['returns a bigint', () => ({ data: 1n }), 'onPublish of chat:a returned data that is not JSON'],
      [
        'returns a deep value',
        () => ({ data: deep() }),
        'onPublish of chat:a returned data that is not JSON',
      ],
    ])('publish nothing if the handler %s', async (_what, handler, logged) => {
      const policy = { ...rights, onPublish: () => untyped(handler()), budgetMs: { onPublish: 1 } };

      expect(await publish(policy, { data: 1 })).toEqual({
        event: 'error',
        action: 'publish',
        code: 'internal',
        status: 500,
        message: 'Something went wrong here; request request-1.',
        index: 0,
      });
      expect(sent()).toEqual([]);
      expect(ports.logged).toEqual([expect.stringContaining(logged)]);
    });

    it('hold changed data to the size of a frame', async () => {
      const onPublish = () => ({ data: 'x'.repeat(PUBLISHED_BYTES) });

      expect(await publish({ ...rights, onPublish }, { data: 1 })).toMatchObject({
        code: 'too-large',
        status: 413,
      });
      expect(sent()).toEqual([]);
    });
  });

  it('give the handler what the gateway attests', async () => {
    const seen: HandlerContext[] = [];

    await publish({ ...anyone, onPublish: (_message, context) => void seen.push(context) }, { data: 1 });

    expect(seen).toMatchObject([
      { caller: 'client', user: 'ann', connection: me.connectionId, channel: 'chat:a' },
    ]);
  });

  it.each([
    [
      'valibot',
      namespace({ ...anyone, schema: v.object({ text: v.pipe(v.string(), v.trim(), v.maxLength(5)) }) }),
    ],
    ['zod', namespace({ ...anyone, schema: z.object({ text: z.string().trim().max(5) }) })],
    [
      'a schema that answers later',
      namespace({
        ...anyone,
        schema: v.objectAsync({ text: v.pipeAsync(v.string(), v.trim(), v.maxLength(5)) }),
      }),
    ],
  ])('check data by a schema of %s, and publish what it returns', async (_library, policy) => {
    expect(await publish(policy, { data: { text: ' hello ', more: 1 } })).toMatchObject({
      event: 'published',
    });
    expect(sent()).toEqual([{ text: 'hello' }]);
    expect(await publish(policy, { data: { text: 'too long' } })).toMatchObject({
      code: 'rejected',
      status: 422,
      message: expect.stringMatching(/^data\.text: ./),
    });
    expect(await publish(policy, { data: 'text' })).toMatchObject({
      message: expect.stringMatching(/^data: ./),
    });
    expect(sent()).toHaveLength(1);
  });

  it('give the handler what the schema returns, and do not ask it about what the schema refuses', async () => {
    const onPublish = vi.fn(() => undefined);
    const policy = namespace({ ...anyone, schema: v.pipe(v.string(), v.trim()), onPublish });

    await publish(policy, { data: ' a ' });
    await publish(policy, { data: 1 });

    expect(onPublish).toHaveBeenCalledOnce();
    expect(onPublish).toHaveBeenCalledWith({ data: 'a' }, expect.anything());
  });

  describe('for a key that was published before', () => {
    /** One message of each user: the rule of a vote. */
    const once = () => {
      let votes = 0;
      return { ...anyone, onPublish: () => (votes++ === 0 ? undefined : refuse('You have voted.')) };
    };

    it('give the first answer again, though the handler refuses now', async () => {
      const policy = once();
      const first = await publish(policy, { data: 'yes', key: 'k' });

      expect(first).toEqual({ event: 'published', channel: 'chat:a', seq: NOW + 1 });
      expect(await publish(policy, { data: 'yes', key: 'k' })).toEqual(first);
      expect(await publish(policy, { data: 'no', key: 'other' })).toMatchObject({
        message: 'You have voted.',
      });
      expect(await publish(policy, { data: 'no' })).toMatchObject({ message: 'You have voted.' });
      expect((await ports.channelLog.head('chat:a'))?.seq).toBe(NOW + 1);
    });

    it('publish the others of a batch, and the repeated one not again', async () => {
      const policy = once();
      await publish(policy, { data: 'yes', key: 'k' });
      const rest = {
        ...anyone,
        onPublish: ({ data }) => (data === 'yes' ? refuse('You have voted.') : undefined),
      } satisfies NamespacePolicy;
      const messages = [
        { data: 'yes', key: 'k' },
        { data: 'more', key: 'l' },
      ];

      expect(await publish(rest, { messages })).toMatchObject({ event: 'published', seq: NOW + 2 });
      expect(await publish(rest, { messages: [...messages, { data: 'yes' }] })).toMatchObject({ index: 2 });
    });

    it('give the first answer again, though the handler fails now', async () => {
      const first = await publish(anyone, { data: 1, key: 'k' });

      expect(await publish({ ...anyone, onPublish: fail }, { data: 1, key: 'k' })).toEqual(first);
    });
  });
});

function fail(): never {
  throw new Error('no table');
}

function circle(): object {
  const value = {};
  return Object.assign(value, { value });
}

function deep(): unknown {
  return Array.from({ length: 70 }).reduce<unknown>((inner) => [inner], 1);
}
