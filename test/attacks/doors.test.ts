/**
 * Each kind of value has one reader: a value that is repeated, incomplete, nested too deep or spelled differently means the same
 * at every door.
 */

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { FanfareServer } from 'fanfare-client/server';
import { CHANNEL_LENGTH, JSON_DEPTH, USER_LENGTH } from 'fanfare-protocol/limits';
import { SUBPROTOCOL } from 'fanfare-protocol/subprotocol';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { keyOf, OWN_ISSUER, serverAudience } from '../../lambdas/identity/own-token.ts';
import { stackNameOf } from '../../lib/settings/stack-name.ts';
import { runProgram } from '../bin/run-command.ts';
import { FALLBACK, newSession } from '../e2e/fallback/fallback-stage.ts';
import { Conversation } from '../e2e/security/conversation.ts';
import { recordSecret } from '../leaks/evidence.ts';
import { Client } from '../local/client.ts';
import type { Runtime } from '../runtime.ts';
import { sharedRuntime } from '../shared-runtime.ts';
import type { Mint } from '../tokens.ts';
import { sendRaw, shakeHands } from './raw-request.ts';

let runtime: Runtime;
let mint: Mint;
let secret: string;
let serverToken: string;
let server: FanfareServer;
let lambda: LambdaClient;
let stopListening = () => {};
/** The log lines of the function that publishes events. Other functions warn of other things, at any time. */
const lines: string[] = [];

const PUBLISHES_EVENTS = /publish-?event/i;

beforeAll(async () => {
  const shared = await sharedRuntime();
  ({ runtime, mint, secret } = shared);
  stopListening = shared.onOutput((name, line) => void (PUBLISHES_EVENTS.test(name) && lines.push(line)));
  serverToken = await mint('billing', undefined, { audience: serverAudience('local') });
  server = new FanfareServer(runtime.urls.http, { token: serverToken });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  lambda = new LambdaClient({ endpoint: runtime.urls.lambda, region: 'us-east-1', credentials });
});

afterAll(() => {
  stopListening();
  lambda.destroy();
});

const fallbackUrl = (query: string, path = '') => `${runtime.urls.functionUrls[FALLBACK]}${path}?${query}`;

/** An opening of a poll, whose answer is not a stream. */
const opening = (query = '') => fallbackUrl(`session=${newSession()}&open=1${query}`, 'poll');

interface Showing {
  readonly query?: string;
  readonly headers?: readonly string[];
}

/** Whether a client that shows this gets in, or the status of the refusal. */
const clientDoors: readonly (readonly [string, (showing: Showing) => Promise<'in' | number>])[] = [
  [
    'the socket',
    async ({ query = '', headers = [] }) => {
      const status = await shakeHands(`${runtime.urls.websocket}?${query}`, headers);
      return status === 101 ? 'in' : status;
    },
  ],
  [
    'the poll',
    async ({ query = '', headers = [] }) => {
      const { status } = await sendRaw(opening(`&${query}`), { headers });
      return status === 200 ? 'in' : status;
    },
  ],
];

