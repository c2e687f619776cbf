import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { accepts, admits, decides, does, printsEvent, throws } from '../../fixtures/functions.ts';
import { Client } from '../client.ts';
import { Queue } from '../queue.ts';
import { type ServedAuthorizer, serveRoutes } from '../serve-routes.ts';

const AUTHORIZER = 'Route0AuthorizerFunction';
const CONNECT = 'Route0Function';
const DISCONNECT = 'Route1Function';

/** The lifecycle routes behind an authorizer, and the functions that ran, in the order in which they ended. */
async function serveBehind(authorizer: ServedAuthorizer) {
  const ran = new Queue<string>();
  const routes = { $connect: { source: accepts, authorizer }, $disconnect: accepts };
  const { url } = await serveRoutes(routes, { onInvoked: ran.put });
  return { url, ran };
}

/** The status with which a handshake is answered. */
function statusOf(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
  const socket = new WebSocket(url, { headers });
  // Ending a refused request makes `ws` report an error without a listener.
  socket.on('error', () => {});
  return new Promise((resolve) => {
    socket.on('upgrade', ({ statusCode }) => resolve(statusCode));
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode);
      response.destroy();
    });
  });
}

describe('the authorizer', () => {
  it.each([
    ['allows', 101, admits],
    ['denies', 403, does(decides('Deny'))],
    ['throws exactly Unauthorized', 401, does("throw new Error('Unauthorized');")],
    ['throws something else', 500, throws],
    ['throws what only begins so', 500, does("throw new Error('Unauthorized: no token');")],
    ['returns no policy', 500, does('return { statusCode: 401 };')],
    ['returns the simple form', 500, does('return { isAuthorized: true };')],
    ['returns more than 8 KB', 500, does(decides('Allow', { filler: 'x'.repeat(8192) }))],
    ['exits', 500, does('process.exit(1);')],
    ['does not load', 500, 'this is not a module'],
  ])('that %s is answered %d (AU-4, AU-5)', async (_how, status, source) => {
    const { url } = await serveBehind({ source });

    expect(await statusOf(url)).toBe(status);
  });

  it('that runs out of time is answered 500 (AU-4)', async () => {
    const source = 'export const handler = () => new Promise(() => {});';
    const { url } = await serveBehind({ source, functionTimeoutSeconds: 0.05 });

    expect(await statusOf(url)).toBe(500);
  });

  it('keeps $connect and $disconnect from running for a client that it refuses (HS-2)', async () => {
    const source = does(`if (event.queryStringParameters.who === 'ann') { ${decides('Allow')} }
      throw new Error('Unauthorized');`);
    const { url, ran } = await serveBehind({ source });
    const refused = await statusOf(url);
    const client = await Client.open(`${url}?who=ann`);
    await client.close();
    const all = [await ran.next(), await ran.next(), await ran.next(), await ran.next()];

    expect([refused, all]).toEqual([401, [AUTHORIZER, AUTHORIZER, CONNECT, DISCONNECT]]);
  });

  it('is asked again for every handshake, never from a cache (AU-5)', async () => {
    const { url, ran } = await serveBehind({ source: admits });
    await statusOf(`${url}?token=same`);
    const first = [await ran.next(), await ran.next()];
    await statusOf(`${url}?token=same`);
    const second = [await ran.next(), await ran.next()];

    expect([first, second]).toEqual([
      [AUTHORIZER, CONNECT],
      [AUTHORIZER, CONNECT],
    ]);
  });

  it('gets the same connection id as $connect (EV-9, EV-14)', async () => {
    const source = does(`console.log(JSON.stringify(event)); ${decides('Allow')}`);
    const { url, output } = await serveRoutes({ $connect: { source: printsEvent, authorizer: { source } } });
    await statusOf(`${url}?token=t&token=u`, { 'X-Custom': 'kept' });
    const asked = JSON.parse(await output.next());
    const { requestContext } = JSON.parse(await output.next());

    expect(asked).toMatchObject({
      type: 'REQUEST',
      methodArn: 'arn:aws:execute-api:us-east-1:000000000000:Api/test/$connect',
      headers: { 'X-Custom': 'kept', Connection: 'upgrade' },
      multiValueQueryStringParameters: { token: ['t', 'u'] },
    });
    expect(asked.requestContext).not.toHaveProperty('authorizer');
    expect(requestContext).toMatchObject({
      ...asked.requestContext,
      requestTime: expect.any(String),
      requestTimeEpoch: expect.any(Number),
      authorizer: { principalId: 'ann' },
    });
  });
});

