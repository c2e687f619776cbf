import { describe, expect, it } from 'vitest';
import { rateMs } from '../../../packages/local/src/languages/schedule.ts';

describe('a schedule', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(2 hours)', 7_200_000],
    ['rate(1 day)', 86_400_000],
  ])('%s is a rate', (expression, ms) => {
    expect(rateMs(expression)).toBe(ms);
  });

  it.each(['cron(0 12 * * ? *)', 'rate(0 minutes)', 'rate(1 week)', 'rate(x minutes)', 'rate(1 minute) '])(
    '%j has no rate',
    (expression) => {
      expect(rateMs(expression)).toBeUndefined();
    },
  );
});
