/** Rules with a rate through the whole runtime: they fire, unless a test invokes their functions itself. */

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { does } from '../../fixtures/functions.ts';
import { serveFunctions } from '../serve-functions.ts';

const everyMinute = {
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [{ Id: 'T', Arn: { 'Fn::GetAtt': ['Sweep', 'Arn'] } }],
    },
  },
};

/** The functions that ran in the runtime's first minute. */
async function invokedInAMinute(firesSchedules: boolean): Promise<readonly string[]> {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const invoked: string[] = [];
  const onInvoked = (name: string) => invoked.push(name);
  const { runtime } = await serveFunctions({ Sweep: does('') }, everyMinute, {
    onInvoked,
    firesSchedules,
  });
  vi.advanceTimersByTime(60_000);
  await runtime.idle();
  return invoked;
}

describe('a rule with a rate', () => {
  it('fires when its time has come', async () => {
    expect(await invokedInAMinute(true)).toEqual(['Sweep']);
  });

  it('does not fire in a runtime that fires no schedules', async () => {
    expect(await invokedInAMinute(false)).toEqual([]);
  });
});
