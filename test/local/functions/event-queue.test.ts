import { describe, expect, it, onTestFinished } from 'vitest';
import { EventQueue, type EventQueueOptions } from '../../../packages/local/src/functions/event-queue.ts';
import type { Outcome } from '../../../packages/local/src/functions/outcome.ts';
import {
  defaultEventInvokeConfig,
  type EventInvokeConfig,
} from '../../../packages/local/src/template/event-invoke-config.ts';

const succeeded = (value: unknown): Outcome => ({ kind: 'result', value });

const failed: Outcome = { kind: 'error', errorType: 'Error', message: 'bad', trace: ['Error: bad'] };

const timedOut: Outcome = { kind: 'died', errorType: 'Sandbox.Timedout', message: 'Task timed out' };

/** Longer than a test would wait. Milliseconds. */
const AN_HOUR = 3_600_000;

interface Attempt {
  readonly functionName: string;
  readonly event: unknown;
  readonly requestId: string;
}

interface Setting {
  /** How the attempts end, in their order; the last outcome holds for all after it. */
  readonly outcomes: readonly Outcome[];
  readonly config?: Partial<EventInvokeConfig>;
  readonly retryDelaysMs?: readonly number[];
}

/** A queue in front of functions whose ends the test chooses. Only `Work` has a configuration. */
function queueOf({ outcomes, config, retryDelaysMs = [0] }: Setting) {
  const attempts: Attempt[] = [];
  const invoke: EventQueueOptions['invoke'] = async (functionName, event, requestId) => {
    attempts.push({ functionName, event, requestId });
    return outcomes[attempts.length - 1] ?? outcomes.at(-1) ?? failed;
  };
  const queue = new EventQueue({
    invoke,
    configOf: (name) => ({ ...defaultEventInvokeConfig, ...(name === 'Work' && config) }),
    retryDelaysMs,
  });
  onTestFinished(() => queue.stop());
  return { queue, attempts };
}

const runningTimers = () =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

/** Lets all steps run that wait for no timer. */
const settled = () => new Promise(setImmediate);

