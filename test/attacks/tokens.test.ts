/** Attacks with tokens: from the future, narrowed, of two issuers, and against namespaces that do not exist. */

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { FanfareServer } from 'fanfare-client/server';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { keyOf, OWN_ISSUER, serverAudience } from '../../lambdas/identity/own-token.ts';
import { stackNameOf } from '../../lib/settings/stack-name.ts';
import { FALLBACK, newSession } from '../e2e/fallback/fallback-stage.ts';
import { Conversation } from '../e2e/security/conversation.ts';
import { type IdentityProvider, startIdentityProvider } from '../e2e/security/identity-provider.ts';
import { knock } from '../e2e/security/knock.ts';
import { localStage } from '../e2e/security/local-stage.ts';
import { recordSecret } from '../leaks/evidence.ts';
import { Client } from '../local/client.ts';
import { type Runtime, startRuntime } from '../runtime.ts';
import { type Mint, mintFor, tokenSecretOf } from '../tokens.ts';

const SKEW = 5;
const PREFIX = 'partner|';

let runtime: Runtime;
let mint: Mint;
let secret: string;
let server: FanfareServer;
let lambda: LambdaClient;
/** Two independent issuers. Users of the second one have a prefix. */
let ours: IdentityProvider;
let partner: IdentityProvider;

beforeAll(async () => {
  [ours, partner] = await Promise.all([startIdentityProvider(), startIdentityProvider()]);
  const tokens = {
    issuers: [ours.issuer, { ...partner.issuer, userPrefix: PREFIX }],
    clockSkewSeconds: SKEW,
  };
  const config = new URL('../e2e/security/matrix-config.ts', import.meta.url);
  runtime = await startRuntime({ assemble: localStage({ tokens, config }) });
  mint = await mintFor(runtime);
  secret = await tokenSecretOf(runtime);
  server = new FanfareServer(runtime.urls.http, { token: await serverToken() });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  lambda = new LambdaClient({ endpoint: runtime.urls.lambda, region: 'us-east-1', credentials });
});

afterAll(async () => {
  lambda.destroy();
  await runtime.close();
  await Promise.all([ours.close(), partner.close()]);
});

const serverToken = (channels?: Parameters<Mint>[1], more: Parameters<Mint>[2] = {}) =>
  mint('billing', channels, { audience: serverAudience('local'), ...more });

/** Seconds since 1970. */
const now = () => Math.floor(Date.now() / 1000);

async function revoke(user: string): Promise<unknown> {
  const FunctionName = `${stackNameOf('local')}-revoke`;
  const { Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify({ user }) }),
  );
  return JSON.parse(Payload?.transformToString() ?? '');
}

