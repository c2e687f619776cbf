/** A client cannot pass for another user: other clients see the identity in its token, not what it says about itself. */

import { actionSchemas } from 'fanfare-protocol/actions';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import * as v from 'valibot';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../../local/client.ts';
import type { Runtime } from '../../runtime.ts';
import { sharedRuntime } from '../../shared-runtime.ts';
import type { Mint } from '../../tokens.ts';
import { FORGED_SEQ, lies, lyingHeaders, lyingQuery } from './lies.ts';

let counter = 0;

describe('a client that claims to be another user', () => {
  let runtime: Runtime;
  let mint: Mint;
  const clients: Client[] = [];

  beforeAll(async () => {
    ({ runtime, mint } = await sharedRuntime());
  });

  afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

  /** With lies in the query and in the headers of its handshake. */
  async function liar(user?: string): Promise<Client> {
    const url = new URL(runtime.urls.websocket);
    for (const [name, value] of lyingQuery) url.searchParams.set(name, value);
    return open(user, url.href, lyingHeaders);
  }

  async function open(
    user?: string,
    url = runtime.urls.websocket,
    headers: Record<string, string> = {},
  ): Promise<Client> {
    const token = user === undefined ? [] : [await mint(user)];
    const client = await Client.open(url, [SUBPROTOCOL, ...token], headers);
    // Members of a chat get each other's joins.
    client.ignore('joined', 'left');
    clients.push(client);
    return client;
  }

  async function subscriberOf(channel: string): Promise<Client> {
    const client = await open('forgers-friend');
    expect(await client.ask({ action: 'subscribe', channel })).toMatchObject({ event: 'subscribed' });
    return client;
  }

  function freshChannel(namespace: string): string {
    counter += 1;
    return `${namespace}:forged-${counter}`;
  }

  /** The messages, with a number that the liar did not choose and a time between then and now. */
  function expectGenuine(frame: unknown, channel: string, since: number, messages: readonly object[]): void {
    const until = Date.now();
    const genuine = messages.map((message) => ({
      ...message,
      seq: expect.toSatisfy((seq: number) => seq > FORGED_SEQ),
      time: expect.toSatisfy((time: number) => since <= time && time <= until),
    }));
    const first = expect.toSatisfy((seq: number) => seq > FORGED_SEQ);
    expect(frame).toEqual({ event: 'messages', channel, first, messages: genuine });
  }

  it('publishes as itself, with a number and a time of the server, and its data stays as it is', async () => {
    const channel = freshChannel('chat');
    const [carl, bob] = [await subscriberOf(channel), await liar('forger')];
    const since = Date.now();

    bob.send({ ...lies, action: 'publish', channel, data: lies });

    expectGenuine(await carl.next(), channel, since, [{ data: lies, from: 'forger' }]);
  });

  it('publishes as itself in each of several messages', async () => {
    const channel = freshChannel('chat');
    const [carl, bob] = [await subscriberOf(channel), await liar('forger')];
    const since = Date.now();

    bob.send({
      ...lies,
      action: 'publish',
      channel,
      messages: [
        { ...lies, data: 1 },
        { ...lies, data: lies },
      ],
    });

    expectGenuine(await carl.next(), channel, since, [
      { data: 1, from: 'forger' },
      { data: lies, from: 'forger' },
    ]);
  });

  it('publishes without a user if it has no token', async () => {
    const channel = freshChannel('open');
    const [carl, nobody] = [await subscriberOf(channel), await liar()];
    const since = Date.now();

    nobody.send({ ...lies, action: 'publish', channel, data: lies });

    expectGenuine(await carl.next(), channel, since, [{ data: lies }]);
  });

  it('has its own name in the history', async () => {
    const channel = freshChannel('chat');
    const [carl, bob] = [await subscriberOf(channel), await liar('forger')];
    bob.send({ ...lies, action: 'publish', channel, data: 1 });
    await carl.next();

    expect(await carl.ask({ action: 'history', channel })).toMatchObject({
      messages: [{ data: 1, from: 'forger', seq: expect.toSatisfy((seq: number) => seq > FORGED_SEQ) }],
    });
  });

  it('has its own name among the members, and sees the others with theirs', async () => {
    const channel = freshChannel('chat');
    const [carl, bob] = [await subscriberOf(channel), await liar('forger')];
    await bob.ask({ ...lies, action: 'subscribe', channel });
    // Joins come from the change stream of the subscriptions, so they come a moment later.
    await runtime.idle();
    const membersAsSeenBy = async (client: Client, more = {}) => {
      const reply = await client.ask({ ...more, action: 'members', channel });
      const { members } = v.parse(actionSchemas.members.reply, reply);
      return members.map(({ user }) => user).sort();
    };

    expect(await membersAsSeenBy(carl)).toEqual(['forger', 'forgers-friend']);
    expect(await membersAsSeenBy(bob, lies)).toEqual(['forger', 'forgers-friend']);
  });

  it.each([
    ['subscribe to', 'subscribe'],
    ['read', 'history'],
  ])('may not %s the inbox of the other', async (_what, action) => {
    const bob = await liar('forger');

    expect(await bob.ask({ ...lies, action, channel: '@user:ann' })).toMatchObject({ code: 'forbidden' });
    expect(await bob.ask({ ...lies, action, channel: '@user:forger' })).not.toMatchObject({ event: 'error' });
  });

  it.each([
    ['subscribe', { action: 'subscribe' }],
    ['publish', { action: 'publish', data: 1 }],
    ['see the members', { action: 'members' }],
  ])('may not %s in a channel for signed-in users if it has no token', async (_what, command) => {
    const nobody = await liar();

    expect(await nobody.ask({ ...lies, ...command, channel: 'chat:room' })).toMatchObject({
      code: 'unauthenticated',
    });
  });
});
