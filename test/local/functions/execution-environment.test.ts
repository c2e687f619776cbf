import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  ExecutionEnvironment,
  type FunctionSpec,
} from '../../../packages/local/src/functions/execution-environment.ts';
import type { Isolation } from '../../../packages/local/src/functions/sandbox.ts';
import { does } from '../../fixtures/functions.ts';
import { closedGate } from '../gate.ts';
import { Queue } from '../queue.ts';
import { writtenFunction } from './written-function.ts';

describe.each<Isolation>(['threads', 'processes'])('an execution environment of %s', (isolation) => {
  /** An environment of a function with this source, and its output. */
  async function environmentOf(source: string, changes: Partial<FunctionSpec> = {}) {
    const output = new Queue<string>();
    const spec = await writtenFunction(source, changes);
    const environment = new ExecutionEnvironment(spec, output.put, isolation);
    onTestFinished(() => environment.kill('The test is over.'));
    return { environment, output };
  }

  it('passes the event to the handler, and returns its result', async () => {
    const { environment } = await environmentOf(does('return { got: event };'));

    expect(await environment.invoke({ body: 'x' })).toEqual({
      kind: 'result',
      value: { got: { body: 'x' } },
    });
  });

  it.each([
    ['undefined', 'undefined', null],
    ['a date', 'new Date(0)', '1970-01-01T00:00:00.000Z'],
    ['a member without a value', '{ a: undefined, b: 1 }', { b: 1 }],
  ])('passes results as JSON: %s', async (_what, expression, value) => {
    const { environment } = await environmentOf(does(`return ${expression};`));

    expect(await environment.invoke({})).toEqual({ kind: 'result', value });
  });

  it.each([
    ['a result', "setImmediate(callback, null, 'called back')", { kind: 'result', value: 'called back' }],
    ['an error', "callback(new Error('not now'))", { kind: 'error', message: 'not now' }],
  ])('takes %s from a callback, if the handler wants one', async (_what, statement, outcome) => {
    const { environment } = await environmentOf(
      `export const handler = (event, context, callback) => { ${statement}; };`,
    );

    expect(await environment.invoke({})).toMatchObject(outcome);
  });

  it('answers an event that is nested deeper than the stack with an error, and handles the next one', async () => {
    const { environment } = await environmentOf(does('return event.length;'));
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));

    expect(await environment.invoke(deep)).toMatchObject({
      kind: 'error',
      message: 'The event is nested deeper than the local runtime can pass on.',
    });
    expect(await environment.invoke([1, 2])).toEqual({ kind: 'result', value: 2 });
  });

  it('takes the promise of a handler that could also call back', async () => {
    const { environment } = await environmentOf(
      "export const handler = async (event, context, callback) => 'promised';",
    );

    expect(await environment.invoke({})).toEqual({ kind: 'result', value: 'promised' });
  });

  it('is reused, so that its variables outlive an event', async () => {
    const { environment } = await environmentOf('let count = 0; export const handler = async () => ++count;');
    await environment.invoke({});

    expect(await environment.invoke({})).toEqual({ kind: 'result', value: 2 });
  });

  it('returns the error of a handler, and handles the next event', async () => {
    const { environment } = await environmentOf(
      does("if (event.fail) throw new Error('bad'); return 'good';"),
    );

    expect(await environment.invoke({ fail: true })).toEqual({
      kind: 'error',
      errorType: 'Error',
      message: 'bad',
      trace: expect.toSatisfy(([first, second]) => first === 'Error: bad' && /^ {4}at /.test(second)),
    });
    expect(await environment.invoke({})).toEqual({ kind: 'result', value: 'good' });
  });

  it.each([
    ['throws no error', does("throw 'only text';"), 'string', 'only text'],
    ['returns what is no JSON', does('return 1n;'), 'TypeError', 'BigInt'],
    ['is not async', 'export const handler = () => { throw new Error("at once"); };', 'Error', 'at once'],
  ])('returns the error of a handler that %s', async (_how, source, errorType, message) => {
    const { environment } = await environmentOf(source);

    expect(await environment.invoke({})).toMatchObject({
      kind: 'error',
      errorType,
      message: expect.stringContaining(message),
    });
  });

  it('sees only its own variables, and none of the parent process', async () => {
    const variables = { ONE: '1', TWO: '2' };
    const { environment } = await environmentOf(does('return { ...process.env };'), { variables });

    expect(await environment.invoke({})).toEqual({ kind: 'result', value: variables });
  });

  it('shares neither modules nor variables with another', async () => {
    const source = `
      globalThis.count = 0;
      export const handler = async () => [++globalThis.count, process.env.CHANGED, process.env.CHANGED = 'yes'];`;
    const spec = await writtenFunction(source);
    const [first, second] = [
      new ExecutionEnvironment(spec, () => {}, isolation),
      new ExecutionEnvironment(spec, () => {}, isolation),
    ];
    await first.invoke({});
    const outcome = await second.invoke({});
    first.kill('The test is over.');
    second.kill('The test is over.');

    expect(outcome).toEqual({ kind: 'result', value: [1, null, 'yes'] });
    expect(process.env).not.toHaveProperty('CHANGED');
  });

  it('gives the handler its context with the time that is left', async () => {
    const source = `export const handler = async (_event, context) => ({
      ...context, remaining: context.getRemainingTimeInMillis(),
    });`;
    const { environment } = await environmentOf(source);

    expect(await environment.invoke({})).toEqual({
      kind: 'result',
      value: {
        functionName: 'Written',
        functionVersion: '$LATEST',
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Written',
        memoryLimitInMB: '128',
        logGroupName: '/aws/lambda/Written',
        logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][\da-f]{32}$/),
        callbackWaitsForEmptyEventLoop: true,
        remaining: expect.toSatisfy((left) => left > 0 && left <= 10_000),
      },
    });
  });

  it('runs under the request id of its caller if there is one', async () => {
    const source = 'export const handler = async (_event, context) => context.awsRequestId;';
    const { environment } = await environmentOf(source);

    expect(await environment.invoke({}, 'the-id')).toEqual({ kind: 'result', value: 'the-id' });
  });

  it.each([
    ['waits', 'await new Promise(() => {});'],
    ['is busy', 'for (;;);'],
  ])('dies when a handler that %s runs out of time, and not sooner', async (_how, statement) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { environment, output } = await environmentOf(does(`console.log('running'); ${statement}`));
    const outcome = environment.invoke({});
    await output.next();
    vi.advanceTimersByTime(9_999);
    const early = await Promise.race([outcome, 'still running']);
    vi.advanceTimersByTime(1);

    expect(early).toBe('still running');
    expect(await outcome).toEqual({
      kind: 'died',
      errorType: 'Sandbox.Timedout',
      message: 'Task timed out after 10.00 seconds',
    });
  });

  it('dies when the handler exits', async () => {
    const { environment } = await environmentOf(does('process.exit(0);'));

    expect(await environment.invoke({})).toEqual({
      kind: 'died',
      errorType: 'Runtime.ExitError',
      message: 'The environment exited.',
    });
  });

  it.each([
    ['an error', "new Error('loose')", 'Error', 'loose'],
    ['what is no error', 'null', 'object', 'null'],
  ])('dies of %s that is thrown outside of the handler', async (_what, expression, errorType, message) => {
    const source = does(`setImmediate(() => { throw ${expression}; }); return new Promise(() => {});`);
    const { environment } = await environmentOf(source);

    expect(await environment.invoke({})).toMatchObject({ kind: 'died', errorType, message });
  });

  it('has the memory of its function', async () => {
    const limit = {
      threads: "(await import('node:worker_threads')).resourceLimits.maxOldGenerationSizeMb",
      processes: "Number(process.execArgv[0].split('=')[1])",
    };
    const { environment } = await environmentOf(does(`return ${limit[isolation]};`), { memoryMb: 96 });

    expect(await environment.invoke({})).toEqual({ kind: 'result', value: 96 });
  });

  it('dies alone when it needs more memory than it has', async () => {
    const source = does('for (const hog = []; ; ) hog.push(new Array(100_000).fill(hog.length));');
    const { environment } = await environmentOf(source, { memoryMb: 32 });

    expect(await environment.invoke({})).toMatchObject({
      kind: 'died',
      message: expect.stringContaining('memory limit'),
    });
  });

  it.each([
    ['throws', "throw new Error('broken at load');", 'broken at load'],
    ['is not a module', 'this is not a module', 'Unexpected identifier'],
    ['lacks the handler', 'export const other = 1;', 'index.handler is undefined or not exported'],
    ['has a handler that is no function', 'export const handler = 1;', 'index.handler is not a function'],
  ])('fails every event of a module that %s', async (_how, source, message) => {
    const { environment } = await environmentOf(source);
    const outcomes = [
      await environment.invoke({}),
      await environment.invoke({}),
      await environment.invoke({}),
    ];

    expect(outcomes).toMatchObject(
      outcomes.map(() => ({ kind: 'died', message: expect.stringContaining(message) })),
    );
  });

  it('fails its event and every later one when it is killed, with the reason', async () => {
    const gate = await closedGate();
    const { environment } = await environmentOf(does(gate.wait));
    const outcome = environment.invoke({});
    await gate.arrival();
    environment.kill('No more power.');
    const outcomes = [await outcome, await environment.invoke({}), await environment.invoke({})];
    const died = { kind: 'died', errorType: 'Runtime.ExitError', message: 'No more power.' };

    expect(outcomes).toEqual(outcomes.map(() => died));
  });

  it('ends at any line when it is killed', async () => {
    const gate = await closedGate();
    const { environment } = await environmentOf(does(gate.wait));
    const outcome = environment.invoke({});
    await gate.arrival();
    environment.kill('No more power.');
    await gate.leaving();

    expect(await outcome).toMatchObject({ kind: 'died' });
  });

  it('forwards what the handler prints, line by line', async () => {
    const { environment, output } = await environmentOf(
      does("console.log('one\\n\\ntwo'); console.error('three');"),
    );
    await environment.invoke({});
    const lines = [await output.next(), await output.next(), await output.next()];

    expect(lines.sort()).toEqual(['one', 'three', 'two']);
  });

  it('forwards a line whole, also if it was written in parts', async () => {
    const parts = ['one ', 'line\n'].map((part) => `process.stdout.write(${JSON.stringify(part)});`);
    const { environment, output } = await environmentOf(
      does(parts.join(' await new Promise(setImmediate); ')),
    );
    await environment.invoke({});

    expect(await output.next()).toBe('one line');
  });
});
