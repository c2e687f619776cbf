/** Actions of the application's own, as commands of a client: over a socket, and over HTTP by the same function. */

import { MESSAGE_BYTES, RESULT_BYTES } from 'fanfare-protocol/limits';
import { ownAction } from 'fanfare-protocol/own-action';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import { action } from '../../../lambdas/own-logic/own-action.ts';
import { refuse } from '../../../lambdas/own-logic/refusal.ts';
import type { FanfareConfig } from '../../../lambdas/realtime/access/namespaces.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { anything, config } from '../own-actions/own-actions-fixture.ts';
import { sessionFixture } from '../sessions.ts';

const ann = sessionFixture({ user: 'ann' });

const withActions: FanfareConfig = {
  ...config,
  actions: {
    vote: action(v.object({ option: v.string() }), ({ option }, { user }) => ({ option, user })),
    ticket: action(anything, () => crypto.randomUUID(), { idempotent: true }),
    closed: action(anything, () => refuse('The poll is closed.')),
    broken: action(anything, () => {
      throw new Error('a bug in table VotesX');
    }),
    large: action(anything, () => 'x'.repeat(RESULT_BYTES - 2)),
    constructor: action(anything, () => 'mine'),
  },
};

let ports: MemoryPorts;

beforeEach(async () => {
  ports = memoryPorts();
  await ports.connections.open({ connectionId: ann.connectionId, user: 'ann', expiresAt: NOW }, []);
});

async function ask(frame: unknown, caller = ann): Promise<unknown> {
  const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
  return JSON.parse(await answer(text, caller, actionContext(withActions, ports)));
}

describe('a command that names an action of the application', () => {
  it('is answered with an event of its name, the id and the result', async () => {
    const reply = await ask({ action: 'vote', id: 7, data: { option: 'tea' } });

    expect(reply).toEqual({ event: 'vote', id: 7, data: { option: 'tea', user: 'ann' } });
    expect(v.is(ownAction.reply, reply)).toBe(true);
  });

  it('is refused as every command is: with its id, its action and a code', async () => {
    const error = { event: 'error', id: 'a' };

    expect(await ask({ action: 'vote', id: 'a', data: { option: 7 } })).toMatchObject({
      ...error,
      action: 'vote',
      code: 'bad-request',
      message: expect.stringMatching(/^data\.option: /),
    });
    expect(await ask({ action: 'closed', id: 'a' })).toEqual({
      ...error,
      action: 'closed',
      code: 'rejected',
      status: 422,
      message: 'The poll is closed.',
    });
    expect(await ask({ action: 'vote', id: 'a', data: {} }, sessionFixture())).toMatchObject({
      code: 'unauthenticated',
      status: 401,
    });
    expect(await ask({ action: 'vote', id: 'a', key: 7 })).toMatchObject({ code: 'bad-request' });
  });

  it('whose handler throws is answered with the id of the request, and logged in detail', async () => {
    expect(await ask({ action: 'broken', id: 1 })).toEqual({
      event: 'error',
      id: 1,
      action: 'broken',
      code: 'internal',
      status: 500,
      message: 'Something went wrong here; request request-1.',
    });
    expect(ports.logged.join()).toContain('broken threw an error');
  });

  it('runs once for a key, in frames of one command and in arrays', async () => {
    const command = { action: 'ticket', key: 'k' };

    const first = await ask(command);

    expect(await ask(command, { ...ann, connectionId: ann.connectionId, requestId: 'later' })).toEqual(first);
    expect(await ask([command, { ...command, key: 'l' }])).toEqual([
      first,
      { event: 'ticket', data: expect.not.stringMatching(JSON.stringify(first)) },
    ]);
  });

  it('runs once also when its repetitions come at the same time: the others are busy, and get the result later', async () => {
    const command = { action: 'ticket', key: 'k' };

    const replies = await Promise.all([ask(command), ask(command), ask(command)]);

    const done = replies.filter((reply) => v.is(ownAction.reply, reply));
    expect(done).toHaveLength(1);
    expect(replies.filter((reply) => v.is(v.object({ code: v.literal('busy') }), reply))).toHaveLength(2);
    expect(await ask(command)).toEqual(done[0]);
  });

  it('in an array is answered at its place', async () => {
    const replies = await ask([
      { action: 'vote', data: { option: 'a' } },
      { action: 'ping' },
      { action: 'vote', data: { option: 'b' } },
    ]);

    expect(replies).toMatchObject([{ event: 'vote' }, { event: 'pong' }, { data: { option: 'b' } }]);
  });

  it('is told when its result does not fit into the reply to the array', async () => {
    const frame = Array.from({ length: 5 }, () => ({ action: 'large' }));

    const text = await answer(JSON.stringify(frame), ann, actionContext(withActions, ports));

    expect(Buffer.byteLength(text)).toBeLessThan(MESSAGE_BYTES);
    expect(JSON.parse(text)).toMatchObject([
      ...[1, 2, 3, 4].map(() => ({ event: 'large' })),
      { code: 'too-large', action: 'large' },
    ]);
  });

  it('does not run if JavaScript would change a number in it', async () => {
    expect(await ask('{"action":"vote","data":{"option":590518626939830271}}')).toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('590518626939830271'),
    });
  });

  it('does not run for a token that has expired', async () => {
    const expired = { ...ann, expiresAt: NOW / 1000 - 1 };

    expect(await ask({ action: 'vote', data: { option: 'tea' } }, expired)).toMatchObject({
      code: 'token-expired',
    });
  });

  it('may have a name that objects have, and only names of the configuration are actions', async () => {
    expect(await ask({ action: 'constructor' })).toMatchObject({ data: 'mine' });
    expect(await ask({ action: 'toString' })).toMatchObject({ code: 'unknown-action', action: 'toString' });
    expect(await ask({ action: '__proto__' })).toMatchObject({ code: 'unknown-action' });
  });
});