describe('the event queue', () => {
  it('hands each event to its function, once if that succeeds', async () => {
    const { queue, attempts } = queueOf({ outcomes: [succeeded(1)] });
    const ids = [queue.enqueue('Work', { n: 1 }), queue.enqueue('Other', { n: 2 })];
    await queue.idle();

    expect(attempts).toEqual([
      { functionName: 'Work', event: { n: 1 }, requestId: ids[0] },
      { functionName: 'Other', event: { n: 2 }, requestId: ids[1] },
    ]);
  });

  it('gives every event a request id of its own', () => {
    const { queue } = queueOf({ outcomes: [succeeded(1)] });

    expect(queue.enqueue('Work', {})).not.toBe(queue.enqueue('Work', {}));
  });

  it.each([
    ['an error', failed],
    ['the death of the environment', timedOut],
  ])('tries an event again after %s, under the same request id', async (_what, outcome) => {
    const { queue, attempts } = queueOf({ outcomes: [outcome, succeeded(1)] });
    const requestId = queue.enqueue('Work', {});
    await queue.idle();

    expect(attempts.map((attempt) => attempt.requestId)).toEqual([requestId, requestId]);
  });

  it('gives an event up after three attempts', async () => {
    const { queue, attempts } = queueOf({ outcomes: [failed] });
    queue.enqueue('Work', {});
    await queue.idle();

    expect(attempts).toHaveLength(3);
  });

  it('tries an event of a function without retries once', async () => {
    const { queue, attempts } = queueOf({ outcomes: [failed], config: { maximumRetryAttempts: 0 } });
    queue.enqueue('Work', {});
    await queue.idle();

    expect(attempts).toHaveLength(1);
  });

  it('passes the reason of a given-up event to the destination of failures', async () => {
    const { queue, attempts } = queueOf({
      outcomes: [failed, failed, failed, succeeded(null)],
      config: { onFailure: 'Mourn', onSuccess: 'Cheer' },
    });
    const requestId = queue.enqueue('Work', { n: 1 });
    await queue.idle();

    expect(attempts.slice(3)).toEqual([
      {
        functionName: 'Mourn',
        requestId: expect.not.stringContaining(requestId),
        event: {
          version: '1.0',
          timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          requestContext: {
            requestId,
            functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Work:$LATEST',
            condition: 'RetriesExhausted',
            approximateInvokeCount: 3,
          },
          requestPayload: { n: 1 },
          responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
          responsePayload: { errorType: 'Error', errorMessage: 'bad', trace: ['Error: bad'] },
        },
      },
    ]);
  });

  it('describes the death of an environment in the words of Lambda', async () => {
    const { queue, attempts } = queueOf({
      outcomes: [timedOut, succeeded(null)],
      config: { maximumRetryAttempts: 0, onFailure: 'Mourn' },
    });
    const requestId = queue.enqueue('Work', {});
    await queue.idle();

    expect(attempts[1]?.event).toMatchObject({
      responsePayload: {
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${requestId} Error: Task timed out`,
      },
    });
  });

  it('invokes the destination of failures for an event that is too old for its retry', async () => {
    const { queue, attempts } = queueOf({
      outcomes: [failed, succeeded(null)],
      config: { maximumEventAgeMs: 60_000, onFailure: 'Mourn' },
      retryDelaysMs: [60_001],
    });
    queue.enqueue('Work', {});
    await queue.idle();

    expect(attempts[1]?.event).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 1 },
    });
  });

  it('passes the result of the function to the destination of successes', async () => {
    const { queue, attempts } = queueOf({
      outcomes: [failed, succeeded({ done: true })],
      config: { onFailure: 'Mourn', onSuccess: 'Cheer' },
    });
    queue.enqueue('Work', {});
    await queue.idle();

    expect(attempts.slice(2)).toMatchObject([
      {
        functionName: 'Cheer',
        event: {
          requestContext: { condition: 'Success', approximateInvokeCount: 2 },
          responseContext: { statusCode: 200, executedVersion: '$LATEST' },
          responsePayload: { done: true },
        },
      },
    ]);
    expect(attempts[2]?.event).not.toHaveProperty('responseContext.functionError');
  });

  it('tries a destination that fails again, too', async () => {
    const { queue, attempts } = queueOf({
      outcomes: [failed],
      config: { maximumRetryAttempts: 0, onFailure: 'Mourn' },
    });
    queue.enqueue('Work', {});
    await queue.idle();

    expect(attempts.map(({ functionName }) => functionName)).toEqual(['Work', 'Mourn', 'Mourn', 'Mourn']);
  });

  it('counts events that run or wait, and none when it is idle', async () => {
    const { queue } = queueOf({ outcomes: [failed, succeeded(1)] });
    const before = queue.size;
    queue.enqueue('Work', {});
    const during = queue.size;
    await queue.idle();

    expect([before, during, queue.size]).toEqual([0, 1, 0]);
  });

  it('is idle when nothing was ever queued', async () => {
    await expect(queueOf({ outcomes: [] }).queue.idle()).resolves.toBeUndefined();
  });

  it('forgets events that wait for a retry when it is stopped, and leaves no timer', async () => {
    const timers = runningTimers();
    const { queue, attempts } = queueOf({ outcomes: [failed], retryDelaysMs: [AN_HOUR] });
    queue.enqueue('Work', {});
    queue.enqueue('Work', {});
    await settled();
    const waiting = runningTimers() - timers;
    queue.stop();
    await queue.idle();

    expect(waiting).toBe(2);
    expect(runningTimers()).toBe(timers);
    expect(attempts).toHaveLength(2);
  });

  it('neither retries events nor invokes destinations after it was stopped', async () => {
    const { queue, attempts } = queueOf({
      outcomes: [failed, succeeded(1)],
      config: { onFailure: 'Mourn', onSuccess: 'Cheer' },
    });
    queue.enqueue('Work', {});
    queue.enqueue('Work', {});
    queue.stop();
    await queue.idle();

    expect(attempts.map(({ functionName }) => functionName)).toEqual(['Work', 'Work']);
  });

  it('keeps many waiting events without a warning', async () => {
    const warnings: Error[] = [];
    const listener = (warning: Error) => void warnings.push(warning);
    process.on('warning', listener);
    onTestFinished(() => void process.off('warning', listener));
    const { queue } = queueOf({ outcomes: [failed], retryDelaysMs: [AN_HOUR] });
    for (let queued = 0; queued < 100; queued++) queue.enqueue('Work', {});
    await settled();
    queue.stop();
    await queue.idle();

    expect(warnings).toEqual([]);
  });
});
