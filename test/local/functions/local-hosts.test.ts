import { describe, expect, it, onTestFinished } from 'vitest';
import { ExecutionEnvironment } from '../../../packages/local/src/functions/execution-environment.ts';
import { does } from '../../fixtures/functions.ts';
import { listenOnLoopback } from '../../loopback.ts';
import { writtenFunction } from './written-function.ts';

/** The port of a server without TLS, which returns the request that it got. */
async function plainServer(): Promise<number> {
  const { port, close } = await listenOnLoopback(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    response.end([request.method, request.url, request.headers.host, Buffer.concat(chunks)].join(' '));
  });
  onTestFinished(close);
  return port;
}

/** The result of a function with these statements. */
async function resultOf(statements: string, localHosts: Readonly<Record<string, string>>) {
  const source = `import https from 'node:https'; import { request } from 'node:https'; ${does(statements)}`;
  const environment = new ExecutionEnvironment(
    await writtenFunction(source, { localHosts }),
    () => {},
    'threads',
  );
  onTestFinished(() => environment.kill('The test is over.'));
  return environment.invoke({});
}

const answered = (call: string) => `return await new Promise((resolve, reject) => {
  const onResponse = async (response) => { let text = ''; for await (const chunk of response) text += chunk; resolve(text); };
  ${call}.on('error', reject).end('body');
});`;

const DEPLOYED = 'api.execute-api.us-east-1.amazonaws.com';

describe('a function', () => {
  it.each([
    [
      'https.request with a URL',
      answered(`https.request('https://${DEPLOYED}/a?b', { method: 'POST' }, onResponse)`),
    ],
    [
      'https.request with options, as the SDK has it',
      answered(
        `request({ host: '${DEPLOYED}', path: '/a?b', method: 'POST', agent: new https.Agent() }, onResponse)`,
      ),
    ],
    ['fetch', `return (await fetch('https://${DEPLOYED}/a?b', { method: 'POST', body: 'body' })).text();`],
    [
      'fetch with a request',
      `return (await fetch(new Request('https://${DEPLOYED}/a?b', { method: 'POST', body: 'body' }))).text();`,
    ],
  ])('reaches a deployed host at its local port: %s', async (_how, statements) => {
    const local = `127.0.0.1:${await plainServer()}`;

    expect(await resultOf(statements, { [`${DEPLOYED}:443`]: local })).toEqual({
      kind: 'result',
      value: expect.stringMatching(/^POST \/a\?b \S+ body$/),
    });
  });

  it('reaches this machine by https, with a URL made of the domain name of an event (EV-8)', async () => {
    const port = await plainServer();
    const statements = `return (await fetch('https://localhost:${port}/stage')).text();`;

    expect(await resultOf(statements, { [`localhost:${port}`]: `127.0.0.1:${port}` })).toMatchObject({
      value: expect.stringContaining('GET /stage'),
    });
  });

  it('speaks TLS with every other host', async () => {
    const port = await plainServer();
    const statements = `return (await fetch('https://localhost:${port}')).text();`;

    expect(await resultOf(statements, {})).toMatchObject({ kind: 'error', message: 'fetch failed' });
  });
});
