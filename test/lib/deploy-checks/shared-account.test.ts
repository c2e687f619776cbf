import { describe, expect, it } from 'vitest';
import { otherStackFindings } from '../../../lib/deploy-checks/other-stacks.ts';
import { sharedAccountFindings } from '../../../lib/deploy-checks/shared-account.ts';
import { throttleFindings } from '../../../lib/deploy-checks/throttles.ts';
import { linesOf, templateWith } from './planted.ts';

type Templates = Parameters<typeof throttleFindings>[0];

const stages = (dev: object, prod: object): Templates =>
  new Map([
    ['dev', templateWith(dev)],
    ['prod', templateWith(prod)],
  ]);

describe('the throttles of all stages of an account', () => {
  const stage = (rate: number, burst: number, RouteSettings: object = {}) => ({
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: {
        DefaultRouteSettings: { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst },
        RouteSettings,
      },
    },
  });

  it('are together at most the quota of the newer regions', () => {
    expect(throttleFindings(stages(stage(500, 250), stage(2000, 1000)))).toEqual([]);
    expect(linesOf(throttleFindings(stages(stage(500, 250), stage(2001, 1001))))).toEqual([
      'Account ThrottlingRateLimit: Together they let 2501 through, and accounts in newer regions have 2500: Stage of dev 500, Stage of prod 2001, posts of dev 0, posts of prod 0.',
      'Account ThrottlingBurstLimit: Together they let 1251 through, and accounts in newer regions have 1250: Stage of dev 250, Stage of prod 1001.',
    ]);
  });

  it('count the routes if these have more than their stage', () => {
    const routes = {
      $connect: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 50 },
      $default: { ThrottlingRateLimit: 2000, ThrottlingBurstLimit: 1000 },
    };

    expect(linesOf(throttleFindings(stages(stage(500, 250), stage(1000, 1000, routes))))).toEqual([
      'Account ThrottlingRateLimit: Together they let 2600 through, and accounts in newer regions have 2500: Stage of dev 500, Stage of prod 2100, posts of dev 0, posts of prod 0.',
      'Account ThrottlingBurstLimit: Together they let 1300 through, and accounts in newer regions have 1250: Stage of dev 250, Stage of prod 1050.',
    ]);
  });

  it('count the posts of one broadcast, which are requests, too (LM-1)', () => {
    const posting = (posts: number) => ({
      ...stage(1000, 500),
      Work: {
        Type: 'AWS::Lambda::Function',
        Properties: { Environment: { Variables: { POSTS_PER_SECOND: String(posts) } } },
      },
      Other: {
        Type: 'AWS::Lambda::Function',
        Properties: { Environment: { Variables: { POSTS_PER_SECOND: String(posts) } } },
      },
    });

    expect(throttleFindings(stages(posting(100), posting(400)))).toEqual([]);
    expect(linesOf(throttleFindings(stages(posting(100), posting(401))))).toEqual([
      'Account ThrottlingRateLimit: Together they let 2501 through, and accounts in newer regions have 2500: Stage of dev 1000, Stage of prod 1000, posts of dev 100, posts of prod 401.',
    ]);
  });

  it('are found if a stage has no limit', () => {
    const open = { Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: {} } };

    expect(linesOf(throttleFindings(stages(open, stage(100, 100))))).toEqual([
      'Stage Properties.DefaultRouteSettings: Stage of dev has no limit of its own, and may take all that the account has.',
    ]);
  });
});

describe('two stages of an account', () => {
  const rule = (EventPattern: object) => ({
    Rule: { Type: 'AWS::Events::Rule', Properties: { EventPattern } },
  });
  const queue = (QueueName: string) => ({ Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName } } });

  it('do not take the same events', () => {
    const ofStage = (stage: string) => rule({ 'detail-type': ['publish'], detail: { stage: [stage] } });
    const ofAll = rule({ 'detail-type': ['publish'] });

    expect(sharedAccountFindings(stages(ofStage('dev'), ofStage('prod')))).toEqual([]);
    expect(linesOf(sharedAccountFindings(stages(ofAll, ofAll)))).toEqual([
      'Rule: In stage dev: It wants the same events as the rule of prod.',
      'Rule: In stage prod: It wants the same events as the rule of dev.',
    ]);
  });

  it('do not have the same names', () => {
    expect(sharedAccountFindings(stages(queue('dev-queue'), queue('prod-queue')))).toEqual([]);
    expect(linesOf(sharedAccountFindings(stages(queue('queue'), queue('queue'))))).toEqual([
      'Queue: In stage dev: prod has the same name: AWS::SQS::Queue queue.',
      'Queue: In stage prod: dev has the same name: AWS::SQS::Queue queue.',
    ]);
  });
});

describe('a resource that belongs to a named one', () => {
  const owned = (FunctionName: string) => ({
    Work: { Type: 'AWS::Lambda::Function', Properties: { FunctionName } },
    Retries: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: 'Work' }, Qualifier: '$LATEST' },
    },
  });

  it('has the same name only if its owner has', () => {
    expect(sharedAccountFindings(stages(owned('dev-work'), owned('prod-work')))).toEqual([]);
    expect(sharedAccountFindings(stages(owned('work'), owned('work')))).toHaveLength(4);
  });
});

describe('the output that a stack takes from another', () => {
  const taking = (value: object) => ({
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: value } },
  });
  const found = (value: object) =>
    linesOf(
      otherStackFindings(
        new Map([
          ['dev', templateWith({}, { Outputs: { Url: { Value: 'a', Export: { Name: 'dev-url' } } } })],
          ['dev-edge', templateWith(taking(value))],
        ]),
      ),
    );

  it('exists there', () => {
    expect(found({ 'Fn::GetStackOutput': { StackName: 'dev', OutputName: 'Url' } })).toEqual([]);
    expect(found({ 'Fn::ImportValue': 'dev-url' })).toEqual([]);
  });

  it.each([
    { 'Fn::GetStackOutput': { StackName: 'dev', OutputName: 'Uri' } },
    { 'Fn::GetStackOutput': { StackName: 'prod', OutputName: 'Url' } },
    { 'Fn::ImportValue': 'dev-uri' },
  ])('is found if it does not exist: %j', (call) => {
    expect(found({ 'Fn::Join': ['', ['a', call]] })).toEqual([
      `Queue Properties.QueueName.Fn::Join.1.1: No stack has the output ${JSON.stringify(Object.values(call)[0])}.`,
    ]);
  });
});
