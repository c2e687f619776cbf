import { describe, expect, it } from 'vitest';
import {
  accepts,
  does,
  echoes,
  neverAnswers,
  printsEvent,
  returns,
  tellsConnectionId,
  throws,
} from '../../fixtures/functions.ts';
import { Client } from '../client.ts';
import { closedGate } from '../gate.ts';
import { type ServedRoute, serveRoutes } from '../serve-routes.ts';

const replying = (source: string): ServedRoute => ({ source, replies: true });

/** Exactly the members of an error frame (ER-1). */
const errorFrame = (message: string) => ({
  message,
  connectionId: expect.stringMatching(/^[\w-]{15}=$/),
  requestId: expect.stringMatching(/^[\w-]{15}=$/),
});

describe('a message', () => {
  it('takes the route that it names, and $default otherwise (RT-4, RT-5)', async () => {
    const { url } = await serveRoutes({
      named: replying(returns({ statusCode: 200, body: '"named"' })),
      $default: replying(returns({ statusCode: 200, body: '"default"' })),
    });
    const client = await Client.open(url);

    expect(await client.ask({ action: 'named' })).toBe('named');
    expect(await client.ask({ action: 'other' })).toBe('default');
    expect(await client.ask('not JSON')).toBe('default');
    expect(await client.ask('')).toBe('default');
  });

  it('never reaches the function of $connect (RT-9)', async () => {
    const { url, output } = await serveRoutes({ $connect: printsEvent, $default: replying(echoes) });
    const client = await Client.open(url);
    await output.next();

    expect(await client.ask({ action: '$connect' })).toEqual({ action: '$connect' });
  });

  it('reaches the function exactly as it was sent, without headers (EV-10, EV-11, EV-12)', async () => {
    const { url, output } = await serveRoutes({ $default: printsEvent });
    const client = await Client.open(url);
    client.send('{\r\n\t"ä": 1\r\n}');

    const event = JSON.parse(await output.next());

    expect(Object.keys(event)).toEqual(['requestContext', 'body', 'isBase64Encoded']);
    expect(event).toMatchObject({ body: '{\r\n\t"ä": 1\r\n}', requestContext: { routeKey: '$default' } });
  });

  it('reaches the function whole if it comes in fragments (EV-12)', async () => {
    const { url } = await serveRoutes({ $default: replying(echoes) });
    const client = await Client.open(url);
    client.socket.send('"one ', { fin: false });
    client.socket.send('two"', { fin: true });

    expect(await client.next()).toBe('one two');
  });

  it('has the connection id and the time of $connect (EV-10)', async () => {
    const { url, output } = await serveRoutes({ $connect: printsEvent, $default: printsEvent });
    const client = await Client.open(url);
    client.send('x');

    const { requestContext: connect } = JSON.parse(await output.next());
    const { requestContext: message } = JSON.parse(await output.next());

    expect(message.connectionId).toBe(connect.connectionId);
    expect(message.connectedAt).toBe(connect.connectedAt);
    expect(message.requestId).not.toBe(connect.requestId);
  });

  it('takes a route that shares the integration of another (RT-10)', async () => {
    const also = {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: 'also',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Route0Integration' }]] },
      },
    };
    const { url, output } = await serveRoutes({ say: printsEvent }, {}, { Also: also });
    const client = await Client.open(url);
    client.send({ action: 'also' });

    expect(JSON.parse(await output.next())).toMatchObject({ requestContext: { routeKey: 'also' } });
  });

  it('has the variables of its stage if there are any (EV-8b)', async () => {
    const properties = { ApiId: { Ref: 'Api' }, StageName: 'test', StageVariables: { tone: 'loud' } };
    const stage = { Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: properties } };
    const staged = await serveRoutes({ $default: printsEvent }, {}, stage);
    const plain = await serveRoutes({ $default: printsEvent });
    for (const { url } of [staged, plain]) (await Client.open(url)).send('x');

    expect(JSON.parse(await staged.output.next())).toMatchObject({ stageVariables: { tone: 'loud' } });
    expect(JSON.parse(await plain.output.next())).not.toHaveProperty('stageVariables');
  });

  it('is never a ping or a pong, which run no function (KA-4)', async () => {
    const invoked: string[] = [];
    const onInvoked = (name: string) => void invoked.push(name);
    const { url } = await serveRoutes({ $default: { source: echoes, replies: true } }, { onInvoked });
    const client = await Client.open(url);
    client.socket.ping();
    client.socket.pong();
    await client.ask('"text"');

    expect(invoked).toHaveLength(1);
  });

  it('does not wait for the message before it (OR-2)', async () => {
    const gate = await closedGate();
    const { url } = await serveRoutes({
      first: replying(does(`${gate.wait} return { statusCode: 200, body: '"first"' };`)),
      second: replying(does(`${gate.pass} return { statusCode: 200, body: '"second"' };`)),
    });
    const client = await Client.open(url);

    client.send({ action: 'first' });
    client.send({ action: 'second' });

    expect([await client.next(), await client.next()].sort()).toEqual(['first', 'second']);
  });

  it('runs beside another message of the same route, in an environment of its own (OR-2)', async () => {
    const gate = await closedGate();
    const body = `if (event.body === 'wait') { ${gate.wait} } else { ${gate.pass} }`;
    const { url } = await serveRoutes({
      $default: replying(does(`${body} return { statusCode: 200, body: '1' };`)),
    });
    const client = await Client.open(url);

    client.send('wait');
    await gate.arrival();
    client.send('pass');

    expect([await client.next(), await client.next()]).toEqual([1, 1]);
  });
});

