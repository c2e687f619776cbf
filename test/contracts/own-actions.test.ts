/** The contract of the application's own actions at all doors, over the local runtime with the deployed functions. */

import { type Connection, connect } from 'fanfare-client';
import { actionsOf } from 'fanfare-client/actions';
import { connect as connectOverHttp } from 'fanfare-client/fallback';
import { FanfareServer } from 'fanfare-client/server';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { play } from '../../examples/dice/play.ts';
import { serverAudience } from '../../lambdas/identity/own-token.ts';
import { FallbackStage, newSession } from '../e2e/fallback/fallback-stage.ts';
import { Client } from '../local/client.ts';
import type { Runtime } from '../runtime.ts';
import type sharedConfig from '../shared-config.ts';
import { sharedRuntime } from '../shared-runtime.ts';
import { type ActionDoor, type Answer, ownActions } from './own-actions.contract.ts';

const USER = 'acting-person';

const answered = v.union([
  v.object({ code: v.string(), status: v.number(), message: v.string() }),
  v.pipe(
    v.looseObject({ data: v.unknown() }),
    v.check((frame) => frame['event'] !== 'error'),
  ),
]);

let runtime: Runtime;
let stage: FallbackStage;
let token: string;
let serverToken: string;
const connections: Connection[] = [];

beforeAll(async () => {
  const { runtime: shared, mint } = await sharedRuntime();
  runtime = shared;
  token = await mint(USER, undefined);
  serverToken = await mint('billing', undefined, { audience: serverAudience('local') });
  stage = new FallbackStage(runtime);
});

afterAll(() => {
  for (const connection of connections) connection.close();
  stage.destroy();
});

function answerOf(given: unknown): Answer {
  const answer = v.parse(answered, given);
  return 'code' in answer && 'status' in answer
    ? v.parse(v.object({ code: v.string(), status: v.number(), message: v.string() }), answer)
    : { data: v.parse(v.looseObject({ data: v.unknown() }), answer).data };
}

const sockets: ActionDoor = {
  caller: { caller: 'client', user: USER },
  async call(action, data, key) {
    const asker = await Client.open(runtime.urls.websocket, ['fanfare.v1', token]);
    const answer = await asker.ask({ action, data, key, id: 'mine' });
    asker.kill();
    expect(answer).toMatchObject({ id: 'mine' });
    return answerOf(answer);
  },
};

const commands: ActionDoor = {
  caller: { caller: 'client', user: USER },
  async call(action, data, key) {
    // One session for all tests would end in the middle of a slow one, because it has no polls.
    const session = newSession();
    await stage.ask({ path: 'poll', query: { session, open: '1' }, token });
    const body = { action, data, key };
    const { json } = await stage.ask({ method: 'POST', query: { session }, token, body });
    return answerOf(json);
  },
};

const api: ActionDoor = {
  caller: { caller: 'server' },
  async call(name, data, key) {
    const response = await fetch(`${runtime.urls.http}/actions/${name}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${serverToken}` },
      body: JSON.stringify({ data, key }),
    });
    const body: unknown = await response.json();
    if (!response.ok) expect(body).toMatchObject({ status: response.status });
    return answerOf(body);
  },
};

ownActions('a socket', () => sockets);
ownActions('a command over HTTP', () => commands);
ownActions('a server', () => api);

describe('a key', () => {
  it('is the same for a user on a socket and over HTTP, and another one for a server', async () => {
    const [bySocket, overHttp, byServer] = [
      await sockets.call('ticket', undefined, 'one ticket'),
      await commands.call('ticket', undefined, 'one ticket'),
      await api.call('ticket', undefined, 'one ticket'),
    ];

    expect(overHttp).toEqual(bySocket);
    expect(byServer).not.toEqual(bySocket);
  });
});

describe('the client library', () => {
  const backoff = { baseMs: 20, capMs: 100 };

  const over: readonly [string, () => Connection][] = [
    ['a WebSocket', () => connect(runtime.urls.websocket, { webSocket: WebSocket, token, backoff })],
    [
      'polls',
      () =>
        connectOverHttp(runtime.urls.websocket, {
          fallbackUrl: stage.url,
          transports: ['polling'],
          token,
          backoff,
        }),
    ],
  ];

  it.each(over)('calls actions over %s, and hears what they publish', async (_name, open) => {
    const connection = open();
    connections.push(connection);
    const table = crypto.randomUUID().slice(0, 30);
    const rolls: unknown[] = [];
    let tell = () => {};
    const heard = new Promise<void>((resolve) => {
      tell = resolve;
    });
    await connection.channel(`table:${table}`).subscribe(({ data }) => {
      rolls.push(data);
      tell();
    }).ready;
    const { request } = actionsOf<typeof sharedConfig>(connection, {
      idempotent: { roll: true, ticket: true },
    });

    const { values } = await request('roll', { table, dice: 2 });
    await heard;

    expect(rolls).toEqual([{ user: USER, values }]);
    expect(values).toHaveLength(2);
    expect(await request('double', 21)).toBe(42);
    await expect(request('roll', { table, dice: 6 })).rejects.toMatchObject({
      code: 'rejected',
      status: 422,
      message: 'You roll at most 5 dice.',
    });
  });

  it('calls actions by the connection itself, as the example does', async () => {
    const options = { token, webSocket: WebSocket };

    expect(await play(runtime.urls.websocket, options, crypto.randomUUID().slice(0, 30))).toHaveLength(2);
  });

  it('for servers calls them by the HTTP API', async () => {
    const server = new FanfareServer(runtime.urls.http, { token: serverToken });

    expect(await server.call('callAction', { name: 'double', data: 4 })).toEqual({ data: 8 });
    await expect(server.call('callAction', { name: 'refuse' })).rejects.toMatchObject({
      code: 'rejected',
      message: 'The poll is closed.',
    });
  });
});
