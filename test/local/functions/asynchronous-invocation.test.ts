/** Asynchronous invocations through the whole runtime: the API, the queue, real environments. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { does, throws } from '../../fixtures/functions.ts';
import { webSocketTemplate } from '../../fixtures/web-socket-template.ts';
import type { RuntimeOptions } from '../../runtime.ts';
import { closedGate } from '../gate.ts';
import { invoke } from '../invoke.ts';
import { Queue } from '../queue.ts';
import { runTemplate } from '../run-template.ts';
import { eventInvokeConfig, functionResource, serveFunctions } from '../serve-functions.ts';

/** Longer than a test would wait. Milliseconds. */
const AN_HOUR = 3_600_000;

const event = { type: 'Event' } as const;

/** Prints the request id of every attempt, and runs the given statements. */
const printsRequestId = (statements: string) => `
  let attempts = 0;
  export const handler = async (event, context) => {
    attempts++;
    console.log('request ' + context.awsRequestId);
    ${statements}
  };`;

/** A statement that starts a function as the code of functions does. */
const starts = (functionName: string, payload: string) => `
  await fetch(process.env.AWS_ENDPOINT_URL_LAMBDA + '/2015-03-31/functions/' + ${functionName} + '/invocations', {
    method: 'POST',
    headers: { 'X-Amz-Invocation-Type': 'Event' },
    body: JSON.stringify(${payload}),
  });`;

/** The lines that functions print after this word. The runtime reports failures through the same output. */
function printed(word: string): { readonly lines: Queue<string>; readonly options: RuntimeOptions } {
  const lines = new Queue<string>();
  const onOutput = (_functionName: string, line: string) => {
    if (line.startsWith(`${word} `)) lines.put(line.slice(word.length + 1));
  };
  return { lines, options: { onOutput } };
}

/** Names of functions as they end. */
function ended(): { readonly names: Queue<string>; readonly options: RuntimeOptions } {
  const names = new Queue<string>();
  return { names, options: { onInvoked: names.put } };
}

