import { afterEach, describe, expect, it, vi } from 'vitest';
import { environmentOf } from '../../../lambdas/wiring/environment.ts';

describe('the environment of a function', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('holds the variables that its manifest declares and no others', () => {
    vi.stubEnv('CONNECTIONS_TABLE', 'c');
    vi.stubEnv('SUBSCRIPTIONS_TABLE', 's');
    vi.stubEnv('STAGE', 'prod');

    expect(environmentOf('disconnect')).toEqual({ CONNECTIONS_TABLE: 'c', SUBSCRIPTIONS_TABLE: 's' });
  });

  it.each([undefined, ''])('names the variable that is missing: %j', (value) => {
    vi.stubEnv('CONNECTIONS_TABLE', 'c');
    vi.stubEnv('SUBSCRIPTIONS_TABLE', value);

    expect(() => environmentOf('disconnect')).toThrow(
      'disconnect needs the environment variable SUBSCRIPTIONS_TABLE',
    );
  });
});