describe('a reply', () => {
  it('is not sent on a one-way route (PR-1)', async () => {
    const { url, output } = await serveRoutes({
      oneWay: does(`console.log('ran'); return { statusCode: 200, body: '"never"' };`),
      $default: replying(echoes),
    });
    const client = await Client.open(url);
    client.send({ action: 'oneWay' });
    await output.next();

    expect(await client.ask('"echo"')).toBe('echo');
  });

  it('is only the body, for every status (PR-4, PR-5)', async () => {
    const { url } = await serveRoutes({ $default: replying(returns({ statusCode: 500, body: 'text' })) });
    const client = await Client.open(url);
    client.send('x');

    expect(await client.nextText()).toBe('text');
  });

  it('is an empty message if the result has no body (PR-6)', async () => {
    const { url } = await serveRoutes({ $default: replying(accepts) });
    const client = await Client.open(url);
    client.send('x');

    expect(await client.nextText()).toBe('');
  });

  it('may be 128 KB long, but not one byte more (PR-9)', async () => {
    const { url } = await serveRoutes({
      $default: replying(does(`return { statusCode: 200, body: 'x'.repeat(Number(event.body)) };`)),
    });
    const client = await Client.open(url);
    client.send('131072');
    const longest = await client.nextText();
    const tooLong = await client.ask('131073');

    expect(longest).toHaveLength(131_072);
    expect(tooLong).toEqual(errorFrame('Internal server error'));
  });

  it('comes from a MOCK integration without any function (MK-1)', async () => {
    const { url } = await serveRoutes({ ping: { mock: '{"type":"pong"}' } });
    const client = await Client.open(url);

    expect(await client.ask({ action: 'ping' })).toEqual({ type: 'pong' });
  });
});

describe('an error frame', () => {
  it('says Forbidden if no route matches (ER-1)', async () => {
    const { url } = await serveRoutes({ named: accepts });
    const client = await Client.open(url);

    expect(await client.ask({ action: 'other' })).toEqual(errorFrame('Forbidden'));
  });

  it.each([
    ['throws', throws],
    ['returns nothing', does('')],
    ['returns unknown keys (PR-7)', returns({ statusCode: 200, Data: 'x' })],
    ['exits', does('process.exit()')],
  ])('says Internal server error if the function %s (ER-1)', async (_how, source) => {
    const { url } = await serveRoutes({ $default: replying(source) });
    const client = await Client.open(url);

    expect(await client.ask('x')).toEqual(errorFrame('Internal server error'));
  });

  it('says Internal server error if the function runs out of its own time (ER-1)', async () => {
    const { url } = await serveRoutes({ $default: { source: neverAnswers, functionTimeoutSeconds: 0.05 } });
    const client = await Client.open(url);

    expect(await client.ask('x')).toEqual(errorFrame('Internal server error'));
  });

  it('says Endpoint request timed out if the integration times out (ER-1)', async () => {
    const { url } = await serveRoutes({ $default: { source: neverAnswers, integrationTimeoutMs: 50 } });
    const client = await Client.open(url);

    expect(await client.ask('x')).toEqual(errorFrame('Endpoint request timed out'));
  });

  it('is sent on one-way routes too (ER-2)', async () => {
    const { url } = await serveRoutes({ $default: throws });
    const client = await Client.open(url);

    expect(await client.ask('x')).toEqual(errorFrame('Internal server error'));
  });

  it('names the connection and the request that failed (ER-1)', async () => {
    const context = 'const { connectionId, requestId } = event.requestContext;';
    const { url, output } = await serveRoutes({
      $default: does(
        `${context} console.log(JSON.stringify({ connectionId, requestId })); return 'malformed';`,
      ),
    });
    const client = await Client.open(url);
    const frame = await client.ask('x');

    expect(frame).toEqual({ message: 'Internal server error', ...JSON.parse(await output.next()) });
  });

  it('leaves the connection open (ER-1)', async () => {
    const { url } = await serveRoutes({ fail: throws, echo: replying(echoes) });
    const client = await Client.open(url);
    await client.ask({ action: 'fail' });
    await client.ask({ action: 'no such route' });

    expect(await client.ask({ action: 'echo' })).toEqual({ action: 'echo' });
  });

  it('shows the reason to the developer, and not to the client', async () => {
    const { url, output } = await serveRoutes({ $default: throws });
    const client = await Client.open(url);
    const frame = await client.ask('x');

    expect(JSON.stringify(frame)).not.toContain('the reason');
    expect(await output.next()).toContain('Error: the reason');
  });
});

describe('the connections', () => {
  it('have different ids, and each gets its own replies', async () => {
    const { url } = await serveRoutes({ $default: replying(tellsConnectionId) });
    const clients = await Promise.all([Client.open(url), Client.open(url)]);
    for (const client of clients) client.send('x');

    const ids = await Promise.all(clients.map((client) => client.nextText()));

    expect(new Set(ids).size).toBe(2);
  });
});
