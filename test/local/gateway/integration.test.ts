import { describe, expect, it } from 'vitest';
import { runIntegration } from '../../../packages/local/src/gateway/integration.ts';

const integration = { kind: 'function', functionName: 'Say', timeoutMs: 20 } as const;

const runningTimers = () =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

describe('runIntegration', () => {
  it('answers for MOCK without invoking anything (MK-1)', async () => {
    const invoke = () => Promise.reject(new Error('invoked'));

    expect(await runIntegration({ kind: 'mock', reply: 'pong' }, {}, invoke)).toEqual({
      kind: 'result',
      value: { statusCode: 200, body: 'pong' },
    });
  });

  it('passes the event to the function, and returns its outcome', async () => {
    const invoke = async (name: string, event: unknown) =>
      ({ kind: 'result', value: [name, event] }) as const;

    expect(await runIntegration(integration, { body: 'x' }, invoke)).toEqual({
      kind: 'result',
      value: ['Say', { body: 'x' }],
    });
  });

  it('stops waiting at the timeout, while the function goes on (OR-7)', async () => {
    let end = () => {};
    const running = new Promise<void>((resolve) => {
      end = resolve;
    });
    const late = { kind: 'error', errorType: 'Error', message: 'late' } as const;
    const invoke = () => running.then(() => late);
    const outcome = await runIntegration(integration, {}, invoke);
    end();

    expect(outcome).toEqual({ kind: 'timed-out' });
    expect(await invoke()).toEqual(late);
  });

  it('leaves no timer behind', async () => {
    const before = runningTimers();
    await runIntegration(integration, {}, async () => ({ kind: 'result', value: null }));

    expect(runningTimers()).toBe(before);
  });
});
