import { type OperationName, operationNames } from 'fanfare-protocol/operations';
import { describe, expect, it } from 'vitest';
import { respond } from '../../../lambdas/operations/respond.ts';
import { ask, config, connect, goodRequests, ports, publishFirst, SERVER } from './server-requests.ts';

const badRequest = (field: string) => ({
  status: 400,
  body: { code: 'bad-request', status: 400, message: expect.stringContaining(field) },
});
const long = 'x'.repeat(159);

describe('every operation', () => {
  it.each(operationNames)('answers a good request to %s with its reply', async (name) => {
    await connect(['ann1='], 'ann');
    await publishFirst();

    expect(await ask(name, goodRequests[name])).toMatchObject({ status: 200 });
  });

  it.each(operationNames)('answers only 500 to %s when a store fails', async (name) => {
    await connect(['ann1='], 'ann');
    await publishFirst();
    const fail = () => Promise.reject(new Error('table StorageX is throttled'));
    const failing = {
      directory: { connection: fail, grouped: fail, connections: fail, channels: fail },
      readPositions: { ...ports.readPositions, read: fail, forget: fail },
      channelLog: { ...ports.channelLog, head: fail, raise: fail },
      subscriptions: { ...ports.subscriptions, page: fail },
      shards: { ...ports.shards, count: fail },
      runs: { ...ports.runs, begin: fail },
    };

    const { status, body } = await ask(name, goodRequests[name], {
      ports: failing,
      requestId: 'request-7',
    });

    expect(status).toBe(500);
    expect(body).toMatchObject({ code: 'internal', status: 500 });
    expect(JSON.stringify(body)).toContain('request-7');
    expect(JSON.stringify(body)).not.toContain('StorageX');
    expect(ports.logged.join()).toContain('request-7');
  });

  it('is logged with its detail when it fails', async () => {
    const directory = {
      ...ports.directory,
      channels: () => Promise.reject(new Error('table StorageX is throttled')),
    };

    await ask('channels', {}, { ports: { directory } });

    expect(ports.logged.map((line) => JSON.parse(line))).toEqual([
      { message: 'An operation failed', error: 'table StorageX is throttled', requestId: 'request-1' },
    ]);
  });

  it('does not log a refusal', async () => {
    await ask('members');

    expect(ports.logged).toEqual([]);
  });
});

