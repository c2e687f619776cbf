import { describe, expect, it } from 'vitest';
import { afterFailure } from '../../../packages/local/src/functions/retry-policy.ts';
import { defaultEventInvokeConfig } from '../../../packages/local/src/template/event-invoke-config.ts';

const DELAYS = [1000, 2000];

describe('after a failure', () => {
  it('an event is tried twice again, later each time, and then given up', () => {
    const verdicts = [1, 2, 3].map((attempts) =>
      afterFailure({ attempts, ageMs: 0 }, defaultEventInvokeConfig, DELAYS),
    );

    expect(verdicts).toEqual([
      { kind: 'retry', delayMs: 1000 },
      { kind: 'retry', delayMs: 2000 },
      { kind: 'discard', condition: 'RetriesExhausted' },
    ]);
  });

  it('an event is given up at once if it has no retries', () => {
    const config = { ...defaultEventInvokeConfig, maximumRetryAttempts: 0 };

    expect(afterFailure({ attempts: 1, ageMs: 0 }, config, DELAYS)).toEqual({
      kind: 'discard',
      condition: 'RetriesExhausted',
    });
  });

  it.each([
    [59_000, { kind: 'retry', delayMs: 1000 }],
    [59_001, { kind: 'discard', condition: 'EventAgeExceeded' }],
  ])('an event of %d ms is not kept beyond its greatest age of a minute', (ageMs, verdict) => {
    const config = { ...defaultEventInvokeConfig, maximumEventAgeMs: 60_000 };

    expect(afterFailure({ attempts: 1, ageMs }, config, DELAYS)).toEqual(verdict);
  });

  it('retries without a delay of their own have the last delay', () => {
    expect(afterFailure({ attempts: 2, ageMs: 0 }, defaultEventInvokeConfig, [5])).toEqual({
      kind: 'retry',
      delayMs: 5,
    });
  });

  it('an event is tried again at once if there are no delays', () => {
    expect(afterFailure({ attempts: 1, ageMs: 0 }, defaultEventInvokeConfig, [])).toEqual({
      kind: 'retry',
      delayMs: 0,
    });
  });
});
