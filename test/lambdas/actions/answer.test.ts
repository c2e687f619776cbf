import { serverEvent } from 'fanfare-protocol/events';
import { CHANNELS_PER_CONNECTION, MESSAGE_BYTES } from 'fanfare-protocol/limits';
import fc from 'fast-check';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import config from '../../../fanfare.config.ts';
import { actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import { open } from '../../../lambdas/realtime/connections/membership.ts';
import { subscribersOf as subscribersIn } from '../../../lambdas/realtime/delivery/audience.ts';
import { collect, type MemoryPorts, memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';

const me = sessionFixture();

describe('the answer to a frame', () => {
  let ports: MemoryPorts;

  beforeEach(async () => {
    ports = memoryPorts();
    await open(ports, config({ local: true }), me);
  });

  /** Sends text unchanged, and other values as JSON. Every reply must follow the protocol. */
  async function ask(frame: unknown, caller = me): Promise<unknown> {
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
    const reply: unknown = JSON.parse(
      await answer(text, caller, actionContext(config({ local: true }), ports)),
    );
    v.parse(v.union([serverEvent, v.array(serverEvent)]), reply);
    return reply;
  }

  const subscribersOf = (channel: string) => collect(subscribersIn(ports, channel));

  it('to subscribe is subscribed, with the id', async () => {
    expect(await ask({ action: 'subscribe', channel: 'open:a', id: 'x' })).toEqual({
      event: 'subscribed',
      channel: 'open:a',
      seq: 0,
      id: 'x',
    });
    expect(await subscribersOf('open:a')).toHaveLength(1);
  });

  it('to unsubscribe is unsubscribed, also when there was no subscription', async () => {
    await ask({ action: 'subscribe', channel: 'open:a' });

    const unsubscribed = { event: 'unsubscribed', channel: 'open:a' };
    expect(await ask({ action: 'unsubscribe', channel: 'open:a' })).toEqual(unsubscribed);
    expect(await ask({ action: 'unsubscribe', channel: 'open:a' })).toEqual(unsubscribed);
    expect(await subscribersOf('open:a')).toEqual([]);
  });

  it('to unsubscribe from a built-in channel is a refusal', async () => {
    expect(await ask({ action: 'unsubscribe', channel: '@all' })).toMatchObject({ code: 'forbidden' });
    expect(await subscribersOf('@all')).toHaveLength(1);
  });

  it('to publish is published, after the message went to every subscriber, the sender too', async () => {
    await ask({ action: 'subscribe', channel: 'open:a' });

    const reply = await ask({ action: 'publish', channel: 'open:a', data: { hello: [1] }, id: 0 });

    expect(reply).toEqual({ event: 'published', channel: 'open:a', seq: NOW + 1, id: 0 });
    expect(ports.posts).toEqual([
      {
        connectionId: me.connectionId,
        frame: {
          event: 'messages',
          channel: 'open:a',
          first: NOW + 1,
          messages: [{ seq: NOW + 1, data: { hello: [1] }, time: NOW }],
        },
      },
    ]);
  });

  it('to publish of several messages is one frame to every subscriber, in order', async () => {
    await ask({ action: 'subscribe', channel: 'open:a' });

    await ask({
      action: 'publish',
      channel: 'open:a',
      messages: [{ data: 1 }, { data: null }, { data: 'x' }],
    });

    expect(ports.posts.map(({ frame }) => frame)).toEqual([
      {
        event: 'messages',
        channel: 'open:a',
        first: NOW + 1,
        messages: [
          { seq: NOW + 1, data: 1, time: NOW },
          { seq: NOW + 2, data: null, time: NOW },
          { seq: NOW + 3, data: 'x', time: NOW },
        ],
      },
    ]);
  });

  it('to publish ignores a sender and a time that the client sent', async () => {
    const ann = sessionFixture({ user: 'ann' });
    await ask({ action: 'subscribe', channel: 'chat:a' }, ann);

    await ask({ action: 'publish', channel: 'chat:a', data: 'the first' }, ann);
    await ask(
      { action: 'publish', channel: 'chat:a', data: 1, from: 'eve', user: 'eve', time: 1, seq: 1 },
      ann,
    );

    expect(ports.posts.slice(1).map(({ frame }) => frame)).toEqual([
      { event: 'messages', channel: 'chat:a', messages: [{ seq: NOW + 2, data: 1, from: 'ann', time: NOW }] },
    ]);
  });

  it('to publish of a message whose frame is too large is a refusal, and nothing is sent', async () => {
    await ask({ action: 'subscribe', channel: 'open:a' });
    const data = 'x'.repeat(MESSAGE_BYTES - 70);

    expect(await ask({ action: 'publish', channel: 'open:a', data })).toMatchObject({
      event: 'error',
      code: 'too-large',
      status: 413,
    });
    expect(ports.posts).toEqual([]);
  });

  it('to a forbidden command is a refusal, and the command does not run', async () => {
    expect(await ask({ action: 'subscribe', channel: 'chat:a', id: 3 })).toMatchObject({
      event: 'error',
      id: 3,
      action: 'subscribe',
      code: 'unauthenticated',
      status: 401,
    });
    expect(await ask({ action: 'publish', channel: 'public:a', data: 1 })).toMatchObject({ status: 403 });
    expect(await subscribersOf('chat:a')).toEqual([]);
    expect(ports.posts).toEqual([]);
  });

  it('to one channel too many is a refusal', async () => {
    for (let n = 1; n < CHANNELS_PER_CONNECTION; n++)
      await ask({ action: 'subscribe', channel: `open:${n}` });

    expect(await ask({ action: 'subscribe', channel: 'open:last' })).toMatchObject({ code: 'rate-limited' });
  });

  it('to a batch is an array of the same length and order, also with failures', async () => {
    const reply = await ask([
      { action: 'subscribe', channel: 'open:a', id: 1 },
      'nonsense',
      { action: 'publish', channel: 'open:a', data: 1, id: 2 },
      { action: 'nope', id: 3 },
      { action: 'ping', id: 4 },
      [],
    ]);

    expect(reply).toMatchObject([
      { event: 'subscribed', id: 1 },
      { event: 'error', code: 'bad-request' },
      { event: 'published', id: 2 },
      { event: 'error', code: 'unknown-action', id: 3, action: 'nope' },
      { event: 'pong', id: 4 },
      { event: 'error', code: 'bad-request' },
    ]);
    expect(ports.posts).toHaveLength(1);
  });

  it.each([
    ['text that is not JSON', 'hello', 'bad-request'],
    ['an empty frame', '', 'bad-request'],
    ['an empty array', '[]', 'bad-request'],
    ['an empty object', '{}', 'bad-request'],
    ['null', 'null', 'bad-request'],
    ['a number', '42', 'bad-request'],
    ['deep nesting', '['.repeat(100_000), 'bad-request'],
    ['an unknown action', '{"action":"dance"}', 'unknown-action'],
    ['a lifecycle route as the action', '{"action":"$disconnect"}', 'unknown-action'],
    ['a prototype key as the action', '{"action":"__proto__"}', 'unknown-action'],
    ['a prototype key as a member', '{"__proto__":{"action":"ping"}}', 'bad-request'],
    ['a wrong type', '{"action":"subscribe","channel":{}}', 'bad-request'],
    ['more than a message holds', `"${'x'.repeat(MESSAGE_BYTES)}"`, 'too-large'],
  ])('to %s is an error frame', async (_what, frame, code) => {
    expect(await ask(frame)).toMatchObject({ event: 'error', code });
  });

  it('to a command that fails on our side is a code and a request id, and the detail is only in the log', async () => {
    const connections = {
      ...ports.connections,
      addChannel: () => Promise.reject(new Error('secret detail')),
    };
    const context = actionContext(config({ local: true }), { ...ports, connections });

    const reply = await answer('{"action":"subscribe","channel":"open:a","id":1}', me, context);

    expect(JSON.parse(reply)).toMatchObject({ event: 'error', id: 1, code: 'internal', status: 500 });
    expect(reply).toContain(me.requestId);
    expect(reply).not.toContain('secret detail');
    expect(ports.logged).toEqual([expect.stringContaining('secret detail')]);
  });

  it('follows the protocol for every frame', async () => {
    const word = fc.constantFrom(
      'action',
      'channel',
      'data',
      'id',
      'messages',
      'key',
      '__proto__',
      'publish',
      'open:a',
    );
    const command = fc.dictionary(word, fc.oneof(word, fc.jsonValue()), { maxKeys: 6 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), command, fc.array(command)), async (frame) => {
        await ask(frame);
      }),
      { numRuns: 500 },
    );
  });
});
