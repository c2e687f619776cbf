import { Template } from 'aws-cdk-lib/assertions';
import { SESSIONS_PER_ADDRESS } from 'fanfare-protocol/limits';
import { describe, expect, it } from 'vitest';
import { manifest } from '../../lambdas/manifest/manifest.ts';
import { STREAM_SECONDS, type StageSettings, stages } from '../../lib/settings/stage-settings.ts';
import { deployedNames, ownEdge, stacksOf, synthesized } from './template.ts';

const templateOf = (more: Partial<StageSettings> = {}) =>
  Template.fromStack(stacksOf({ ...stages.prod, ...more }).backend);

const functionOf = (template: Template) =>
  Object.values(
    template.findResources('AWS::Lambda::Function', {
      Properties: { Description: manifest.fallback.purpose },
    }),
  )[0];

const reserving = { fallback: { concurrency: 200, streamSeconds: STREAM_SECONDS } } as const;
const prod = templateOf(reserving);

describe('the fallback URL', () => {
  it('streams, needs no IAM because the function checks tokens itself, and has no CORS of its own', () => {
    const [url] = Object.values(prod.findResources('AWS::Lambda::Url'));

    expect(url?.['Properties']).toEqual({
      AuthType: 'NONE',
      InvokeMode: 'RESPONSE_STREAM',
      TargetFunctionArn: { 'Fn::GetAtt': [expect.stringMatching(/^fallbackFunction/), 'Arn'] },
    });
  });

  it('is an output', () => {
    expect(prod.findOutputs('FallbackUrl')['FallbackUrl']?.['Value']).toEqual({
      'Fn::GetAtt': [expect.stringMatching(/^fallbackFunction/), 'FunctionUrl'],
    });
  });

  it('takes no more executions of the account than the stage reserves', () => {
    expect(functionOf(prod)?.['Properties'].ReservedConcurrentExecutions).toBe(200);
    const unreserved = templateOf({ fallback: { ...reserving.fallback, concurrency: 'unreserved' } });
    expect(functionOf(unreserved)?.['Properties']).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  it('lets an address have as many sessions without a token as the stage says', () => {
    const variables = (template: Template) => functionOf(template)?.['Properties'].Environment.Variables;
    const behindCdn = templateOf({ fallback: { ...reserving.fallback, sessionsPerAddress: 500 } });

    expect(variables(prod).SESSIONS_PER_ADDRESS).toBe(String(SESSIONS_PER_ADDRESS));
    expect(variables(behindCdn).SESSIONS_PER_ADDRESS).toBe('500');
  });

  it('lets streams and polls wait on three quarters of its executions, so that commands pass', () => {
    const variables = (template: Template) => functionOf(template)?.['Properties'].Environment.Variables;
    const unreserved = templateOf({ fallback: { ...reserving.fallback, concurrency: 'unreserved' } });

    expect(variables(prod).WAITING_PLACES).toBe('150');
    expect(variables(unreserved).WAITING_PLACES).toBe('0');
  });

  it('is the only function that reserves executions', () => {
    const functions = Object.values(prod.findResources('AWS::Lambda::Function'));
    const reserved = functions.filter(({ Properties }) => 'ReservedConcurrentExecutions' in Properties);

    expect(reserved).toHaveLength(1);
  });

  it('ends streams before its function is stopped in the middle of them', () => {
    const { Timeout, Environment } = functionOf(prod)?.['Properties'] ?? {};

    expect(Timeout).toBe(900);
    expect(Number(Environment.Variables.STREAM_SECONDS)).toBeLessThan(Timeout - 20);
  });

  it.each([
    ['a stage that has none', { fallback: 'none' }],
    ['a stage behind an edge, past which no client may come', { ...reserving, edge: ownEdge }],
  ] as const)('does not exist for %s, and nor does its function', (_what, more) => {
    const template = templateOf(more);

    template.resourceCountIs('AWS::Lambda::Url', 0);
    expect(template.findOutputs('FallbackUrl')).toEqual({});
    expect(functionOf(template)).toBeUndefined();
  });

  it.each(deployedNames)(
    'is off in %s until it is switched on, because a new account can reserve nothing',
    (name) => {
      const template = synthesized(stages[name]).backend;
      const functions = Object.values(template.findResources('AWS::Lambda::Function'));
      const reserved = functions.filter(({ Properties }) => 'ReservedConcurrentExecutions' in Properties);

      expect(stages[name].fallback).toBe('none');
      expect(functions.length).toBeGreaterThan(10);
      expect(reserved).toEqual([]);
    },
  );
});
