/** A call of an action: who may, what the handler gets, and what the caller gets for each thing that a handler may do. */

import { ProtocolError } from 'fanfare-protocol/errors';
import { RESULT_BYTES } from 'fanfare-protocol/limits';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { HandlerFailure } from '../../../lambdas/own-logic/call.ts';
import { action, type CallContext } from '../../../lambdas/own-logic/own-action.ts';
import { refuse } from '../../../lambdas/own-logic/refusal.ts';
import {
  anything,
  clientFixture,
  contextFixture,
  outcomeOf,
  serverFixture,
  servers,
} from './own-actions-fixture.ts';

const ann = clientFixture();
const anonymous = clientFixture({ user: undefined });
/** Its token names channels. */
const kiosk = clientFixture({ grants: { 'poll:*': ['subscribe'] } });
const server = serverFixture();

const circle: { itself?: object } = {};
circle.itself = circle;

const refusedAs = (code: string, message: string | RegExp = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('an action', () => {
  it.each([
    ['signed-in', anonymous, 'unauthenticated'],
    ['signed-in', kiosk, 'forbidden'],
    ['any-token', anonymous, 'unauthenticated'],
    ['servers', ann, 'forbidden'],
    ['servers', anonymous, 'forbidden'],
  ] as const)('for %s does not run for others', async (access, caller, code) => {
    const handler = vi.fn();

    expect(await outcomeOf(action(anything, handler, { access }), {}, caller)).toEqual(refusedAs(code));
    expect(handler).not.toHaveBeenCalled();
  });

  it.each([
    ['signed-in', ann],
    ['any-token', kiosk],
    ['anyone', anonymous],
    ['anyone', kiosk],
    ['servers', server],
    ['signed-in', server],
  ] as const)('for %s runs for them', async (access, caller) => {
    expect(
      await outcomeOf(
        action(anything, () => 'done', { access }),
        {},
        caller,
      ),
    ).toBe('done');
  });

  it('is for signed-in users if it does not say for whom', async () => {
    const open = action(anything, () => 'done');

    expect(await outcomeOf(open, {}, anonymous)).toEqual(refusedAs('unauthenticated'));
    expect(await outcomeOf(open, {}, ann)).toBe('done');
  });

  it('does not run for a server whose token names channels', async () => {
    const narrow = serverFixture({ 'poll:*': ['publish'] });

    expect(
      await outcomeOf(
        action(anything, () => 'done'),
        {},
        narrow,
      ),
    ).toEqual(refusedAs('forbidden'));
  });
});

describe('the input', () => {
  const schemas = [
    ['valibot', v.object({ option: v.string() })],
    ['zod', z.object({ option: z.string() })],
  ] as const;

  it.each(schemas)(
    'that a schema of %s refuses is a bad request that names the place',
    async (_name, schema) => {
      const handler = vi.fn();

      expect(await outcomeOf(action(schema, handler), { data: { option: 7 } })).toEqual(
        refusedAs('bad-request', /^data\.option: /),
      );
      expect(await outcomeOf(action(schema, handler))).toEqual(refusedAs('bad-request', /^data: /));
      expect(handler).not.toHaveBeenCalled();
    },
  );

  it('reaches the handler as the schema returns it', async () => {
    const trimmed = action(v.pipe(v.string(), v.trim()), (text) => text);

    expect(await outcomeOf(trimmed, { data: ' tea ' })).toBe('tea');
  });

  it('is not checked for a caller who may not call', async () => {
    const secret = action(v.literal('secret'), () => 'done');

    expect(await outcomeOf(secret, { data: 'guess' }, anonymous)).toEqual(refusedAs('unauthenticated'));
  });

  it('with a schema that throws or hangs is a failure', async () => {
    const throwing = v.rawCheck(() => {
      throw new Error('a bug');
    });

    expect(await outcomeOf(action(v.pipe(v.unknown(), throwing), () => 1))).toBeInstanceOf(HandlerFailure);
  });
});

describe('the context', () => {
  it('says who calls, and by which door', async () => {
    const seen: CallContext[] = [];
    const watch = action(anything, (_input, context) => void seen.push(context));

    await outcomeOf(watch, {}, ann);
    await outcomeOf(watch, {}, server);

    expect(seen).toMatchObject([
      { caller: 'client', user: 'ann', connection: 'me=', requestId: 'request-1', action: 'vote' },
      { caller: 'server', user: undefined, connection: undefined, requestId: 'request-2', action: 'vote' },
    ]);
  });

  it('publishes and reads with the rights of a server, without a name of a user', async () => {
    const context = contextFixture();
    const count = action(anything, async (_input, { publish, history, members }) => {
      const published = await publish('poll:tea', { votes: 1 });
      const live = await publish('live:tea', { votes: 1 });
      return { published, live, ...(await history('poll:tea')), ...(await members('poll:tea')) };
    });

    expect(await outcomeOf(count, {}, ann, context)).toEqual({
      published: { seq: expect.any(Number) },
      live: {},
      messages: [{ seq: expect.any(Number), data: { votes: 1 }, time: expect.any(Number) }],
      more: false,
      members: [],
    });
  });

  it('publishes once for a key of the action, also for different callers', async () => {
    const context = contextFixture();
    const close = action(anything, (_input, { publish }) => publish('poll:tea', 'closed', 'poll-17'));

    const first = await outcomeOf(close, {}, ann, context);
    const second = await outcomeOf(close, {}, server, context);

    expect(second).toEqual(first);
  });

  it('charges the caller for what it publishes, and tells the caller of a refusal', async () => {
    const limited = new ProtocolError('rate-limited', 'Too much at once.', 700);
    const bytes = vi.fn().mockRejectedValue(limited);
    const spend = { bytes, posts: async () => {} };
    const shout = action(anything, (_input, { publish }) => publish('live:tea', 'loud'));

    expect(await outcomeOf(shout, {}, { ...ann, spend })).toBe(limited);
    expect(bytes).toHaveBeenCalledWith(expect.any(Number));
  });

  it('publishes by the rules of the namespace, and tells the caller of their refusal', async () => {
    const context = contextFixture();
    const poll = { ...servers, onPublish: () => refuse('A poll has at most 5 options.') };
    const ruled = { ...context, config: { ...context.config, namespaces: { poll } } };
    const open = action(anything, (_input, { publish }) => publish('poll:tea', 'six options'));

    expect(await outcomeOf(open, {}, ann, ruled)).toEqual(refusedAs('rejected', 'at most 5 options'));
    expect(await context.ports.channelLog.head('poll:tea')).toBeUndefined();
  });

  it.each([
    ['a namespace that does not exist', 'nowhere:tea', 1],
    ['no channel name', 'tea', 1],
    ['data that is no JSON', 'poll:tea', Number.NaN],
  ])('takes %s for a mistake of the handler', async (_name, channel, data) => {
    const wrong = action(anything, (_input, { publish }) => publish(channel, data));

    expect(await outcomeOf(wrong)).toBeInstanceOf(HandlerFailure);
  });

  it('publishes nothing after the time of the handler', async () => {
    const context = contextFixture();
    let late: unknown;
    const slow = action(
      anything,
      (_input, { publish, signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            late = publish('poll:tea', 'late').catch((error: unknown) => error);
          });
        }),
      { budgetMs: 1 },
    );

    expect(await outcomeOf(slow, {}, ann, context)).toBeInstanceOf(HandlerFailure);
    expect(await late).toBeInstanceOf(HandlerFailure);
    expect(await context.ports.channelLog.head('poll:tea')).toBeUndefined();
  });
});

