/** Revocation: a client with an old token is out at once and stays out, and a client with a newer token gets back in. */

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { stackNameOf } from '../../../lib/settings/stack-name.ts';
import { runProgram } from '../../bin/run-command.ts';
import type { Runtime } from '../../runtime.ts';
import { sharedRuntime } from '../../shared-runtime.ts';
import type { Mint } from '../../tokens.ts';
import { Conversation } from './conversation.ts';
import { Following, upTo } from './following.ts';
import { knock } from './knock.ts';
import { Stream } from './stream.ts';

/** The platform cannot say why it closes (DC-6). */
const CLOSED = { code: 1000, reason: 'Connection Closed Normally' };

describe('a revocation', () => {
  let runtime: Runtime;
  let mint: Mint;
  let lambda: LambdaClient;

  beforeAll(async () => {
    ({ runtime, mint } = await sharedRuntime());
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    lambda = new LambdaClient({ endpoint: runtime.urls.lambda, region: 'us-east-1', credentials });
  });

  afterAll(() => lambda.destroy());

  /** The answer of the function. */
  async function revoke(request: object): Promise<unknown> {
    const FunctionName = `${stackNameOf('local')}-revoke`;
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(request) }),
    );
    return FunctionError ?? JSON.parse(Payload?.transformToString() ?? '');
  }

  async function converse(token: string): Promise<Conversation> {
    const conversation = await Conversation.open(runtime.urls.websocket, token);
    onTestFinished(() => conversation.client.kill());
    return conversation;
  }

  /** Whether the stage lets a client in with this token, or the status of the refusal. */
  async function tryToEnter(token: string): Promise<'let in' | number> {
    const entry = await knock(runtime.urls.websocket, [SUBPROTOCOL, token]);
    if (typeof entry === 'number') return entry;
    await entry.close();
    return 'let in';
  }

  /** A revocation includes the second that has begun. Seconds since 1970. */
  function nextSecond(): number {
    return Math.floor(Date.now() / 1000) + 1;
  }

  const ways: readonly (readonly [way: string, revokeUser: (user: string) => Promise<unknown>])[] = [
    ['by invoking the function', (user) => revoke({ user })],
    ['by the command line', revokeByCommand],
  ];

  async function revokeByCommand(user: string): Promise<unknown> {
    const { port } = new URL(runtime.urls.http);
    const { code, stdout, stderr } = await runProgram('revoke', ['--user', user, '--port', port]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  }

  it.each(ways)(
    '%s closes the connections of one user and rejects the tokens of that user only',
    async (way, revokeUser) => {
      const [user, other] = [`ann ${way}`, `bob ${way}`];
      const [token, otherToken] = [await mint(user), await mint(other)];
      const own = [await converse(token), await converse(token), await converse(await mint(user))];
      const untouched = await converse(otherToken);

      expect(await revokeUser(user)).toEqual({ closed: 3 });

      for (const { client } of own) expect(await client.closed).toEqual(CLOSED);
      expect(await tryToEnter(token)).toBe(401);
      expect(await tryToEnter(await mint(user, undefined, { issuedAt: nextSecond() }))).toBe('let in');
      expect(await untouched.ask({ action: 'subscribe', channel: 'chat:room' })).toMatchObject({
        event: 'subscribed',
      });
      expect(await tryToEnter(otherToken)).toBe('let in');
    },
  );

  it('of tokens before a moment leaves later ones good', async () => {
    const moment = Math.floor(Date.now() / 1000) - 60;
    const before = await mint('carlotta', undefined, { issuedAt: moment - 1 });
    const since = await mint('carlotta', undefined, { issuedAt: moment });

    expect(await revoke({ user: 'carlotta', issuedBefore: moment })).toEqual({ closed: 0 });

    expect(await tryToEnter(before)).toBe(401);
    expect(await tryToEnter(since)).toBe('let in');
  });

  it('is not undone by an earlier one', async () => {
    const token = await mint('dorothea');
    await revoke({ user: 'dorothea' });

    await revoke({ user: 'dorothea', issuedBefore: 1 });

    expect(await tryToEnter(token)).toBe(401);
  });

  it('ends what a connection receives', async () => {
    const [emilia, publisher] = [await converse(await mint('emilia')), await converse(await mint('herald'))];
    // A namespace without presence: with presence, emilia would linger among the members.
    const channel = 'live:emilia';
    await emilia.ask({ action: 'subscribe', channel });
    await publisher.ask({ action: 'publish', channel, data: 'before' });
    expect(await emilia.nextMessage()).toMatchObject({ data: 'before' });

    await revoke({ user: 'emilia' });
    await publisher.ask({ action: 'publish', channel, data: 'after' });

    await emilia.client.closed;
    expect(emilia.messages.map(({ data }) => data)).toEqual(['before']);
    expect(await publisher.ask({ action: 'members', channel })).toMatchObject({ members: [] });
  });

  it('costs a client that gets a newer token no message', async () => {
    const channel = 'chat:survived';
    const token = () => mint('frederick');
    const fred = new Following(runtime.urls.websocket, channel, { token });
    onTestFinished(() => fred.connection.close());
    await fred.ready;
    const publisher = new Stream(await converse(await mint('herald')), channel);
    onTestFinished(() => publisher.stop());
    await fred.has(1);
    const interruption = fred.happens('reconnecting', 1);

    expect(await revoke({ user: 'frederick' })).toEqual({ closed: 1 });
    await interruption;
    await fred.back();
    await publisher.stop();
    await fred.has(publisher.published);

    expect(fred.got).toEqual(upTo(publisher.published));
    expect(fred.lost).toEqual([]);
  });
});