describe.each(clientDoors)('by %s, a client', (_door, knock) => {
  it('may send one token several times, in several places and spellings', async () => {
    const ann = await mint('doorman');
    const header = ['Authorization', `Bearer ${ann}`];

    expect(await knock({ query: `token=${ann}` })).toBe('in');
    expect(await knock({ query: `token=${ann}&token=${ann}` })).toBe('in');
    expect(await knock({ query: `%74oken=${ann}` })).toBe('in');
    expect(await knock({ headers: header })).toBe('in');
    expect(await knock({ headers: [...header, 'authorization', `bearer  ${ann}`] })).toBe('in');
    expect(await knock({ headers: ['AUTHORIZATION', `BEARER ${ann}`], query: `token=${ann}` })).toBe('in');
  });

  it('may not send two tokens, in one place or in two', async () => {
    const [ann, bob] = [await mint('doorman'), await mint('doorkeeper')];
    const [byAnn, byBob] = [`Bearer ${ann}`, `Bearer ${bob}`];

    for (const showing of [
      { query: `token=${ann}&token=${bob}` },
      { query: `token=${bob}&token=${ann}` },
      { query: `token=${ann}&%74oken=${bob}` },
      { query: `token=&token=${ann}` },
      { query: `token=${ann}&token=nonsense` },
      { query: `token=${ann}`, headers: ['Authorization', byBob] },
      { headers: ['Authorization', byAnn, 'Authorization', byBob] },
      { headers: ['Authorization', byAnn, 'authorization', byBob] },
      { headers: ['Authorization', `${byAnn}, ${byBob}`] },
      { headers: ['Authorization', 'Basic YTpi', 'Authorization', byAnn] },
    ])
      expect([showing, await knock(showing)]).toEqual([showing, 401]);
  });

  it('without a readable token is refused, and not let in as anonymous', async () => {
    const ann = await mint('doorman');

    for (const showing of [
      { query: 'token=' },
      { query: `token=Bearer%20${ann}` },
      { headers: ['Authorization', ''] },
      { headers: ['Authorization', 'Bearer'] },
      { headers: ['Authorization', ann] },
      { headers: ['Authorization', `Basic ${ann}`] },
      { headers: ['Authorization', `Bearer\t${ann}`] },
    ])
      expect([showing, await knock(showing)]).toEqual([showing, 401]);
  });

  it('comes from at most one page, which the stage has to allow', async () => {
    const [own, evil] = ['http://localhost:5173', 'https://evil.example'];

    expect(await knock({ headers: ['Origin', own] })).toBe('in');
    for (const headers of [
      ['Origin', evil],
      ['ORIGIN', evil],
      ['Origin', own, 'Origin', evil],
      ['Origin', evil, 'Origin', own],
      ['Origin', own, 'origin', evil],
      ['origin', evil, 'Origin', own],
      ['Origin', `${own}, ${evil}`],
    ])
      expect([headers, await knock({ headers })]).toEqual([headers, 403]);
  });
});

describe('the HTTP API', () => {
  const ask = (path: string, headers: readonly string[], method = 'GET', body?: string | Buffer) =>
    sendRaw(`${runtime.urls.http}${path}`, { method, headers, ...(body !== undefined && { body }) });
  const asServer = () => ['Authorization', `Bearer ${serverToken}`];

  it('takes one token, and refuses two', async () => {
    const other = await mint('ticker', undefined, { audience: serverAudience('local') });
    const path = '/occupancy?channel=public:news';

    expect((await ask(path, asServer())).status).toBe(200);
    expect((await ask(path, ['AUTHORIZATION', `bearer ${serverToken}`])).status).toBe(200);
    expect((await ask(path, [...asServer(), ...asServer()])).status).toBe(200);
    for (const headers of [
      [...asServer(), 'Authorization', `Bearer ${other}`],
      [...asServer(), 'authorization', 'Bearer nonsense'],
      ['Authorization', `Bearer ${other}, Bearer ${serverToken}`],
    ])
      expect([headers, (await ask(path, headers)).status]).toEqual([headers, 403]);
  });

  it('reads one channel and one user, and does not join two values into a third', async () => {
    for (const query of [
      'channel=public:a&channel=public:b',
      'channel=public:a&%63hannel=public:b',
      'channel=public:a&channel=',
    ]) {
      const { status, text } = await ask(`/occupancy?${query}`, asServer());
      expect([query, status, JSON.parse(text).code]).toEqual([query, 400, 'bad-request']);
    }
    const closing = await ask('/connections?user=ann&user=bob', asServer(), 'DELETE');
    expect(closing.status).toBe(400);
    const twice = await ask('/occupancy?channel=public:a&channel=public:a', asServer());
    expect(JSON.parse(twice.text)).toEqual({ channel: 'public:a', connections: 0 });
    const comma = await ask('/occupancy?channel=public:a,public:b', asServer());
    expect(JSON.parse(comma.text)).toEqual({ channel: 'public:a,public:b', connections: 0 });
  });

  it.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'image/png', ''])(
    'reads a body by its content, and not by its content type: %s',
    async (type) => {
      const headers = [...asServer(), ...(type === '' ? [] : ['Content-Type', type])];
      const { status } = await ask('/messages', headers, 'POST', '{"channels":["public:é"],"data":"é"}');
      const good = await ask('/messages', headers, 'POST', '{"channels":["public:types"],"data":"é"}');

      expect([status, good.status]).toEqual([400, 200]);
      const { messages } = await server.call('history', { channel: 'public:types', limit: 1 });
      expect(messages).toMatchObject([{ data: 'é' }]);
    },
  );
});