describe('the result', () => {
  it('is null if the handler returns nothing', async () => {
    expect(await outcomeOf(action(anything, () => {}))).toBeNull();
  });

  it('is JSON: a Date is its text', async () => {
    const day = action(anything, async () => ({ day: new Date(0), no: undefined }));

    expect(await outcomeOf(day)).toEqual({ day: '1970-01-01T00:00:00.000Z' });
  });

  it('is rejected with the sentence of the author', async () => {
    expect(await outcomeOf(action(anything, () => refuse('The poll is closed.')))).toEqual(
      refusedAs('rejected', 'The poll is closed.'),
    );
    expect(await outcomeOf(action(anything, () => refuse('No such poll.', 'not-found')))).toEqual(
      refusedAs('not-found', 'No such poll.'),
    );
  });

  const failures: readonly [string, () => unknown][] = [
    ['throws', () => Promise.reject(new Error('a bug'))],
    [
      'throws a refusal instead of returning it',
      () => Promise.reject(new ProtocolError('forbidden', 'not yours')),
    ],
    ['returns a function', () => () => 1],
    ['returns NaN', () => Number.NaN],
    ['returns a circle', () => circle],
    ['returns too much', () => 'x'.repeat(RESULT_BYTES)],
  ];

  it.each(failures)('of a handler that %s is a failure', async (_name, handler) => {
    expect(await outcomeOf(action(anything, handler))).toBeInstanceOf(HandlerFailure);
  });

  it('may have as many bytes as the limit says', async () => {
    const full = 'x'.repeat(RESULT_BYTES - 2);

    expect(await outcomeOf(action(anything, () => full))).toBe(full);
  });
});