describe('a request', () => {
  it.each(['GET /nowhere', 'PUT /messages', '$default', '', '__proto__', 'constructor', 'publish'])(
    'for %j is answered 404',
    async (routeKey) => {
      const request = { routeKey, parameters: {}, body: '{}' };

      const context = { config, ports, sender: SERVER, grants: undefined, requestId: 'request-1' };

      expect(await respond(request, context)).toEqual({
        status: 404,
        body: { code: 'not-found', status: 404, message: 'There is no such operation.' },
      });
    },
  );

  it.each<[OperationName, string, Record<string, string>]>([
    ['history', 'channel', {}],
    ['history', 'channel', { channel: '' }],
    ['history', 'channel', { channel: 'no namespace' }],
    ['history', 'after', { channel: 'news:a', after: 'x' }],
    ['history', 'after', { channel: 'news:a', after: '' }],
    ['history', 'after', { channel: 'news:a', after: ' 7' }],
    ['history', 'after', { channel: 'news:a', after: '0x10' }],
    ['history', 'after', { channel: 'news:a', after: '-1' }],
    ['history', 'after', { channel: 'news:a', after: '99999999999999999' }],
    ['history', 'before', { channel: 'news:a', before: '1.5' }],
    ['history', 'after or before', { channel: 'news:a', after: '1', before: '2' }],
    ['history', 'limit', { channel: 'news:a', limit: '0' }],
    ['history', 'limit', { channel: 'news:a', limit: '1001' }],
    ['history', 'limit', { channel: 'news:a', limit: '' }],
    ['members', 'channel', {}],
    ['members', 'channel', { channel: 'news:' }],
    ['members', 'cursor', { channel: 'news:a', cursor: 'x'.repeat(2_049) }],
    ['position', 'channel', { user: 'ann' }],
    ['position', 'user', { channel: 'news:a' }],
    ['position', 'user', { user: '', channel: 'news:a' }],
    ['position', 'user', { user: long, channel: 'news:a' }],
    ['occupancy', 'channel', {}],
    ['channels', 'cursor', { cursor: 'broken' }],
    ['channels', 'cursor', { cursor: '' }],
    ['connections', 'cursor', { cursor: 'broken' }],
    ['connections', 'user', { user: '' }],
    ['connections', 'user', { user: long }],
    ['connection', 'connectionId', {}],
    ['connection', 'connectionId', { connectionId: 'a/b' }],
    ['closeConnection', 'connectionId', { connectionId: '' }],
    ['closeConnection', 'connectionId', { connectionId: '../@connections' }],
    ['closeConnections', 'user', {}],
    ['closeConnections', 'user', { user: '' }],
    ['closeConnections', 'user', { user: 'é'.repeat(100) }],
  ])('to %s is answered 400 that names %s: %j', async (name, field, parameters) => {
    await connect(['ann1='], 'ann');

    expect(await ask(name, { parameters })).toEqual(badRequest(field));
    expect(ports.disconnected).toEqual([]);
  });

  it.each<[OperationName, string, unknown]>([
    ['publish', 'JSON', ''],
    ['publish', 'JSON', '{"channels":'],
    ['publish', 'JSON', 'channels=news:a'],
    ['publish', 'Object', 'null'],
    ['publish', 'channels', '[]'],
    ['publish', 'Object', '"news:a"'],
    ['publish', 'channels', { data: 1 }],
    ['publish', 'channels', { channels: [], users: [], everyone: false, data: 1 }],
    ['publish', 'channels', { channels: 'news:a', data: 1 }],
    ['publish', 'channels.1', { channels: ['news:a', 'b'], data: 1 }],
    ['publish', 'channels', { channels: Array.from({ length: 101 }, (_, n) => `news:${n}`), data: 1 }],
    ['publish', 'users.0', { users: [''], data: 1 }],
    ['publish', 'users.0', { users: [long], data: 1 }],
    ['publish', 'users.0', { users: ['é'.repeat(100)], data: 1 }],
    ['publish', 'users', { users: Array.from({ length: 101 }, (_, n) => `user${n}`), data: 1 }],
    ['publish', 'everyone', { everyone: 'yes', data: 1 }],
    ['publish', 'data', { channels: ['news:a'] }],
    ['publish', 'data or messages', { channels: ['news:a'], data: 1, messages: [{ data: 1 }] }],
    ['publish', 'messages', { channels: ['news:a'], messages: [] }],
    ['publish', 'messages', { channels: ['news:a'], messages: Array(51).fill({ data: 1 }) }],
    ['publish', 'messages.0.data', { channels: ['news:a'], messages: [{}] }],
    ['publish', 'key', { channels: ['news:a'], data: 1, key: '' }],
    ['publish', 'key', { channels: ['news:a'], data: 1, key: 'x'.repeat(129) }],
    ['publish', 'messages.0.key', { channels: ['news:a'], messages: [{ data: 1, key: 7 }] }],
    ['revoke', 'JSON', 'ann'],
    ['revoke', 'user', {}],
    ['revoke', 'user', { user: '' }],
    ['revoke', 'user', { user: long }],
    ['revoke', 'issuedBefore', { user: 'ann', issuedBefore: 'now' }],
    ['revoke', 'issuedBefore', { user: 'ann', issuedBefore: 1.5 }],
    ['revoke', 'issuedBefore', { user: 'ann', issuedBefore: -1 }],
    ['revoke', 'issuedBefore', { user: 'ann', issuedBefore: null }],
  ])('to %s is answered 400 that names %s, and changes nothing: %j', async (name, field, body) => {
    await connect(['ann1='], 'ann');

    expect(await ask(name, { body })).toEqual(badRequest(field));
    expect(await ports.channelLog.head('news:a')).toBeUndefined();
    expect(ports.posts).toEqual([]);
    expect(await ports.revocations.revokedBefore('ann')).toBeUndefined();
    expect(ports.disconnected).toEqual([]);
  });

  it('is not changed by keys that every object has', async () => {
    const keys = '"__proto__":{"everyone":true,"user":"ann"},"constructor":1,"toString":"x"';
    const parameters = JSON.parse(`{${keys}}`);

    expect(await ask('publish', { body: `{${keys},"data":1}` })).toMatchObject({ status: 400 });
    expect(await ask('revoke', { body: `{${keys}}` })).toMatchObject({ status: 400 });
    expect(await ask('closeConnections', { parameters })).toMatchObject({ status: 400 });
    expect(await ask('publish', { body: `{${keys},"channels":["news:a"],"data":1}` })).toMatchObject({
      status: 200,
    });
    expect(Object.prototype).not.toHaveProperty('everyone');
  });

  it.each(['constructor:a', '__proto__:a', 'toString:a', 'nowhere:a'])(
    'about %s is refused: there is no such namespace',
    async (channel) => {
      for (const name of ['history', 'members', 'occupancy'] as const)
        expect(await ask(name, { parameters: { channel } })).toMatchObject({ status: 403 });
      expect(await ask('position', { parameters: { user: 'ann', channel } })).toMatchObject({ status: 403 });
    },
  );
});

describe('a body with a number', () => {
  it.each(['590518626939830271', '1e400', '0.1000000000000000055511151231257827'])(
    'that JavaScript would change is a 400 that says so, and nothing is published: %s',
    async (number) => {
      const refused = await ask('publish', { body: `{"channels":["news:a"],"data":{"a":${number}}}` });

      expect(refused).toEqual({
        status: 400,
        body: {
          code: 'bad-request',
          status: 400,
          message: `The number ${number} would not arrive as it was sent; send it as a string.`,
        },
      });
      expect(await ask('history', { parameters: { channel: 'news:a' } })).toMatchObject({
        body: { messages: [] },
      });
    },
  );

  it.each(['9007199254740993', '9'.repeat(400)])(
    'is a 400 in a query as well: after=%.20s',
    async (after) => {
      expect(await ask('history', { parameters: { channel: 'news:a', after } })).toMatchObject({
        status: 400,
        body: { code: 'bad-request' },
      });
    },
  );
});

describe('a body that nests too deep', () => {
  it.each([65, 100_000])('is a 400, and not a failure: %d levels', async (depth) => {
    const data = '['.repeat(depth) + ']'.repeat(depth);

    expect(await ask('publish', { body: `{"channels":["news:a"],"data":${data}}` })).toMatchObject({
      status: 400,
      body: { code: 'bad-request', message: 'The body nests deeper than 64 levels.' },
    });
  });
});