describe('a parameter of the fallback', () => {
  const get = async (query: string, path = 'poll', headers: readonly string[] = []) => {
    const { status, text } = await sendRaw(fallbackUrl(query, path), { headers });
    return [status, JSON.parse(text).code ?? 'fine'];
  };
  const REFUSED = [400, 'bad-request'];

  it('has one value, also if it is sent several times', async () => {
    const [one, other] = [newSession(), newSession()];

    expect(await get(`session=${one}&session=${one}&open=1&open=1`)).toEqual([200, 'fine']);
    for (const query of [
      `session=${one}&session=${other}&open=1`,
      `session=${one}&session=&open=1`,
      `session=${one}&open=1&open=0`,
      `session=${one}&open=0&open=1`,
      `session=${one}&wait=0&wait=1`,
      `session=${one}&ack=a&ack=b`,
    ])
      expect([query, await get(query)]).toEqual([query, REFUSED]);
    expect(await get(`session=${one}&wait=0&wait=0&ack=&ack=`)).toEqual([200, 'fine']);
    expect(await get('channel=public:a&lastEventId=1&lastEventId=2', '')).toEqual(REFUSED);
  });

  it.each(['', '%2e%2e', 'a-session', 'x'.repeat(65), 'a session with spaces', 'a+session+with+plus'])(
    'is not a session with the name "%s"',
    async (session) => {
      expect(await get(`session=${session}&open=1`)).toEqual(REFUSED);
    },
  );

  it.each(['-1', '1e1', '21', '1.5', '0x1', ' 1', '١', '1'.repeat(400)])(
    'is not a time to wait: %s',
    async (wait) => {
      expect(await get(`session=${newSession()}&wait=${encodeURIComponent(wait)}`)).toEqual(REFUSED);
    },
  );

  it('is a position only if it has the form of one', async () => {
    for (const id of [
      '-1',
      '1.5',
      'x',
      '9007199254740992',
      `${'9'.repeat(400)}`,
      'public:a=x',
      'public:a=-1',
    ])
      expect([id, await get(`channel=public:a`, '', ['Last-Event-ID', id])]).toEqual([id, REFUSED]);
    // Two positions are a list, which is not a position.
    expect(await get('channel=public:a', '', ['Last-Event-ID', '1', 'last-event-id', '2'])).toEqual(REFUSED);
  });
});

/** Whether a door takes an id of a user: a code, or `taken`. */
type UserDoor = (user: string) => Promise<string>;

const codeOf = (text: string): string => JSON.parse(text).code ?? 'taken';

async function byApi(path: string, method = 'GET', body?: string): Promise<string> {
  const headers = ['Authorization', `Bearer ${serverToken}`];
  const raw = { method, headers, ...(body !== undefined && { body }) };
  return codeOf((await sendRaw(`${runtime.urls.http}${path}`, raw)).text);
}

async function byRevoke(payload: unknown): Promise<string> {
  const FunctionName = `${stackNameOf('local')}-revoke`;
  const { FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }),
  );
  return FunctionError === undefined ? 'taken' : 'bad-request';
}

const byEvent = (detail: unknown) => byEventText(JSON.stringify(detail));

async function byEventText(detail: string): Promise<string> {
  const entry = { Source: 'shop', DetailType: 'fanfare.publish', Detail: detail };
  const before = lines.length;
  await fetch(runtime.urls.eventBridge, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'AWSEvents.PutEvents' },
    body: JSON.stringify({ Entries: [entry] }),
  });
  await runtime.idle();
  const said = lines.slice(before).join('\n');
  if (/"level":"(?:ERROR|WARN)"/.test(said))
    return /does not have the form of a publish|not published/.test(said) ? 'bad-request' : said;
  return 'taken';
}

