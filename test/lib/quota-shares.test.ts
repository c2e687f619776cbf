import { describe, expect, it } from 'vitest';
import { accountQuotas, accountWith } from '../../lib/settings/account-quotas.ts';
import { type StageThrottles, shareOf } from '../../lib/settings/quota-shares.ts';
import { stages } from '../../lib/settings/stage-settings.ts';

const requestsOf = ({ throttle, apiThrottle, postsPerSecond }: StageThrottles) =>
  throttle.rateLimit + apiThrottle.rateLimit + postsPerSecond;
const burstOf = ({ throttle, apiThrottle }: StageThrottles) => throttle.burstLimit + apiThrottle.burstLimit;
const handshakesOf = ({ routeThrottles: { $connect } }: StageThrottles) =>
  $connect.rateLimit + $connect.burstLimit;

const shares = [[0.8, 0.2], [0.5, 0.3, 0.2], [1 / 3, 1 / 3, 1 / 3], [0.97, 0.01, 0.01, 0.01], [1]];

describe('shares of the account’s quotas', () => {
  it.each(shares)('that add up to one stay within every quota: %j', (...parts) => {
    for (const requestsPerSecond of [2_500, 10_000, 50_000]) {
      const quotas = accountWith(requestsPerSecond);
      const stagesOf = parts.map((share) => shareOf(quotas, share));
      const sum = (numberOf: (of: StageThrottles) => number) =>
        stagesOf.reduce((total, of) => total + numberOf(of), 0);

      expect(sum(requestsOf)).toBeLessThanOrEqual(requestsPerSecond);
      expect(sum(burstOf)).toBeLessThanOrEqual(quotas.burst);
      expect(sum(handshakesOf)).toBeLessThanOrEqual(500);
    }
  });

  it('divide the whole share of a stage among its routes', () => {
    const { throttle, routeThrottles } = shareOf(accountWith(10_000), 0.8);
    const rates = Object.values(routeThrottles).map(({ rateLimit }) => rateLimit);

    expect(rates.reduce((sum, rate) => sum + rate)).toBe(throttle.rateLimit);
  });

  it('are never zero, which would refuse every request (TH-3)', () => {
    const { throttle, routeThrottles, apiThrottle, postsPerSecond } = shareOf(accountWith(2_500), 0.001);
    const numbers = [throttle, apiThrottle, ...Object.values(routeThrottles)].flatMap((of) => [
      of.rateLimit,
      of.burstLimit,
    ]);

    expect(Math.min(...numbers, postsPerSecond)).toBeGreaterThan(0);
  });

  it('grow with the one number of the account’s quota, except for handshakes', () => {
    const small = shareOf(accountWith(2_500), 0.8);
    const large = shareOf(accountWith(10_000), 0.8);

    expect(requestsOf(large)).toBe(4 * requestsOf(small));
    expect(large.routeThrottles.$connect).toEqual(small.routeThrottles.$connect);
  });

  it('are those of the smallest account unless the number is changed, and the only ones in the stages', () => {
    expect(accountQuotas).toEqual({
      requestsPerSecond: 2_500,
      burst: 1_250,
      connectionsPerSecond: 500,
      concurrentExecutions: 10,
    });
    expect(stages.prod).toMatchObject(shareOf(accountQuotas, 0.8));
    expect(stages.dev).toMatchObject(shareOf(accountQuotas, 0.2));
  });

  it('reserve executions for workers only in an account that may reserve some', () => {
    expect(shareOf(accountWith(10_000), 0.8).workerConcurrency).toBe('unreserved');
    expect(shareOf(accountWith(10_000, 199), 0.8).workerConcurrency).toBe('unreserved');
    expect(shareOf(accountWith(10_000, 1_000), 0.8).workerConcurrency).toEqual({ deliver: 48, farewell: 24 });
    expect(shareOf(accountWith(10_000, 1_000), 0.2).workerConcurrency).toEqual({ deliver: 12, farewell: 6 });
  });

  it('give a reader of a stream a twentieth of the executions at most, and one batch of a shard at least', () => {
    const batches = (executions: number, share: number) =>
      shareOf(accountWith(10_000, executions), share).batchesPerShard;

    expect([batches(10, 0.8), batches(1_000, 0.2), batches(1_000, 0.8), batches(10_000, 0.8)]).toEqual([
      1, 2, 10, 10,
    ]);
  });

  it.each(shares)('leave nine tenths of the executions to commands and handshakes: %j', (...parts) => {
    const reserved = parts.map((share) => shareOf(accountWith(10_000, 1_000), share).workerConcurrency);
    const sum = reserved.reduce(
      (total, of) => total + (of === 'unreserved' ? 0 : of.deliver + of.farewell),
      0,
    );

    expect(sum).toBeLessThanOrEqual(100);
  });

  it('keep the burst at 5,000 when the rate is raised', () => {
    expect(accountWith(10_000).burst).toBe(5_000);
    expect(accountWith(100_000).burst).toBe(5_000);
  });
});
