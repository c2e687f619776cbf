import { describe, expect, it } from 'vitest';
import { permissionOfOutcome } from '../../../packages/local/src/http/request-authorization.ts';
import { does, returns } from '../../fixtures/functions.ts';
import { Queue } from '../queue.ts';
import { eventOf, serveHttp } from '../serve-http.ts';
import { signed } from '../signed-fetch.ts';

const admits = returns({ isAuthorized: true, context: { user: 'ann', level: 7, tags: ['a'] } });
const echoes = does('return event;');

const failed = (message: string) => ({ kind: 'error', errorType: 'Error', message }) as const;

describe('the result of an authorizer', () => {
  it.each([
    ['that it is authorized', { isAuthorized: true }, { allowed: true, authorizer: { lambda: null } }],
    [
      'something more',
      { isAuthorized: true, context: { a: [1] } },
      { allowed: true, authorizer: { lambda: { a: [1] } } },
    ],
    ['that it is not', { isAuthorized: false }, { allowed: false, status: 403 }],
    ['nothing', null, { allowed: false, status: 500 }],
    ['no word of it', {}, { allowed: false, status: 500 }],
    ['text', { isAuthorized: 'true' }, { allowed: false, status: 500 }],
    ['a policy', { principalId: 'ann', policyDocument: {} }, { allowed: false, status: 500 }],
  ])('that says %s decides', (_what, value, permission) => {
    expect(permissionOfOutcome({ kind: 'result', value })).toEqual(permission);
  });

  it.each([
    ['that it throws exactly Unauthorized', failed('Unauthorized'), 401],
    ['that it throws something else', failed('Unauthorized: no'), 500],
    ['that it takes too long', { kind: 'timed-out' } as const, 500],
  ])('may be %s', (_what, outcome, status) => {
    expect(permissionOfOutcome(outcome)).toEqual({ allowed: false, status });
  });
});

describe('a route with an authorizer', () => {
  const identitySource = ['$request.header.Authorization', '$request.querystring.Who'];

  it('runs its function with the context of the authorizer', async () => {
    const { url } = await serveHttp({ 'GET /': { source: echoes, authorizer: { source: admits } } });
    const event = await eventOf(await fetch(url));

    expect(event.requestContext.authorizer).toEqual({ lambda: { user: 'ann', level: 7, tags: ['a'] } });
  });

  it('asks the authorizer about the request without its body', async () => {
    const source = does('console.log(JSON.stringify(event)); return { isAuthorized: true };');
    const { url, output } = await serveHttp({
      'POST /a/{b}': { source: echoes, authorizer: { source, identitySource } },
    });
    const init = { method: 'POST', headers: { authorization: 'Bearer t' }, body: 'x' };
    const event = await eventOf(await fetch(`${url}/a/c%20d?Who=ann`, init));
    const asked = JSON.parse(await output.next());

    expect(asked).toMatchObject({
      version: '2.0',
      type: 'REQUEST',
      routeArn: 'arn:aws:execute-api:us-east-1:000000000000:HttpApi/test/POST/a/c d',
      identitySource: ['Bearer t', 'ann'],
      routeKey: 'POST /a/{b}',
      rawPath: '/test/a/c d',
      pathParameters: { b: 'c d' },
      requestContext: { requestId: event.requestContext.requestId },
    });
    expect(asked).not.toHaveProperty('body');
    expect(event.requestContext.authorizer).toEqual({ lambda: null });
  });

  it.each([
    [401, 'Unauthorized', does("throw new Error('Unauthorized');")],
    [403, 'Forbidden', returns({ isAuthorized: false })],
    [500, 'Internal Server Error', does("throw new Error('broken');")],
  ])('answers %d to a refused caller, and runs nothing', async (status, message, source) => {
    const ran = new Queue<string>();
    const { url } = await serveHttp(
      { 'GET /': { source: echoes, authorizer: { source } }, 'GET /free': echoes },
      { options: { onInvoked: ran.put } },
    );
    const response = await fetch(url);
    const answer = [response.status, await response.json()];
    await fetch(`${url}/free`);

    expect(answer).toEqual([status, { message }]);
    expect([await ran.next(), await ran.next()]).toEqual(['Http0AuthorizerFunction', 'Http1Function']);
  });

  it.each([
    ['nothing', '', {}],
    ['one of two', '?Who=ann', {}],
    ['the other of two', '', { authorization: 't' }],
    ['an empty one', '?Who=', { authorization: 't' }],
    ['another case of the parameter', '?who=ann', { authorization: 't' }],
    ['a member of every object', '?constructor=ann', { authorization: 't' }],
  ])(
    'answers 401 without a call of the function when the request shows %s',
    async (_what, query, headers) => {
      const ran = new Queue<string>();
      const authorizer = { source: admits, identitySource };
      const { url } = await serveHttp(
        { 'GET /': { source: echoes, authorizer } },
        { options: { onInvoked: ran.put } },
      );
      const refused = await fetch(url + query, { headers });
      await fetch(`${url}?Who=ann`, { headers: { AUTHORIZATION: 't' } });

      expect([refused.status, await refused.json()]).toEqual([401, { message: 'Unauthorized' }]);
      expect([await ran.next(), await ran.next()]).toEqual(['Http0AuthorizerFunction', 'Http0Function']);
    },
  );
});

describe('a route with AWS_IAM', () => {
  const route = { 'POST /a/{b+}': { source: echoes, authorizationType: 'AWS_IAM' } } as const;
  const request = { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } };

  it('lets in a caller that signs with the local credentials, and names it in the event', async () => {
    const { url } = await serveHttp(route);
    const target = `${url}/a/b%2Fc/d%20e?x=1&x=2`;
    const response = await fetch(target, await signed(target, request, { service: 'execute-api' }));
    const event = await eventOf(response);

    expect([response.status, event.body]).toEqual([200, request.body]);
    expect(event.requestContext.authorizer).toEqual({
      iam: {
        accessKey: 'local',
        accountId: '000000000000',
        callerId: 'local',
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: 'arn:aws:iam::000000000000:user/local',
        userId: 'local',
      },
    });
  });

  it('answers 403 to a request without a signature, and with a wrong one', async () => {
    const { url } = await serveHttp(route);
    const target = `${url}/a/b`;
    const wrong = await signed(target, request, { service: 'execute-api', secretAccessKey: 'wrong' });
    const answers = [await fetch(target, request), await fetch(target, wrong)];
    const bodies = await Promise.all(answers.map((answer) => answer.json()));

    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    expect(bodies).toEqual([{ message: 'Forbidden' }, { message: 'Forbidden' }]);
  });
});