async function byToken(claims: Readonly<Record<string, unknown>>): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 600;
  const token = await new SignJWT({ iss: OWN_ISSUER, aud: 'local', exp, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(keyOf(secret));
  recordSecret(token);
  const status = await shakeHands(runtime.urls.websocket, [
    'Sec-WebSocket-Protocol',
    `${SUBPROTOCOL}, ${token}`,
  ]);
  return status === 101 ? 'taken' : status === 401 ? 'bad-request' : String(status);
}

describe('an id of a user', () => {
  const doors: Readonly<Record<string, UserDoor>> = {
    'a token': (sub) => byToken({ sub }),
    'a publish by the HTTP API': (user) =>
      byApi('/messages', 'POST', JSON.stringify({ users: [user], data: 1 })),
    'a revocation by the HTTP API': (user) => byApi('/revocations', 'POST', JSON.stringify({ user })),
    'an invocation of revoke': (user) => byRevoke({ user }),
    'a publish by an event': (user) => byEvent({ stage: 'local', users: [user], data: 1 }),
  };
  const good = ['auth0|5f7c', 'é', '𝒜', 'a b', 'u'.repeat(USER_LENGTH), '__proto__'];
  const bad = ['', '\ud800', 'ann\udc00', '\ude00\ud83d', 'u'.repeat(USER_LENGTH + 1), 'é'.repeat(27)];

  it.each(Object.entries(doors))('has the same rule at every door: %s', async (_door, take) => {
    for (const user of good) expect([user, await take(user)]).toEqual([user, 'taken']);
    for (const user of bad) expect([user, await take(user)]).toEqual([user, 'bad-request']);
  });

  it('has the same rule on the command line', async () => {
    const { port } = new URL(runtime.urls.http);
    // A shell cannot pass half a surrogate pair. It can pass an id that is too long.
    for (const program of ['token', 'revoke'] as const) {
      const at = program === 'revoke' ? ['--port', port] : [];
      const { code, stderr } = await runProgram(program, ['--user', 'u'.repeat(USER_LENGTH + 1), ...at]);
      expect([program, code]).toEqual([program, 1]);
      expect(stderr).toContain('--user: ');
    }
  });
});

describe('depth', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const session = async () => {
    const name = newSession();
    await sendRaw(fallbackUrl(`session=${name}&open=1`, 'poll'));
    return name;
  };
  const publish = (more: string, to = '"channel":"open:deep"') => `{"action":"publish",${to},${more}}`;
  /** For each door, the number of levels around the data, and the door's answer to data of a given depth. */
  const doors: Readonly<Record<string, readonly [around: number, (data: string) => Promise<string>]>> = {
    'a frame': [
      1,
      async (data) => {
        const client = await Client.open(runtime.urls.websocket);
        onTestFinished(() => client.kill());
        client.send(publish(`"data":${data}`));
        return codeOf(await client.nextText());
      },
    ],
    'a POST of the fallback': [
      1,
      async (data) => {
        const raw = { method: 'POST', body: publish(`"data":${data}`) };
        return codeOf((await sendRaw(fallbackUrl(`session=${await session()}`), raw)).text);
      },
    ],
    'the HTTP API': [1, (data) => byApi('/messages', 'POST', `{"channels":["open:deep"],"data":${data}}`)],
    'an event': [1, (data) => byEvent({ stage: 'local', channels: ['open:deep'], data: JSON.parse(data) })],
    'the info of a token': [0, (data) => byToken({ sub: 'deep', info: JSON.parse(data) })],
  };

  it.each(Object.entries(doors))('has the same limit in %s', async (_door, [around, say]) => {
    expect(await say(nested(JSON_DEPTH - around))).toBe('taken');
    expect(await say(nested(JSON_DEPTH - around + 1))).toBe('bad-request');
    expect(await say(nested(2_000))).toBe('bad-request');
  });

  it('does no harm in parts that are not kept', async () => {
    const deep = JSON.parse(nested(2_000));

    expect(await byRevoke({ user: 'deep', more: deep })).toBe('taken');
    expect(await byRevoke({ user: deep })).toBe('bad-request');
    expect(await byToken({ sub: 'deep', channels: deep })).toBe('bad-request');
    expect(await byToken({ sub: 'deeper', more: deep })).toBe('taken');
    expect(await byApi('/revocations', 'POST', nested(20_000))).toBe('bad-request');
    const event = `{"stage":"local","channels":["open:deep"],"data":${nested(2_000)}}`;
    expect(await byEventText(event)).toBe('bad-request');
  });
});

