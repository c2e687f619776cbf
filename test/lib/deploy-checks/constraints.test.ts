import { describe, expect, it } from 'vitest';
import { schemaFindings } from '../../../lib/deploy-checks/schema.ts';
import { functionWith, linesOf, templateWith } from './planted.ts';

const found = (changes: object) => linesOf(schemaFindings(functionWith(changes)));

describe('a resource', () => {
  it.each<[string, object, string]>([
    [
      'a text that does not match its pattern',
      { FunctionName: 'my function' },
      'Work Properties.FunctionName: "my function" does not match ^[a-zA-Z0-9-_]+$.',
    ],
    [
      'a text that is too long',
      { FunctionName: 'f'.repeat(65) },
      'Work Properties.FunctionName: It has to be at most 64 characters, and is 65.',
    ],
    [
      'a number that is too small',
      { MemorySize: 127 },
      'Work Properties.MemorySize: It has to be at least 128, and is 127.',
    ],
    [
      'a number that is too big',
      { Timeout: 901 },
      'Work Properties.Timeout: It has to be at most 900, and is 901.',
    ],
    [
      'a list that is too long',
      { Layers: ['a', 'b', 'c', 'd', 'e', 'f'] },
      'Work Properties.Layers: It has to be at most 5 elements, and is 6.',
    ],
    [
      'an element that is not one of a list of ours',
      { Architectures: ['arm32'] },
      'Work Properties.Architectures.0: "arm32" is not one of arm64, x86_64.',
    ],
  ])('is found with %s', (_what, changes, line) => {
    expect(found(changes)).toEqual([line]);
  });

  it('of an alarm has metrics with ids that begin with a small letter', () => {
    const named = (Id: string) => {
      const Properties = {
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: 1,
        Metrics: [{ Id, Expression: '1', ReturnData: true }],
      };
      return linesOf(schemaFindings(templateWith({ Bell: { Type: 'AWS::CloudWatch::Alarm', Properties } })));
    };

    expect(named('m0')).toEqual([]);
    expect(named('M0')).toEqual(['Bell Properties.Metrics.0.Id: "M0" does not match ^[a-z][a-zA-Z0-9_]*$.']);
  });

  // By EventBridge Scheduler's reference of CreateSchedule.
  it('of a schedule has a name of up to 64 characters', () => {
    const named = (length: number) => {
      const Properties = {
        Name: 's'.repeat(length),
        ScheduleExpression: 'rate(1 minute)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: 'arn:aws:lambda:eu-west-1:1:function:f', RoleArn: 'arn:aws:iam::1:role/r' },
      };
      return linesOf(
        schemaFindings(templateWith({ Tick: { Type: 'AWS::Scheduler::Schedule', Properties } })),
      );
    };

    expect(named(64)).toEqual([]);
    expect(named(65)).toEqual(['Tick Properties.Name: It has to be at most 64 characters, and is 65.']);
  });

  it.each([
    ['the smallest values', { MemorySize: 128, Timeout: 1 }],
    ['the biggest values', { MemorySize: 10_240, Timeout: 900, FunctionName: 'f'.repeat(64) }],
    ['a size that only AWS knows', { MemorySize: { Ref: 'Memory' } }],
  ])('passes with %s', (_what, changes) => {
    expect(found(changes)).toEqual([]);
  });

  it('is found in one branch of a condition', () => {
    expect(found({ MemorySize: { 'Fn::If': ['Big', 10_240, 64] } })).toEqual([
      'Work Properties.MemorySize: It has to be at least 128, and is 64.',
    ]);
  });

  it('without a limit of retries or age has -1, and no other negative number', () => {
    const mapping = (attempts: number) =>
      linesOf(
        schemaFindings(
          templateWith({
            Mapping: {
              Type: 'AWS::Lambda::EventSourceMapping',
              Properties: { FunctionName: 'work', MaximumRetryAttempts: attempts },
            },
          }),
        ),
      );

    expect(mapping(-1)).toEqual([]);
    expect(mapping(-2)).toEqual([
      'Mapping Properties.MaximumRetryAttempts: It has to be at least 0, and is -2.',
    ]);
  });

  it('that limits requests to 0 is found, because it refuses every handshake (TH-3)', () => {
    const stage = templateWith({
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: 'a', StageName: 'dev', DefaultRouteSettings: { ThrottlingRateLimit: 0 } },
      },
    });

    expect(linesOf(schemaFindings(stage))).toEqual([
      'Stage Properties.DefaultRouteSettings.ThrottlingRateLimit: It has to be at least 1, and is 0.',
    ]);
  });
});
