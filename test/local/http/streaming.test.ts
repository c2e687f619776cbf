import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../packages/local/src/functions/outcome.ts';
import { returns, streams } from '../../fixtures/functions.ts';
import { closedGate } from '../gate.ts';
import { Queue } from '../queue.ts';
import { CALLED, serveUrl } from '../serve-http.ts';

const streaming = { InvokeMode: 'RESPONSE_STREAM' };

const EVENTS = "{ statusCode: 200, headers: { 'Content-Type': 'text/event-stream' } }";

/** Reads an answer piece by piece. */
function readerOf(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  return async () => (await reader?.read())?.value;
}

describe('a URL that streams', () => {
  it('passes on each chunk before the function goes on', async () => {
    const gate = await closedGate();
    const { url } = await serveUrl(
      streams(`stream = awslambda.HttpResponseStream.from(stream, ${EVENTS});
        stream.write('data: one\\n\\n'); ${gate.wait} stream.write('data: two\\n\\n'); stream.end();`),
      streaming,
    );
    const response = await fetch(url);
    const read = readerOf(response);
    const first = await read();
    await gate.arrival();
    gate.open();

    expect([first, await read(), await read()]).toEqual(['data: one\n\n', 'data: two\n\n', undefined]);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
  });

  it('has the status, headers and cookies of the metadata', async () => {
    const metadata = { statusCode: 418, headers: { 'X-Tea': 'yes' }, cookies: ['a=1', 'b=2'] };
    const source = `awslambda.HttpResponseStream.from(stream, ${JSON.stringify(metadata)}).end('tea');`;
    const { url } = await serveUrl(streams(source), streaming);
    const response = await fetch(url);

    expect([response.status, response.headers.get('x-tea'), await response.text()]).toEqual([
      418,
      'yes',
      'tea',
    ]);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  it.each([
    ['without metadata', "stream.end('x');", 'x'],
    ['without a chunk', 'stream.end();', ''],
  ])('is a 200 of bytes %s', async (_how, source, body) => {
    const { url } = await serveUrl(streams(source), streaming);
    const response = await fetch(url);

    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'application/octet-stream',
      body,
    ]);
  });

  it('adds CORS headers for other origins', async () => {
    const origin = 'https://app.example';
    const { url } = await serveUrl(streams("stream.end('x');"), {
      ...streaming,
      Cors: { AllowOrigins: [origin] },
    });
    const response = await fetch(url, { headers: { origin } });

    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
  });

  it('delivers a body that is larger than all buffers', async () => {
    const source = streams(`
      const { Readable } = await import('node:stream');
      const { pipeline } = await import('node:stream/promises');
      await pipeline(Readable.from((function* () { for (let i = 0; i < 64; i++) yield Buffer.alloc(65536, i); })()), stream);`);
    const { url } = await serveUrl(source, streaming);
    const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
    const expected = Buffer.concat(Array.from({ length: 64 }, (_, index) => Buffer.alloc(65536, index)));

    expect(bytes.equals(expected)).toBe(true);
  });

  it.each([
    ['fails before its first chunk', "throw new Error('bad');"],
    ['has no status of HTTP', "awslambda.HttpResponseStream.from(stream, { statusCode: 'x' }).end('x');"],
    [
      'has a header that cannot be sent',
      "awslambda.HttpResponseStream.from(stream, { headers: { 'a b': 'c' } }).end('x');",
    ],
  ])('is answered 502 when the function %s', async (_how, source) => {
    const { url } = await serveUrl(streams(source), streaming);
    const response = await fetch(url);

    expect([response.status, await response.text()]).toEqual([502, 'Internal Server Error']);
  });

  it('is cut if the function fails later, so that the client sees that it is not complete', async () => {
    const gate = await closedGate();
    const { url } = await serveUrl(
      streams(`stream.write('one'); ${gate.wait} throw new Error('bad');`),
      streaming,
    );
    const read = readerOf(await fetch(url));
    const first = await read();
    gate.open();

    expect(first).toBe('one');
    await expect(read()).rejects.toThrow('terminated');
  });

  it('is cut when the environment dies', async () => {
    const gate = await closedGate();
    const { url, runtime } = await serveUrl(streams(`stream.write('one'); ${gate.wait}`), streaming);
    const read = readerOf(await fetch(url));
    await read();
    for (const environment of runtime.functions.pool(CALLED)?.running() ?? []) environment.kill('Killed.');

    await expect(read()).rejects.toThrow('terminated');
  });

  it('lets the function go on when the client has left', async () => {
    const gate = await closedGate();
    const ended = new Queue<Outcome>();
    const { url, output } = await serveUrl(
      streams(`stream.write('one'); ${gate.wait}
        for (let i = 0; i < 64; i++) if (!stream.write(Buffer.alloc(65536)))
          await new Promise((resolve) => stream.once('drain', resolve));
        console.log('went on'); stream.end();`),
      streaming,
      { options: { onInvoked: (_name, outcome) => ended.put(outcome) } },
    );
    const leaving = new AbortController();
    const response = await fetch(url, { signal: leaving.signal });
    await readerOf(response)();
    leaving.abort();
    gate.open();

    expect([await output.next(), await ended.next()]).toEqual(['went on', { kind: 'result', value: null }]);
  });

  it.each([
    ['listens', "await new Promise((resolve) => stream.once('close', resolve)); stream.end();"],
    [
      'pipes something endless',
      `const { Readable } = await import('node:stream');
       const { pipeline } = await import('node:stream/promises');
       await pipeline(Readable.from((async function* () { for (;;) yield new Promise((resolve) => setImmediate(resolve, 'x')); })()), stream);`,
    ],
  ])(
    'tells a function that %s that the client has left, which is not a failure',
    async (_how, statements) => {
      const ended = new Queue<Outcome>();
      const { url } = await serveUrl(streams(`stream.write('one'); ${statements}`), streaming, {
        options: { onInvoked: (_name, outcome) => ended.put(outcome) },
      });
      const leaving = new AbortController();
      const response = await fetch(url, { signal: leaving.signal });
      await readerOf(response)();
      leaving.abort();

      expect(await ended.next()).toEqual({ kind: 'result', value: null });
    },
  );

  it('serves more clients at once than other functions could', async () => {
    const gate = await closedGate();
    const { url } = await serveUrl(
      streams(`stream.write('one'); ${gate.wait} stream.end('two');`),
      streaming,
      {
        options: { maxEnvironments: 1 },
      },
    );
    const readers = await Promise.all([1, 2, 3].map(async () => readerOf(await fetch(url))));
    const first = await Promise.all(readers.map((read) => read()));
    gate.open();
    const second = await Promise.all(readers.map((read) => read()));

    expect([first, second]).toEqual([
      ['one', 'one', 'one'],
      ['two', 'two', 'two'],
    ]);
  });

  it('answers with the result of a function that does not stream', async () => {
    const { url } = await serveUrl(returns({ statusCode: 201, body: 'made' }), streaming);
    const response = await fetch(url);

    expect([response.status, await response.text()]).toEqual([201, 'made']);
  });
});

describe('a URL that does not stream', () => {
  it('answers with all chunks of a streaming function at once', async () => {
    const { url } = await serveUrl(streams(`stream.write('{"a":'); stream.end('1}');`));

    expect(await (await fetch(url)).json()).toEqual({ a: 1 });
  });
});
