import { App, Stack } from 'aws-cdk-lib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isLocalSynthesis } from '../../lib/settings/local-synthesis.ts';

const nodeWith = (context: Readonly<Record<string, unknown>>) =>
  new Stack(new App({ context, analyticsReporting: false }), 'Shop').node;

describe('an app is synthesized for a laptop', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('if the local runtime says so, and no account is named but its own', () => {
    vi.stubEnv('CDK_DEFAULT_ACCOUNT', '000000000000');

    expect(isLocalSynthesis(nodeWith({ 'fanfare-local': true }))).toBe(true);
  });

  it('never for an account of AWS, even with the context in its cdk.json', () => {
    vi.stubEnv('CDK_DEFAULT_ACCOUNT', '111111111111');

    expect(isLocalSynthesis(nodeWith({ 'fanfare-local': true }))).toBe(false);
  });

  it('never without the context', () => {
    vi.stubEnv('CDK_DEFAULT_ACCOUNT', '000000000000');

    expect(isLocalSynthesis(nodeWith({}))).toBe(false);
  });
});