describe('the context of the authorizer', () => {
  it('comes as text with every event of the connection, as it was when the client connected (AU-6, EV-14)', async () => {
    const context = '{ at: process.hrtime.bigint().toString(), level: 7, admin: true }';
    const source = does(decides('Allow').replace('context: {}', `context: ${context}`));
    const { url, output } = await serveRoutes({
      $connect: { source: printsEvent, authorizer: { source } },
      $default: printsEvent,
      $disconnect: printsEvent,
    });
    const next = async () => JSON.parse(await output.next()).requestContext;
    const client = await Client.open(url);
    const connected = await next();
    client.send('first');
    const first = await next();
    client.send('second');
    const second = await next();
    await client.close();
    const contexts = [connected, first, second, await next()];

    expect(contexts.map(({ eventType }) => eventType)).toEqual([
      'CONNECT',
      'MESSAGE',
      'MESSAGE',
      'DISCONNECT',
    ]);
    expect(connected.authorizer).toEqual({
      principalId: 'ann',
      integrationLatency: expect.any(Number),
      at: expect.stringMatching(/^\d+$/),
      level: '7',
      admin: 'true',
    });
    expect(contexts.map(({ authorizer }) => authorizer)).toEqual(contexts.map(() => connected.authorizer));
  });

  it('cannot replace the principal of the result (EV-14)', async () => {
    const source = does(decides('Allow', { principalId: 'bob', integrationLatency: 'x' }));
    const { url, output } = await serveRoutes({ $connect: { source: printsEvent, authorizer: { source } } });
    await statusOf(url);

    expect(JSON.parse(await output.next()).requestContext.authorizer).toEqual({
      principalId: 'ann',
      integrationLatency: expect.any(Number),
    });
  });

  it('is missing without an authorizer', async () => {
    const { url, output } = await serveRoutes({ $connect: printsEvent });
    await statusOf(url);

    expect(JSON.parse(await output.next()).requestContext).not.toHaveProperty('authorizer');
  });
});

describe('an identity source', () => {
  const identitySource = ['route.request.header.X-Token', 'route.request.querystring.who'];

  it.each([
    ['both are missing', '', {}],
    ['the header is missing', '?who=ann', {}],
    ['the header is empty', '?who=ann', { 'X-Token': '' }],
    ['the parameter is missing', '', { 'X-Token': 't' }],
    ['the parameter is empty', '?who=', { 'X-Token': 't' }],
    ['the parameter has another case', '?Who=ann', { 'X-Token': 't' }],
    ['the parameter is a member of every object', '?constructor=ann', { 'X-Token': 't' }],
  ])('is required, so 401 is the answer and nothing runs when %s (AU-3)', async (_what, query, headers) => {
    const { url, ran } = await serveBehind({ source: admits, identitySource });
    const refused = await statusOf(url + query, headers);
    await statusOf(`${url}?who=ann`, { 'X-Token': 't' });

    expect([refused, await ran.next(), await ran.next()]).toEqual([401, AUTHORIZER, CONNECT]);
  });

  it('that is a header matches in any case (AU-3)', async () => {
    const { url } = await serveBehind({ source: admits, identitySource });

    expect(await statusOf(`${url}?who=ann`, { 'x-TOKEN': 't' })).toBe(101);
  });

  it('is not required if the template names none (AU-3)', async () => {
    const { url } = await serveBehind({ source: admits, identitySource: [] });

    expect(await statusOf(url)).toBe(101);
  });
});