describe('a key', () => {
  const counting = (options: { idempotent: boolean }) => {
    let runs = 0;
    return action(anything, () => ++runs, options);
  };

  it('makes an idempotent action run once, on every connection of a user', async () => {
    const context = contextFixture();
    const count = counting({ idempotent: true });
    const other = clientFixture({ connectionId: 'other=' });

    expect(await outcomeOf(count, { key: 'k' }, ann, context)).toBe(1);
    expect(await outcomeOf(count, { key: 'k' }, other, context)).toBe(1);
    expect(await outcomeOf(count, { key: 'l' }, ann, context)).toBe(2);
  });

  it('belongs to its caller and to the action', async () => {
    const context = contextFixture();
    const count = counting({ idempotent: true });

    await outcomeOf(count, { key: 'k' }, ann, context);

    expect(await outcomeOf(count, { key: 'k' }, clientFixture({ user: 'bob' }), context)).toBe(2);
    expect(await outcomeOf(count, { key: 'k' }, server, context)).toBe(3);
    expect(await outcomeOf(count, { key: 'k', name: 'other' }, ann, context)).toBe(4);
  });

  it('gives a refusal and an unusable result again without another run', async () => {
    const context = contextFixture();
    const handler = vi.fn().mockReturnValueOnce(refuse('Closed.')).mockReturnValueOnce(Number.NaN);
    const once = action(anything, handler, { idempotent: true });

    for (const expected of [refusedAs('rejected', 'Closed.'), expect.any(HandlerFailure)]) {
      const key = String(handler.mock.calls.length);
      expect(await outcomeOf(once, { key }, ann, context)).toEqual(expected);
      expect(await outcomeOf(once, { key }, ann, context)).toEqual(expected);
    }
    expect(handler).toHaveBeenCalledTimes(2);
  });

  it('is free again at once after a handler that threw', async () => {
    const context = contextFixture();
    const handler = vi.fn().mockRejectedValueOnce(new Error('a bug')).mockResolvedValueOnce('done');
    const once = action(anything, handler, { idempotent: true });

    expect(await outcomeOf(once, { key: 'k' }, ann, context)).toBeInstanceOf(HandlerFailure);
    expect(await outcomeOf(once, { key: 'k' }, ann, context)).toBe('done');
  });

  it('is busy after a handler that took too long, because it may still run', async () => {
    const context = contextFixture();
    const slow = action(anything, () => new Promise(() => {}), { idempotent: true, budgetMs: 1 });

    expect(await outcomeOf(slow, { key: 'k' }, ann, context)).toBeInstanceOf(HandlerFailure);
    expect(await outcomeOf(slow, { key: 'k' }, ann, context)).toEqual(
      expect.objectContaining({ code: 'busy', retryAfter: 500 }),
    );
  });

  it('is refused by an action that is not idempotent', async () => {
    const context = contextFixture();
    const count = counting({ idempotent: false });

    expect(await outcomeOf(count, { key: 'k' }, ann, context)).toEqual(
      refusedAs('bad-request', 'vote is not idempotent'),
    );
  });

  it('is not needed: without one, an idempotent action runs each time', async () => {
    const context = contextFixture();
    const count = counting({ idempotent: true });

    expect(await outcomeOf(count, {}, ann, context)).toBe(1);
    expect(await outcomeOf(count, {}, ann, context)).toBe(2);
  });

  it('whose outcome cannot be stored is answered all the same, and logged', async () => {
    const context = contextFixture();
    const runs = { ...context.ports.runs, finish: () => Promise.reject(new Error('throttled')) };
    const count = counting({ idempotent: true });

    const outcome = await outcomeOf(count, { key: 'k' }, ann, {
      ...context,
      ports: { ...context.ports, runs },
    });

    expect(outcome).toBe(1);
    expect(context.ports.logged.join()).toContain('throttled');
  });
});
