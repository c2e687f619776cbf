import { describe, expect, it } from 'vitest';
import { StartError } from '../../../packages/local/src/start-error.ts';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';
import { readResources } from '../../../packages/local/src/template/read-resources.ts';

const read = (Resources: object) => readResources(parseTemplate({ Resources }));

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

describe('readResources', () => {
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

  it('leaves out resources without an effect on a laptop, with any properties', () => {
    const resources = read({
      ...stage({}),
      Role: { Type: 'AWS::IAM::Role', Properties: { 'Fn::Unheard': 1 } },
    });

    expect(Object.values({ ...resources, functionNames: [] }).flat()).toEqual([
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
      'a dead-letter queue',
      { Work: { Type: 'AWS::Lambda::Function', Properties: { ...code, DeadLetterConfig: {} } } },
      /Work .*DeadLetterConfig dead-letter queues are not supported\.$/,
    ],
    [
      'an API key (AU-11)',
      {
        Route: {
          Type: 'AWS::ApiGatewayV2::Route',
          Properties: { ApiId: 'api', RouteKey: '$connect', Target: 'integrations/x', ApiKeyRequired: true },
        },
      },
      /Route .*ApiKeyRequired keys of APIs are not supported\.$/,
    ],
    [
      'an integration that is neither a function nor MOCK (AI-4)',
      {
        Put: {
          Type: 'AWS::ApiGatewayV2::Integration',
          Properties: { ApiId: 'api', IntegrationType: 'AWS' },
        },
      },
      /Put .*IntegrationType .+\.$/,
    ],
    ['a stream of no kind', table({ StreamSpecification: {} }), /StreamSpecification\.StreamViewType .+\.$/],
    [
      'layers',
      { Work: { Type: 'AWS::Lambda::Function', Properties: { ...code, Layers: ['arn'] } } },
      /Work .*Layers layers are not supported\.$/,
    ],
  ])('names %s that it cannot serve', (_what, resources, sentence) => {
    expect(() => read(resources)).toThrow(sentence);
    expect(() => read(resources)).toThrow(StartError);
  });

  it('reads indexes of tables', () => {
    const index = {
      IndexName: 'by-room',
      KeySchema: [{ AttributeName: 'room', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    };
    const resources = read(table({ GlobalSecondaryIndexes: [{ ...index, ProvisionedThroughput: {} }] }));

    expect(resources['AWS::DynamoDB::GlobalTable']).toMatchObject([{ GlobalSecondaryIndexes: [index] }]);
  });

  it('converts texts of parameters to numbers and numbers to texts, as CloudFormation does', () => {
    const Environment = { Variables: { SIZE: 3, LOUD: true } };
    const resources = read({
      Function: { Type: 'AWS::Lambda::Function', Properties: { ...code, Timeout: '30', Environment } },
    });

    expect(resources['AWS::Lambda::Function']).toMatchObject([
      { Timeout: 30, Environment: { Variables: { SIZE: '3', LOUD: 'true' } } },
    ]);
  });

  it('takes the default of a property from CloudFormation', () => {
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

describe('a template with parameters and conditions', () => {
  const withStage = (StageName: unknown, more: object, resource: object = {}) => {
    const Properties = { ApiId: 'api', StageName };
    const Resources = { Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties, ...resource } };
    return readResources(parseTemplate({ Resources, ...more }))['AWS::ApiGatewayV2::Stage'].map(
      ({ StageName }) => StageName,
    );
  };

  const parameter = (Type: string, Default?: unknown) => ({ Parameters: { Name: { Type, Default } } });

  it.each([
    ['a text', parameter('String', 'live'), { Ref: 'Name' }, 'live'],
    ['a number', parameter('Number', 3), { Ref: 'Name' }, '3'],
    ['a list', parameter('CommaDelimitedList', 'a, b'), { 'Fn::Select': [1, { Ref: 'Name' }] }, 'b'],
  ])('knows the default of %s', (_what, parameters, name, expected) => {
    expect(withStage(name, parameters)).toEqual([expected]);
  });

  it.each([
    ['without a default', parameter('String')],
    ['that Systems Manager keeps', parameter('AWS::SSM::Parameter::Value<String>', '/path')],
  ])('does not know a parameter %s', (_what, parameters) => {
    expect(() => withStage({ Ref: 'Name' }, parameters)).toThrow(
      new StartError('The local runtime does not know Ref Name.'),
    );
  });

  const equals = (one: unknown, other: unknown) => ({ 'Fn::Equals': [one, other] });
  const yes = equals({ Ref: 'AWS::Region' }, 'us-east-1');
  const no = equals(1, 2);

  it.each([
    ['Fn::Equals', yes, ['test']],
    ['Fn::Equals of a number and its text', equals(1, '1'), ['test']],
    ['Fn::Not', { 'Fn::Not': [yes] }, []],
    ['Fn::And', { 'Fn::And': [yes, no] }, []],
    ['Fn::Or', { 'Fn::Or': [no, yes] }, ['test']],
    ['another condition', { 'Fn::Not': [{ Condition: 'Other' }] }, ['test']],
  ])('has a resource only if its condition holds: %s', (_what, condition, expected) => {
    const Conditions = { Exists: condition, Other: no };

    expect(withStage('test', { Conditions }, { Condition: 'Exists' })).toEqual(expected);
  });

  it('refuses a condition that it cannot evaluate', () => {
    expect(() => withStage('test', { Conditions: { Exists: {} } }, { Condition: 'Exists' })).toThrow(
      StartError,
    );
  });

  it('is not read if it needs a transform first', () => {
    expect(() => parseTemplate({ Transform: 'AWS::Serverless-2016-10-31', Resources: {} })).toThrow(
      new StartError(
        'The local runtime reads templates as CloudFormation executes them, and does not run the transform "AWS::Serverless-2016-10-31".',
      ),
    );
  });
});

describe('a template that is read without what is not supported', () => {
  const readOn = (Resources: object) => {
    const notes: string[] = [];
    const resources = readResources(parseTemplate({ Resources }), (sentence) => notes.push(sentence));
    return { notes, resources };
  };

  it('loses these resources, which are named', () => {
    const { notes, resources } = readOn({ ...stage({}), Queue: { Type: 'AWS::SQS::Queue' } });

    expect(notes).toEqual(['The local runtime does not support Queue (AWS::SQS::Queue).']);
    expect(resources['AWS::ApiGatewayV2::Stage']).toHaveLength(1);
  });

  it('has the name of an attribute in place of its value', () => {
    const QUEUE = { 'Fn::GetAtt': ['Queue', 'Arn'] };
    const { notes, resources } = readOn({
      Work: {
        Type: 'AWS::Lambda::Function',
        Properties: { ...code, Environment: { Variables: { QUEUE } } },
      },
      Queue: { Type: 'AWS::SQS::Queue' },
    });

    expect(resources['AWS::Lambda::Function']).toMatchObject([
      { Environment: { Variables: { QUEUE: 'Queue.Arn' } } },
    ]);
    expect(notes).toContain('The local runtime does not know Queue.Arn (AWS::SQS::Queue).');
  });

  it('loses these properties, each of them', () => {
    const { notes, resources } = readOn({
      Work: {
        Type: 'AWS::Lambda::Function',
        Properties: { ...code, Layers: ['arn'], DeadLetterConfig: {} },
      },
    });

    expect(resources['AWS::Lambda::Function']).toMatchObject([
      { logicalId: 'Work', Handler: 'index.handler' },
    ]);
    expect(notes).toEqual([
      expect.stringMatching(/Work .*DeadLetterConfig dead-letter queues are not supported\.$/),
      expect.stringMatching(/Work .*Layers layers are not supported\.$/),
    ]);
  });

  it('is still refused if a property has the wrong shape', () => {
    expect(() => readOn(stage({ StageName: undefined }))).toThrow(StartError);
  });

  it('is still refused if a caller would be let in without authorization', () => {
    const Properties = { ApiId: 'api', AuthorizerType: 'JWT' };

    expect(() => readOn({ Jwt: { Type: 'AWS::ApiGatewayV2::Authorizer', Properties } })).toThrow(StartError);
  });
});