/** A token of the stage with any claims. */
async function signed(claims: Readonly<Record<string, unknown>>): Promise<string> {
  const token = await new SignJWT({ iss: OWN_ISSUER, aud: 'local', ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(keyOf(secret));
  recordSecret(token);
  return token;
}

async function issuedBy(provider: IdentityProvider, claims: JWTPayload): Promise<string> {
  const { issuer: iss, audience: aud } = provider.issuer;
  const token = await provider.sign({ iss, aud, iat: now(), exp: now() + 600, ...claims });
  recordSecret(token);
  return token;
}

async function converse(token?: string): Promise<Conversation> {
  const conversation = await Conversation.open(runtime.urls.websocket, token);
  onTestFinished(() => conversation.client.kill());
  return conversation;
}

async function bySocket(token: string): Promise<number> {
  const entry = await knock(runtime.urls.websocket, [SUBPROTOCOL, token]);
  if (!(entry instanceof Client)) return entry;
  entry.kill();
  return 101;
}

interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly query: Readonly<Record<string, string>>;
  readonly token?: string;
  readonly body?: object;
}

/** The answer of the fallback URL, with its body unless it is a stream. */
async function byHttp({ method = 'GET', path = '', query, token, body }: Ask) {
  const url = new URL(path, runtime.urls.functionUrls[FALLBACK]);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const response = await fetch(url, {
    method,
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  const isStream = response.headers.get('content-type') === 'text/event-stream';
  if (isStream) await response.body?.cancel();
  const json: unknown = isStream ? undefined : await response.json();
  return { status: response.status, json };
}

describe('a token from the future', () => {
  /** The answer of each door to a token that is issued that number of seconds from now. */
  async function atEachDoor(ahead: number) {
    const issuedAt = now() + ahead;
    const more = { issuedAt, expiresAt: issuedAt + 600 };
    const token = await mint('marty', undefined, more);
    const query = { session: newSession(), open: '1' };
    const api = await fetch(`${runtime.urls.http}/occupancy?channel=public:news`, {
      headers: { Authorization: `Bearer ${await serverToken(undefined, more)}` },
    });
    return {
      socket: await bySocket(token),
      poll: (await byHttp({ path: 'poll', query, token })).status,
      stream: (await byHttp({ query: { channel: 'chat:room' }, token })).status,
      api: api.status,
    };
  }

  it('is refused at every door until its time is within the clock skew', async () => {
    expect(await atEachDoor(SKEW + 60)).toEqual({ socket: 401, poll: 401, stream: 401, api: 403 });
    expect(await atEachDoor(0)).toEqual({ socket: 101, poll: 200, stream: 200, api: 200 });
    expect(await atEachDoor(1)).toEqual({ socket: 101, poll: 200, stream: 200, api: 200 });
  });

  it('does not survive a revocation', async () => {
    const issuedAt = now() + 3_600;
    const token = await mint('doc', undefined, { issuedAt, expiresAt: issuedAt + 3_600 });

    await revoke('doc');

    expect(await bySocket(token)).toBe(401);
    expect(await bySocket(await mint('doc', undefined, { issuedAt: now() + 1 }))).toBe(101);
  });

  it.each([
    ['negative', { iat: -1 }],
    ['text', { iat: '1' }],
    ['huge', { iat: 1e21 }],
    ['the largest whole number', { iat: Number.MAX_SAFE_INTEGER }],
    ['null', { iat: null }],
  ])('is refused with a time that is %s', async (_what, claims) => {
    const token = await signed({ sub: 'odd', exp: now() + 600, ...claims });

    expect(await bySocket(token)).toBe(401);
  });

  it.each([
    ['ends a fraction of a second from now', () => ({ iat: Date.now() / 1000, exp: now() + 600.5 }), 101],
    ['ends before it is issued', () => ({ iat: now() + 2, exp: now() - 60 }), 401],
    ['never ends', () => ({ iat: now(), exp: 1e300 }), 401],
    ['has ended before 1970', () => ({ iat: now(), exp: -1 }), 401],
    ['begins later', () => ({ iat: now(), exp: now() + 600, nbf: now() + 60 }), 401],
    ['begins at a time that is text', () => ({ iat: now(), exp: now() + 600, nbf: '0' }), 401],
    ['begins never', () => ({ iat: now(), exp: now() + 600, nbf: 1e300 }), 401],
  ])('that %s is checked by all of its times', async (_what, claims, status) => {
    expect(await bySocket(await signed({ sub: 'odd', ...claims() }))).toBe(status);
  });
});

describe('a token that names channels', () => {
  const named = { 'chat:*': ['subscribe', 'publish'] } as const;
  const narrowed = (user: string) => mint(user, { 'chat:*': [...named['chat:*']] });

  it('gets messages of its own inbox on a socket only if it names the inbox', async () => {
    const tokens = [
      await narrowed('ann'),
      await mint('ann'),
      await mint('ann', { '@user:ann': ['subscribe'] }),
      await mint('ann', { '*': ['subscribe'] }),
    ];
    const tabs = await Promise.all(tokens.map(converse));

    await server.call('publish', { users: ['ann'], data: 'for the inbox' });

    // The message was posted before the reply to the publish, so it arrives before any later reply.
    for (const tab of tabs) await tab.ask({ action: 'ping' });
    expect(tabs.map(({ messages }) => messages.length)).toEqual([0, 1, 1, 1]);
  });

  it('gets no message of its own inbox by polls and streams', async () => {
    const [token, session] = [await narrowed('bea'), newSession()];
    await byHttp({ path: 'poll', query: { session, open: '1' }, token });

    await server.call('publish', { users: ['bea'], data: 'for the inbox' });

    expect((await byHttp({ path: 'poll', query: { session }, token })).json).toMatchObject({ frames: [] });
    expect((await byHttp({ query: { channel: '@user:bea' }, token })).status).toBe(403);
  });

  it('gives no right on its own inbox that it does not name', async () => {
    const cat = await converse(await narrowed('cat'));
    const channel = '@user:cat';

    const replies = await cat.askAll([
      { action: 'subscribe', channel },
      { action: 'subscribe', channel, after: 'marked' },
      { action: 'publish', channel, data: 1 },
      { action: 'history', channel },
      { action: 'members', channel },
      { action: 'mark', channel, seq: 0 },
    ]);

    expect(replies.map((reply) => 'code' in reply && reply.code)).toEqual(Array(6).fill('forbidden'));
  });

  it('is counted and closed like any other', async () => {
    const narrow = await converse(await narrowed('dan'));
    expect((await server.call('connections', { user: 'dan' })).connections).toHaveLength(1);

    expect(await revoke('dan')).toEqual({ closed: 1 });

    expect((await narrow.client.closed).code).toBe(1000);
  });
});

describe('a mark', () => {
  const mark = (ann: Conversation, channel: string, seq: number) => ann.ask({ action: 'mark', channel, seq });

  it('never passes the last message, so that a later message still counts as unread', async () => {
    const { results } = await server.call('publish', { users: ['eve'], data: 1 });
    const head = results[0]?.seq ?? 0;
    const eve = await converse(await mint('eve'));

    for (const seq of [head + 1, Number.MAX_SAFE_INTEGER])
      expect(await mark(eve, '@user:eve', seq)).toMatchObject({ event: 'error', code: 'bad-request' });

    expect(await mark(eve, '@user:eve', 0)).toMatchObject({ event: 'marked', seq: 0 });
    expect(await mark(eve, '@user:eve', head)).toMatchObject({ event: 'marked', seq: head });
  });

  it('writes nothing for a channel that was never used', async () => {
    const eve = await converse(await mint('eve'));

    for (const seq of [1, Number.MAX_SAFE_INTEGER])
      expect(await mark(eve, 'chat:never-used', seq)).toMatchObject({ code: 'bad-request' });
    expect(await mark(eve, 'chat:never-used', 0)).toMatchObject({ event: 'marked', seq: 0 });

    expect(await server.call('position', { user: 'eve', channel: 'chat:never-used' })).toEqual({
      user: 'eve',
      channel: 'chat:never-used',
    });
  });

  it('is forgotten when an operator deletes it', async () => {
    const request = { user: 'fay', channel: '@user:fay' };
    const { results } = await server.call('publish', { users: ['fay'], data: 1 });
    const seq = results[0]?.seq ?? 0;
    const fay = await converse(await mint('fay'));
    await mark(fay, '@user:fay', seq);
    expect(await server.call('position', request)).toMatchObject({ seq });

    const reset = async (token: string) => {
      const url = `${runtime.urls.http}/positions?user=fay&channel=@user:fay`;
      const response = await fetch(url, { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } });
      return response.status;
    };
    expect(await reset(await serverToken({ 'chat:*': ['members', 'subscribe'] }))).toBe(403);
    expect(await server.call('position', request)).toMatchObject({ seq });
    expect(await reset(await serverToken())).toBe(200);

    expect(await server.call('position', request)).toEqual(request);
    expect(await mark(fay, '@user:fay', 0)).toMatchObject({ seq: 0 });
  });
});

describe('users of two issuers', () => {
  it('are different users if an issuer has a prefix', async () => {
    const [mine, theirs] = [await issuedBy(ours, { sub: 'gus' }), await issuedBy(partner, { sub: 'gus' })];
    const one = await converse(mine);
    const other = await converse(theirs);
    const channel = 'chat:two-issuers';
    await one.ask({ action: 'subscribe', channel });

    await other.ask({ action: 'publish', channel, data: 1 });

    expect((await one.nextMessage()).from).toBe(`${PREFIX}gus`);
    expect(await revoke('gus')).toEqual({ closed: 1 });
    expect(await other.ask({ action: 'subscribe', channel: '@user:gus' })).toMatchObject({
      code: 'forbidden',
    });
    expect(await other.ask({ action: 'subscribe', channel: '@user:partner=7Cgus' })).toMatchObject({
      event: 'subscribed',
    });
    expect(await bySocket(mine)).toBe(401);
    expect(await bySocket(theirs)).toBe(101);
  });

  it('cannot be imitated by an issuer without a prefix that writes one', async () => {
    expect(await bySocket(await issuedBy(ours, { sub: `${PREFIX}gus` }))).toBe(401);
  });

  it('have names of a bounded length, with the prefix counted', async () => {
    expect(await bySocket(await issuedBy(ours, { sub: 'u'.repeat(158) }))).toBe(101);
    expect(await bySocket(await issuedBy(partner, { sub: 'u'.repeat(158) }))).toBe(401);
    expect(await bySocket(await issuedBy(partner, { sub: '' }))).toBe(401);
  });
});

describe('a namespace that does not exist', () => {
  /** By action, where only servers may do this. */
  const commands = [
    { action: 'subscribe', of: 'turn-4' },
    { action: 'subscribe', of: 'turn-4', after: 0 },
    { action: 'subscribe', of: 'turn-4', after: 'marked' },
    { action: 'history', of: 'turn-4' },
    { action: 'mark', of: 'turn-4', seq: 0 },
    { action: 'mark', of: 'turn-4', seq: 7 },
    { action: 'publish', of: 'public', data: 1 },
    { action: 'publish', of: 'public', messages: [{ data: 1, key: 'k' }] },
    { action: 'members', of: 'turn-2' },
    { action: 'unsubscribe', of: 'turn-4' },
  ] as const;
  const callers = [
    ['somebody without a token', async () => undefined],
    ['a user', () => mint('hal')],
    ['a user whose token names channels', () => mint('hal', { 'chat:*': ['subscribe'] })],
  ] as const;

  const withoutName = (reply: unknown, namespace: string): unknown =>
    JSON.parse(JSON.stringify(reply).replaceAll(`${namespace}:room`, '…'));

  it.each(callers)(
    'looks to %s like a namespace in which only servers may do this',
    async (_who, tokenOf) => {
      const token = await tokenOf();
      const socket = await converse(token);
      const session = newSession();
      const as = token === undefined ? {} : { token };
      await byHttp({ path: 'poll', query: { session, open: '1' }, ...as });
      const post = async (body: object) =>
        (await byHttp({ method: 'POST', query: { session }, body, ...as })).json;

      for (const { of, ...command } of commands) {
        for (const ask of [socket.ask.bind(socket), post]) {
          const missing = await ask({ ...command, channel: 'nowhere:room' });
          const closed = await ask({ ...command, channel: `${of}:room` });
          expect(withoutName(missing, 'nowhere')).toEqual(withoutName(closed, of));
        }
      }
      const stream = async (channel: string) => byHttp({ query: { channel }, ...as });
      const [missing, closed] = [await stream('nowhere:room'), await stream('turn-4:room')];
      expect(missing.status).toBe(403);
      expect(withoutName(missing, 'nowhere')).toEqual(withoutName(closed, 'turn-4'));
    },
  );
});
