import { type Action, actionSchemas } from 'fanfare-protocol/actions';
import { beforeEach, describe, expect, it } from 'vitest';
import { actionContext } from '../../../lambdas/actions/action.ts';
import { answer } from '../../../lambdas/actions/answer.ts';
import type { FanfareConfig } from '../../../lambdas/realtime/access/namespaces.ts';
import { type MemoryPorts, memoryPorts, NOW } from '../../memory/memory-ports.ts';
import { sessionFixture } from '../sessions.ts';

const MINUTE = 60_000;
const END = NOW + MINUTE;

const signedIn = {
  subscribe: 'signed-in',
  publish: 'signed-in',
  members: 'signed-in',
  history: { hours: 24 },
  presence: 'none',
} as const;
const config: FanfareConfig = {
  namespaces: {
    chat: { ...signedIn, values: { hours: 24 }, edit: 'author' },
    open: { ...signedIn, subscribe: 'anyone' },
  },
  builtIn: { '@all': signedIn, '@user': signedIn },
};

/** A good command for each action there is. */
const commands = {
  subscribe: { action: 'subscribe', channel: 'chat:a' },
  unsubscribe: { action: 'unsubscribe', channel: 'chat:a' },
  publish: { action: 'publish', channel: 'chat:a', data: 1 },
  // Of a message that ann has published just before the end.
  edit: { action: 'edit', channel: 'chat:a', seq: END - 1, data: 2 },
  history: { action: 'history', channel: 'chat:a' },
  values: { action: 'values', channel: 'chat:a' },
  mark: { action: 'mark', channel: 'chat:a', seq: 0 },
  members: { action: 'members', channel: 'chat:a' },
  ping: { action: 'ping' },
} satisfies { readonly [A in Action]: Readonly<Record<string, unknown>> & { readonly action: A } };

const everyCommand = Object.values(commands);
const ann = sessionFixture({ user: 'ann', expiresAt: END / 1000 });
const expired = { event: 'error', code: 'token-expired', status: 401 };

describe('a token that ends', () => {
  let ports: MemoryPorts;

  beforeEach(async () => {
    ports = memoryPorts();
    await ports.connections.open({ connectionId: ann.connectionId, expiresAt: END }, []);
    await ask(END - 2, commands.publish);
  });

  const ask = async (time: number, frame: unknown, caller = ann): Promise<unknown> => {
    const context = actionContext(config, { ...ports, now: () => time });
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
    return JSON.parse(await answer(text, { ...caller, receivedAt: time }, context));
  };

  it('is tested with every action', () => {
    expect(Object.keys(commands).toSorted()).toEqual(Object.keys(actionSchemas).toSorted());
  });

  it.each(everyCommand)('is good for $action until its end, and not after it', async (command) => {
    expect(await ask(END - 1, command)).not.toMatchObject({ event: 'error' });
    expect(await ask(END, { ...command, id: 7 })).toMatchObject({
      ...expired,
      id: 7,
      action: command.action,
    });
    expect(await ask(END + MINUTE, command)).toMatchObject(expired);
  });

  it('causes a refusal of each command of an array', async () => {
    const batch = everyCommand.map((command, id) => ({ ...command, id }));

    expect(await ask(END, batch)).toMatchObject(batch.map(({ action, id }) => ({ ...expired, action, id })));
    expect(await ask(END - 1, batch)).not.toContainEqual(expect.objectContaining({ event: 'error' }));
  });

  it('that ends during an array admits the commands before its end', async () => {
    let time = END - 2;
    const raise: typeof ports.channelLog.raise = (...args) => {
      time = END;
      return ports.channelLog.raise(...args);
    };
    const channelLog = { ...ports.channelLog, raise };
    const context = actionContext(config, { ...ports, channelLog, now: () => time });
    const batch = [commands.ping, commands.publish, commands.ping];

    expect(JSON.parse(await answer(JSON.stringify(batch), ann, context))).toMatchObject([
      { event: 'pong' },
      { event: 'published' },
      expired,
    ]);
  });

  it('stores nothing for refused commands', async () => {
    await ask(END, [commands.subscribe, commands.publish]);

    expect((await ports.subscriptions.page({ channel: 'chat:a', shard: 0 })).subscriptions).toEqual([]);
    // The message from before.
    expect(await ports.channelLog.head('chat:a')).toMatchObject({ seq: END - 1 });
    expect(ports.posts).toEqual([]);
  });

  it.each([
    ['hello', 'bad-request'],
    ['{}', 'bad-request'],
    ['{"action":"dance"}', 'unknown-action'],
  ])('does not change the refusal of %s', async (frame, code) => {
    expect(await ask(END, frame)).toMatchObject({ event: 'error', code });
  });

  it('does not concern an anonymous connection, which has no token', async () => {
    const anonymous = sessionFixture({ user: undefined });

    expect(
      await ask(END + 24 * 60 * MINUTE, { action: 'subscribe', channel: 'open:a' }, anonymous),
    ).toMatchObject({
      event: 'subscribed',
    });
  });
});
