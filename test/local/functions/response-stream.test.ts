import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ExecutionEnvironment } from '../../../packages/local/src/functions/execution-environment.ts';
import type { StreamedPart } from '../../../packages/local/src/functions/streamed-part.ts';
import { does, streams } from '../../fixtures/functions.ts';
import { Queue } from '../queue.ts';
import { writtenFunction } from './written-function.ts';

/** An environment of a function with this source, its output, and its stream. */
async function environmentOf(source: string) {
  const output = new Queue<string>();
  const parts = new Queue<StreamedPart>();
  const environment = new ExecutionEnvironment(await writtenFunction(source), output.put, 'threads');
  onTestFinished(() => environment.kill('The test is over.'));
  const read = async (part: StreamedPart) => parts.put(part);
  return { output, parts, environment, stream: () => environment.invoke({}, undefined, read) };
}

/** A chunk with its bytes as text. */
const legible = ({ bytes, ...rest }: StreamedPart) => ({ ...rest, text: Buffer.from(bytes).toString() });

describe('a handler that streams', () => {
  it('passes on chunk by chunk, the first with the type and the metadata', async () => {
    const { parts, stream } = await environmentOf(
      streams(`stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
        stream.write('one'); stream.write(new Uint8Array([116, 119, 111])); stream.end();`),
    );
    const outcome = await stream();

    expect(outcome).toEqual({ kind: 'result', value: null });
    expect([legible(await parts.next()), legible(await parts.next())]).toEqual([
      { head: { contentType: 'application/octet-stream', metadata: { statusCode: 201 } }, text: 'one' },
      { text: 'two' },
    ]);
  });

  it('may choose the type, and writes objects as JSON', async () => {
    const { parts, stream } = await environmentOf(
      streams("stream.setContentType('application/json'); stream.write({ a: 1 }); stream.end();"),
    );
    await stream();

    expect(legible(await parts.next())).toEqual({
      head: { contentType: 'application/json', metadata: undefined },
      text: '{"a":1}',
    });
  });

  it('cannot choose the type after its first chunk', async () => {
    const { stream } = await environmentOf(
      streams("stream.write('a'); stream.setContentType('text/plain');"),
    );

    expect(await stream()).toMatchObject({
      kind: 'error',
      message: 'Cannot set content-type, too late.',
    });
  });

  it('loses the metadata when it writes nothing', async () => {
    const { parts, stream } = await environmentOf(
      streams('awslambda.HttpResponseStream.from(stream, { statusCode: 204 }).end();'),
    );
    await stream();

    expect(legible(await parts.next())).toEqual({
      head: { contentType: 'application/octet-stream', metadata: undefined },
      text: '',
    });
  });

  it('waits with each chunk until the one before was taken', async () => {
    const { output, environment } = await environmentOf(
      streams("stream.write('one'); stream.write('two'); console.log('written'); stream.end();"),
    );
    const parts: string[] = [];
    const gate = new Queue<true>();
    const outcome = environment.invoke({}, undefined, async (part) => {
      parts.push(legible(part).text);
      await gate.next();
    });
    await output.next();
    await vi.waitUntil(() => parts.length > 0, { timeout: 600_000 });
    const before = [...parts];
    gate.put(true);
    gate.put(true);
    await outcome;

    expect([before, parts]).toEqual([['one'], ['one', 'two']]);
  });

  it('learns from its stream when there is no room', async () => {
    const { output, stream } = await environmentOf(
      streams("console.log(stream.write('x'.repeat(1e6))); stream.once('drain', () => stream.end());"),
    );
    await stream();

    expect(await output.next()).toBe('false');
  });

  it.each([
    ['throws', streams("throw new Error('bad');"), 'bad'],
    ['throws after a chunk', streams("stream.write('a'); throw new Error('bad');"), 'bad'],
    [
      'breaks its stream',
      streams("stream.destroy(new Error('torn')); return new Promise(setImmediate);"),
      'torn',
    ],
    [
      'is not async',
      'export const handler = awslambda.streamifyResponse((event, stream) => { stream.end(); });',
      'Streaming does not support non-async handlers.',
    ],
  ])('fails when it %s, and the next event is another one', async (_how, source, message) => {
    const { stream } = await environmentOf(source);

    expect([await stream(), await stream()]).toMatchObject([
      { kind: 'error', message },
      { kind: 'error', message },
    ]);
  });

  it('runs out of time when it does not end its stream', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { parts, stream } = await environmentOf(streams("stream.write('one');"));
    const outcome = stream();
    await parts.next();
    vi.advanceTimersByTime(10_000);

    expect(await outcome).toMatchObject({ kind: 'died', errorType: 'Sandbox.Timedout' });
  });

  it('handles one event after the other', async () => {
    const { parts, stream } = await environmentOf(streams("stream.end('x');"));
    await stream();
    await stream();

    expect([await parts.next(), await parts.next()].map(legible)).toMatchObject([
      { text: 'x' },
      { text: 'x' },
    ]);
  });

  it.each([
    ['JSON', `stream.write('{"a":'); stream.end('1}');`, { a: 1 }],
    ['text', "stream.write('a'); stream.end('b');", 'ab'],
    ['nothing', 'stream.end();', ''],
    [
      'metadata',
      "awslambda.HttpResponseStream.from(stream, { statusCode: 201 }).end('a');",
      '{"statusCode":201}\0\0\0\0\0\0\0\0a',
    ],
  ])(
    'returns what it wrote as its result if no reader takes the chunks: %s',
    async (_what, source, value) => {
      const { environment } = await environmentOf(streams(source));

      expect(await environment.invoke({})).toEqual({ kind: 'result', value });
    },
  );
});

describe('a handler that does not stream', () => {
  it('returns its result with and without a reader', async () => {
    const { stream } = await environmentOf(does('return 1;'));

    expect(await stream()).toEqual({ kind: 'result', value: 1 });
  });
});