describe('an asynchronous invocation', () => {
  it('is answered 202 with nothing, while the function runs', async () => {
    const gate = await closedGate();
    const { lambda, runtime } = await serveFunctions({ Work: does(gate.wait) });
    const { eventQueue } = runtime.functions;
    const response = await invoke(lambda, 'Work', event);
    await gate.arrival();
    const running = eventQueue.size;
    gate.open();
    await eventQueue.idle();

    expect([response.status, await response.text()]).toEqual([202, '']);
    expect([running, eventQueue.size]).toEqual([1, 0]);
  });

  it('hands its event over', async () => {
    const { lambda, output } = await serveFunctions({ Work: does('console.log(event.text);') });
    await invoke(lambda, 'Work', { ...event, body: '{"text":"hello"}' });

    expect(await output.next()).toBe('hello');
  });

  it('is tried again when it fails, each time under the request id of its answer', async () => {
    const { lines, options } = printed('request');
    const source = printsRequestId("if (attempts < 3) throw new Error('not yet');");
    const { lambda } = await serveFunctions({ Work: source }, {}, options);
    const { headers } = await invoke(lambda, 'Work', event);
    const requestId = headers.get('x-amzn-RequestId');

    expect([await lines.next(), await lines.next(), await lines.next()]).toEqual([
      requestId,
      requestId,
      requestId,
    ]);
  });

  it('is tried again when its environment is killed, under the same request id', async () => {
    const gate = await closedGate();
    const { lines, options } = printed('request');
    const { lambda, runtime } = await serveFunctions({ Work: printsRequestId(gate.wait) }, {}, options);
    const { headers } = await invoke(lambda, 'Work', event);
    await gate.arrival();
    for (const environment of runtime.functions.pool('Work')?.running() ?? []) environment.kill('Unplugged.');
    await gate.arrival();
    gate.open();
    await runtime.functions.eventQueue.idle();
    const requestId = headers.get('x-amzn-RequestId');

    expect([await lines.next(), await lines.next()]).toEqual([requestId, requestId]);
  });

  it('goes to the destination of failures when its retries are used up', async () => {
    const { lines, options } = printed('record');
    const { lambda } = await serveFunctions(
      { Work: throws, Mourn: does("console.log('record ' + JSON.stringify(event));") },
      { Config: eventInvokeConfig('Work', { retries: 1, onFailure: 'Mourn' }) },
      options,
    );
    const { headers } = await invoke(lambda, 'Work', { ...event, body: '{"n":1}' });

    expect(JSON.parse(await lines.next())).toEqual({
      version: '1.0',
      timestamp: expect.any(String),
      requestContext: {
        requestId: headers.get('x-amzn-RequestId'),
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Work:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 2,
      },
      requestPayload: { n: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: {
        errorType: 'Error',
        errorMessage: 'the reason',
        trace: expect.arrayContaining(['Error: the reason']),
      },
    });
  });

  it('runs once if the template allows no retries', async () => {
    const names: string[] = [];
    const { lambda, runtime } = await serveFunctions(
      { Work: throws },
      { Config: eventInvokeConfig('Work', { retries: 0 }) },
      { onInvoked: (name) => names.push(name) },
    );
    await invoke(lambda, 'Work', event);
    await runtime.functions.eventQueue.idle();

    expect(names).toEqual(['Work']);
  });

  it('may be started by one function for another', async () => {
    const { lambda, output } = await serveFunctions({
      Start: does(starts("'Work'", '{ from: event.name }')),
      Work: does("console.log('started by ' + event.from);"),
    });
    await invoke(lambda, 'Start', { body: '{"name":"Start"}' });

    expect(await output.next()).toBe('started by Start');
  });

  it('may be started by a function for itself, by its ARN, without a limit', async () => {
    const names: string[] = [];
    const ownArn = 'encodeURIComponent(context.invokedFunctionArn)';
    const { lambda, runtime } = await serveFunctions(
      {
        Work: `export const handler = async (event, context) => {
          if (event.left > 0) ${starts(ownArn, '{ left: event.left - 1 }')}
        };`,
      },
      {},
      { onInvoked: (name) => names.push(name) },
    );
    await invoke(lambda, 'Work', { ...event, body: '{"left":20}' });
    await runtime.functions.eventQueue.idle();

    expect(names).toHaveLength(21);
  });

  it('is tried again with the code of a reload', async () => {
    const gate = await closedGate();
    const { lines, options } = printed('new');
    const sources = { Work: does(`${gate.wait} throw new Error('old');`) };
    const { lambda, runtime } = await serveFunctions(sources, {}, options);
    const { headers } = await invoke(lambda, 'Work', event);
    await gate.arrival();
    sources.Work =
      "export const handler = async (_event, context) => console.log('new ' + context.awsRequestId);";
    await runtime.reload();
    gate.open();

    expect(await lines.next()).toBe(headers.get('x-amzn-RequestId'));
  });

  it('has the retries of a reload', async () => {
    const gate = await closedGate();
    const names: string[] = [];
    const resources: Record<string, unknown> = { Work: functionResource('Work') };
    const template = webSocketTemplate({}, resources);
    const runtime = await runTemplate(
      template,
      { Work: does(`${gate.wait} throw new Error('bad');`) },
      { asyncRetryDelaysMs: [0], onInvoked: (name) => names.push(name) },
    );
    onTestFinished(() => runtime.close());
    runtime.functions.eventQueue.enqueue('Work', {});
    await gate.arrival();
    Object.assign(template.Resources, { Config: eventInvokeConfig('Work', { retries: 0 }) });
    await runtime.reload();
    gate.open();
    await runtime.functions.eventQueue.idle();

    expect(names).toEqual(['Work']);
  });
});

describe('closing the runtime', () => {
  it('forgets events that wait for a retry', async () => {
    const { names, options } = ended();
    const { runtime } = await serveFunctions(
      { Work: throws },
      {},
      { ...options, asyncRetryDelaysMs: [AN_HOUR] },
    );
    const { eventQueue } = runtime.functions;
    eventQueue.enqueue('Work', {});
    await names.next();
    const waiting = eventQueue.size;
    await runtime.close();
    await eventQueue.idle();

    expect([waiting, eventQueue.size]).toEqual([1, 0]);
  });

  it('ends events that are running or queued, and invokes no destination', async () => {
    const gate = await closedGate();
    const names: string[] = [];
    const { runtime } = await serveFunctions(
      { Work: does(gate.wait), Mourn: does('') },
      { Config: eventInvokeConfig('Work', { retries: 0, onFailure: 'Mourn' }) },
      { maxEnvironments: 1, onInvoked: (name) => names.push(name) },
    );
    const { eventQueue } = runtime.functions;
    eventQueue.enqueue('Work', {});
    eventQueue.enqueue('Work', {});
    await gate.arrival();
    await runtime.close();
    await eventQueue.idle();

    expect([eventQueue.size, names]).toEqual([0, ['Work']]);
  });
});
