import { describe, expect, it } from 'vitest';
import { StartError } from '../../../local/start-error.ts';
import { parseTemplate, readTemplate } from '../../../local/template/template.ts';

const read = (Resources: object) => readTemplate(parseTemplate({ Resources }));

const stage = (properties: object) => ({
  Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: 'api', StageName: 'test', ...properties } },
});

const table = (properties: object) => ({
  Table: {
    Type: 'AWS::DynamoDB::GlobalTable',
    Properties: {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      ...properties,
    },
  },
});

const code = { Code: { S3Key: 'key' }, Handler: 'index.handler' };

describe('parseTemplate', () => {
  it.each([[undefined], [[]], [{}], [{ Resources: { Api: { Properties: {} } } }]])('refuses %j', (value) => {
    expect(() => parseTemplate(value)).toThrow(
      new StartError('This is not a CloudFormation template with resources.'),
    );
  });
});

describe('readTemplate', () => {
  it('names every resource that is not supported, in one sentence', () => {
    const resources = {
      ...stage({}),
      Queue: { Type: 'AWS::SQS::Queue' },
      Topic: { Type: 'AWS::SNS::Topic' },
    };

    expect(() => read(resources)).toThrow(
      new StartError('The local runtime does not support Queue (AWS::SQS::Queue), Topic (AWS::SNS::Topic).'),
    );
  });

  it('does not take a member of every object for a supported type', () => {
    expect(() => read({ Odd: { Type: 'constructor' } })).toThrow('does not support Odd (constructor)');
  });

  it('leaves out what has no effect on a laptop, whatever it says', () => {
    const resources = read({
      ...stage({}),
      Role: { Type: 'AWS::IAM::Role', Properties: { 'Fn::Unheard': 1 } },
    });

    expect(Object.values(resources).flat()).toEqual([
      { logicalId: 'Stage', ApiId: 'api', StageName: 'test' },
    ]);
  });

  it('reads no property that it does not need, even one with an unknown function', () => {
    const { 'AWS::ApiGatewayV2::Stage': stages } = read(stage({ Tags: { 'Fn::Unheard': 'x' } }));

    expect(stages).toEqual([{ logicalId: 'Stage', ApiId: 'api', StageName: 'test' }]);
  });

  it('names the unknown function in a property that it does need', () => {
    expect(() => read(stage({ StageName: { 'Fn::Unheard': 'x' } }))).toThrow(
      new StartError('The local runtime does not know Fn::Unheard.'),
    );
  });

  it.each([
    ['a missing property', stage({ StageName: undefined }), /Stage \(AWS::ApiGatewayV2::Stage\): StageName /],
    [
      'a nested property',
      table({ KeySchema: [{ AttributeName: 'pk', KeyType: 'SORT' }] }),
      /KeySchema\.0\.KeyType /,
    ],
    [
      'an index',
      table({ GlobalSecondaryIndexes: [] }),
      /GlobalSecondaryIndexes indexes are not supported\.$/,
    ],
    [
      'a dead-letter queue',
      { Work: { Type: 'AWS::Lambda::Function', Properties: { ...code, DeadLetterConfig: {} } } },
      /Work .*DeadLetterConfig dead-letter queues are not supported\.$/,
    ],
    ['a stream of no kind', table({ StreamSpecification: {} }), /StreamSpecification\.StreamViewType .+\.$/],
    [
      'a local index',
      table({ LocalSecondaryIndexes: [] }),
      /LocalSecondaryIndexes indexes are not supported\.$/,
    ],
  ])('names %s that it cannot serve', (_what, resources, sentence) => {
    expect(() => read(resources)).toThrow(sentence);
    expect(() => read(resources)).toThrow(StartError);
  });

  it('takes what a property is by default from CloudFormation', () => {
    const resources = read({
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: code,
      },
      Url: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: 'arn', AuthType: 'NONE' } },
    });

    expect(resources['AWS::Lambda::Function']).toMatchObject([{ MemorySize: 128, Timeout: 3 }]);
    expect(resources['AWS::Lambda::Url']).toMatchObject([{ InvokeMode: 'BUFFERED' }]);
  });

  it('resolves references to resources, their ARNs and the pseudo parameters', () => {
    const arns = [
      { 'Fn::GetAtt': ['Function', 'Arn'] },
      { 'Fn::GetAtt': ['Table', 'Arn'] },
      { Ref: 'AWS::AccountId' },
    ];
    const { 'AWS::ApiGatewayV2::Stage': stages } = read({
      ...table({}),
      ...stage({ ApiId: { Ref: 'Table' }, StageName: { 'Fn::Join': [' ', arns] } }),
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: code,
      },
    });

    expect(stages).toEqual([
      {
        logicalId: 'Stage',
        ApiId: 'Table',
        StageName:
          'arn:aws:lambda:us-east-1:000000000000:function:Function ' +
          'arn:aws:dynamodb:us-east-1:000000000000:table/Table 000000000000',
      },
    ]);
  });
});
