import { beforeEach, describe, expect, it } from 'vitest';
import { actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import { refuse } from '../../../lambdas/own-logic/config.ts';
import type { NamespaceHandlers, SubscribeContext } from '../../../lambdas/own-logic/handlers.ts';
import type { FanfareConfig, NamespacePolicy } from '../../../lambdas/realtime/access/namespaces.ts';
import { open } from '../../../lambdas/realtime/connections/membership.ts';
import { subscribersOf } from '../../../lambdas/realtime/delivery/audience.ts';
import { collect, type MemoryPorts, memoryPorts } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';
import { untyped } from './untyped.ts';

const anyone: NamespacePolicy = {
  subscribe: 'anyone',
  publish: 'anyone',
  members: 'anyone',
  history: { hours: 1 },
  presence: 'none',
};

const ann = sessionFixture({ user: 'ann', info: { name: 'Ann' }, grants: { '*': ['subscribe', 'members'] } });

const reads = (channel: string) => [
  { action: 'subscribe', channel },
  { action: 'history', channel },
  { action: 'mark', channel, seq: 0 },
  { action: 'members', channel },
];

describe('onSubscribe', () => {
  let ports: MemoryPorts;

  beforeEach(async () => {
    ports = memoryPorts();
    await open(ports, configOf({}), ann);
  });

  function configOf(logic: Partial<NamespacePolicy>): FanfareConfig {
    return {
      namespaces: { room: { ...anyone, ...logic }, hall: anyone },
      builtIn: { '@all': { ...anyone, history: 'none' }, '@user': { ...anyone, subscribe: 'owner' } },
    };
  }

  async function ask(logic: Partial<NamespacePolicy>, frame: unknown, caller = ann): Promise<unknown> {
    const context = actionContext(configOf(logic), ports);
    return JSON.parse(await answer(JSON.stringify(frame), caller, context));
  }

  const refusing = (onSubscribe: NamespaceHandlers<unknown>['onSubscribe']) => ({
    ...(onSubscribe && { onSubscribe }),
  });

  it('lets in by returning nothing', async () => {
    expect(
      await ask(
        refusing(async () => {}),
        reads('room:a'),
      ),
    ).toMatchObject([
      { event: 'subscribed' },
      { event: 'history' },
      { event: 'marked' },
      { event: 'members' },
    ]);
  });

  it('closes the channel to every command that reads it, each by its sentence, and stores nothing', async () => {
    const replies = await ask(
      refusing(({ action }) => refuse(`No ${action}.`)),
      reads('room:a'),
    );

    expect(replies).toEqual(
      reads('room:a').map(({ action }) => ({
        event: 'error',
        action,
        code: 'forbidden',
        status: 403,
        message: `No ${action}.`,
      })),
    );
    expect(await collect(subscribersOf(ports, 'room:a'))).toEqual([]);
  });

  it('refuses one of several subscriptions alone', async () => {
    const logic = refusing(({ channel }) =>
      channel === 'room:b' ? refuse('Closed.', 'not-found') : undefined,
    );
    const frame = ['room:a', 'room:b', 'room:c', 'hall:b'].map((channel) => ({
      action: 'subscribe',
      channel,
    }));

    expect(await ask(logic, frame)).toMatchObject([
      { event: 'subscribed' },
      { event: 'error', code: 'not-found', status: 404, message: 'Closed.' },
      { event: 'subscribed' },
      { event: 'subscribed' },
    ]);
  });

  it('gets what the gateway attests', async () => {
    const seen: SubscribeContext[] = [];

    await ask(
      refusing((context) => void seen.push(context)),
      { action: 'subscribe', channel: 'room:a' },
    );

    expect(seen).toEqual([
      {
        caller: 'client',
        action: 'subscribe',
        user: 'ann',
        connection: ann.connectionId,
        channel: 'room:a',
        grants: ann.grants,
        info: { name: 'Ann' },
        requestId: 'request-1',
        signal: expect.any(AbortSignal),
      },
    ]);
  });

  it('is not asked where the access rule refuses', async () => {
    const logic = { subscribe: 'servers', members: 'servers', ...refusing(() => refuse('asked')) } as const;

    for (const command of reads('room:a'))
      expect(await ask(logic, command)).toMatchObject({ message: expect.stringContaining('You may not') });
  });

  it.each<[string, () => unknown, string]>([
    ['throws', () => fail(), 'onSubscribe of room:a threw an error'],
    ['rejects', async () => fail(), 'onSubscribe of room:a threw an error'],
    ['hangs', () => new Promise(() => {}), 'onSubscribe of room:a did not end within 1 ms'],
    ['returns true', () => true, 'onSubscribe of room:a returned a value of type boolean'],
    ['returns false', () => false, 'onSubscribe of room:a returned a value of type boolean'],
    ['returns null', async () => null, 'onSubscribe of room:a returned null'],
    ['returns an array', () => [], 'onSubscribe of room:a returned an array'],
  ])('that %s lets nothing in, and the client learns the request only', async (_what, handler, logged) => {
    const logic = { onSubscribe: () => untyped(handler()), budgetMs: { onSubscribe: 1 } };

    expect(await ask(logic, { action: 'subscribe', channel: 'room:a' })).toEqual({
      event: 'error',
      action: 'subscribe',
      code: 'internal',
      status: 500,
      message: 'Something went wrong here; request request-1.',
    });
    expect(await collect(subscribersOf(ports, 'room:a'))).toEqual([]);
    expect(ports.logged).toEqual([expect.stringContaining(logged)]);
    expect(ports.logged[0]).toContain('"message":"A handler failed"');
    expect(await ask(logic, { action: 'subscribe', channel: 'hall:a' })).toMatchObject({
      event: 'subscribed',
    });
  });
});

function fail(): never {
  throw new Error('no table');
}