describe('a channel, a key, an id and a position', () => {
  /** The reply to a command, on a socket and by POST. */
  const commandDoors: Readonly<Record<string, () => Promise<(command: object) => Promise<unknown>>>> = {
    'on a socket': async () => {
      const conversation = await Conversation.open(runtime.urls.websocket, await mint('doorman'));
      onTestFinished(() => conversation.client.kill());
      return (command) => conversation.ask(command);
    },
    'by POST': async () => {
      const session = newSession();
      const headers = ['Authorization', `Bearer ${await mint('doorman')}`];
      await sendRaw(fallbackUrl(`session=${session}&open=1`, 'poll'), { headers });
      return async (command) => {
        const raw = { method: 'POST', headers, body: JSON.stringify(command) };
        return JSON.parse((await sendRaw(fallbackUrl(`session=${session}`), raw)).text);
      };
    },
  };
  const badChannels = [
    ...['', 'chat', ':a', 'chat:', 'chat:ü', 'chat:a b', 'chat:a+b', 'chat:a%20b', 'chat:a\n', 'ch at:a'],
    ...['@all:a', '@user', '@user:', '@ALL', 'chat:\u0000', `chat:${'x'.repeat(CHANNEL_LENGTH)}`, 'chat:a#1'],
  ];

  it.each(Object.entries(commandDoors))('are checked alike %s', async (_door, open) => {
    const ask = await open();

    for (const channel of [...badChannels, 7, null, {}, ['chat:a'], undefined])
      for (const action of ['subscribe', 'publish', 'history', 'members', 'mark', 'unsubscribe'])
        expect([channel, await ask({ action, channel, data: 1, seq: 0 })]).toMatchObject([
          channel,
          { code: 'bad-request' },
        ]);
    for (const key of ['', 'k'.repeat(129), 7, null, '\ud800', {}])
      expect([key, await ask({ action: 'publish', channel: 'chat:a', data: 1, key })]).toMatchObject([
        key,
        { code: 'bad-request' },
      ]);
    for (const id of ['i'.repeat(129), null, {}, [], true])
      expect([id, await ask({ action: 'ping', id, data: 1 })]).toMatchObject([id, { code: 'bad-request' }]);
    for (const at of [-1, 1.5, '1', 2 ** 53, null, {}, []])
      for (const command of [
        { action: 'subscribe', channel: 'chat:a', after: at },
        { action: 'history', channel: 'chat:a', after: at },
        { action: 'history', channel: 'chat:a', before: at },
        { action: 'history', channel: 'chat:a', limit: at },
        { action: 'mark', channel: 'chat:a', seq: at },
      ])
        expect([command, await ask(command)]).toMatchObject([command, { code: 'bad-request' }]);
    expect(
      await ask({ action: 'members', channel: 'chat:a', cursor: 'c'.repeat(USER_LENGTH + 1) }),
    ).toMatchObject({
      code: 'bad-request',
    });
  });

  it('are checked alike by the HTTP API, in queries, bodies and events, and by a stream', async () => {
    for (const channel of badChannels) {
      const query = new URLSearchParams({ channel });
      const answers = {
        history: await byApi(`/history?${query}`),
        members: await byApi(`/members?${query}`),
        occupancy: await byApi(`/occupancy?${query}`),
        position: await byApi(`/positions?user=ann&${query}`),
        forget: await byApi(`/positions?user=ann&${query}`, 'DELETE'),
        publish: await byApi('/messages', 'POST', JSON.stringify({ channels: [channel], data: 1 })),
        stream: codeOf((await sendRaw(fallbackUrl(`${query}`))).text),
      };
      expect([channel, [...new Set(Object.values(answers))]]).toEqual([channel, ['bad-request']]);
    }
    expect(await byEvent({ stage: 'local', channels: ['chat:a b'], data: 1 })).toBe('bad-request');
  });

  it.each([
    ['/history?channel=public:a&after=', ['-1', '1.5', 'x', '', '9007199254740992', '1e3', '0x1', ' 1']],
    ['/history?channel=public:a&limit=', ['0', '-1', '1001', 'x', '', '1.5']],
    ['/connections?cursor=', ['x', '%00', 'e30', 'bnVsbA', 'W10', 'a'.repeat(2_049)]],
    ['/channels?cursor=', ['x', 'e30', 'eyJhZnRlciI6IiJ9', 'eyJhZnRlciI6N30']],
    ['/members?channel=public:a&cursor=', ['c'.repeat(USER_LENGTH + 1)]],
    ['/connections/', ['..%2f', 'a%20b', 'a%00', '%C3%A9', 'x'.repeat(129), 'a%2Fb']],
  ])('are refused by %s', async (path, values) => {
    for (const value of values) {
      const { status } = await sendRaw(`${runtime.urls.http}${path}${value}`, {
        headers: ['Authorization', `Bearer ${serverToken}`],
      });
      expect([value, status]).toEqual([value, 400]);
    }
  });

  it('mean the same in every percent-encoding', async () => {
    await server.call('publish', { channels: ['public:a=b@c,d.e;f:g/h'], data: 'spelled' });

    for (const spelled of [
      'public:a=b@c,d.e;f:g/h',
      'public%3Aa%3Db%40c%2Cd.e%3Bf%3Ag%2Fh',
      '%70ublic:a=b@c,d.e;f:g/h',
    ])
      expect(await byApi(`/history?channel=${spelled}`)).toBe('taken');
    const { messages } = await server.call('history', { channel: 'public:a=b@c,d.e;f:g/h' });
    expect(messages).toMatchObject([{ data: 'spelled' }]);
  });
});
