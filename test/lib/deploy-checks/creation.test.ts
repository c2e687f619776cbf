import { describe, expect, it } from 'vitest';
import { simulateDeletion, simulateFailedCreation } from '../../../lib/deploy-checks/creation.ts';
import { creationFindings } from '../../../lib/deploy-checks/lasting-names.ts';
import { linesOf, templateWith } from './planted.ts';

const table = (properties: object, beside: object = {}) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: { KeySchema: [], ...properties },
  ...beside,
});

/** A table, and a function that needs it and may fail. */
const template = (items: object, others: object = {}) =>
  templateWith({
    Items: items,
    Work: {
      Type: 'AWS::Lambda::Function',
      Properties: { Environment: { Variables: { TABLE: { Ref: 'Items' } } } },
    },
    ...others,
  });

const found = (items: object, others: object = {}) => linesOf(creationFindings(template(items, others)));

const LEFT_BEHIND =
  'Items DeletionPolicy: A creation that failed leaves it behind, and each further attempt leaves another one.';
const TAKEN_AFTER_FAILURE =
  'Items DeletionPolicy: After a creation that failed, it is kept with the fixed name items; the next creation finds that taken.';
const TAKEN_AFTER_DELETION =
  'Items DeletionPolicy: After a deletion of the stack, it is kept with the fixed name items; the next creation finds that taken.';

describe('a second creation', () => {
  it.each<[string, object, object]>([
    ['a fixed name that goes with its resource', { TableName: 'items' }, {}],
    [
      'a name that CloudFormation makes, kept only once it was created',
      {},
      { DeletionPolicy: 'RetainExceptOnCreate' },
    ],
    [
      'a name with the id of the stack',
      { TableName: { 'Fn::Join': ['-', ['items', { Ref: 'AWS::StackId' }]] } },
      { DeletionPolicy: 'RetainExceptOnCreate' },
    ],
    ['protection from deletion that is off', { DeletionProtectionEnabled: false }, {}],
  ])('succeeds with %s', (_what, properties, beside) => {
    expect(found(table(properties, beside))).toEqual([]);
  });

  it.each<[string, object, object, string[]]>([
    [
      'a fixed name that is kept',
      { TableName: 'items' },
      { DeletionPolicy: 'Retain' },
      [TAKEN_AFTER_FAILURE, TAKEN_AFTER_DELETION, LEFT_BEHIND],
    ],
    [
      'a fixed name that is kept once it was created',
      { TableName: 'items' },
      { DeletionPolicy: 'RetainExceptOnCreate' },
      [TAKEN_AFTER_DELETION],
    ],
    ['a name that CloudFormation makes, kept at once', {}, { DeletionPolicy: 'Retain' }, [LEFT_BEHIND]],
    [
      'a name of what is the same every time',
      { TableName: { 'Fn::Join': ['-', [{ Ref: 'AWS::StackName' }, { Ref: 'AWS::Region' }]] } },
      { DeletionPolicy: 'RetainExceptOnCreate' },
      [
        'Items DeletionPolicy: After a deletion of the stack, it is kept with the fixed name {"Fn::Join":["-",[{"Ref":"AWS::StackName"},{"Ref":"AWS::Region"}]]}; the next creation finds that taken.',
      ],
    ],
    [
      'a table that the rollback may delete and that is protected from it',
      { DeletionProtectionEnabled: true },
      { DeletionPolicy: 'RetainExceptOnCreate' },
      [
        'Items DeletionPolicy: After a creation that failed, CloudFormation cannot delete it: it is protected from deletion.',
        LEFT_BEHIND,
      ],
    ],
    [
      'a table that nothing keeps and that is protected',
      { DeletionProtectionEnabled: true },
      {},
      [
        'Items DeletionPolicy: After a creation that failed, CloudFormation cannot delete it: it is protected from deletion.',
        'Items DeletionPolicy: After a deletion of the stack, CloudFormation cannot delete it: it is protected from deletion.',
        LEFT_BEHIND,
      ],
    ],
  ])('fails with %s', (_what, properties, beside, lines) => {
    expect(found(table(properties, beside))).toEqual(lines);
  });

  it.each<[string, string, object]>([
    ['a secret', 'AWS::SecretsManager::Secret', { Name: 'stage/secret' }],
    ['a function', 'AWS::Lambda::Function', { FunctionName: 'stage-work' }],
    ['a log group', 'AWS::Logs::LogGroup', { LogGroupName: '/stage/log' }],
    ['a queue', 'AWS::SQS::Queue', { QueueName: 'stage-queue' }],
    ['a bucket', 'AWS::S3::Bucket', { BucketName: 'stage-bucket' }],
    ['a role', 'AWS::IAM::Role', { RoleName: 'stage-role' }],
    ['a rule', 'AWS::Events::Rule', { Name: 'stage-rule' }],
    ['a replicated table', 'AWS::DynamoDB::GlobalTable', { TableName: 'stage-table' }],
    ['an alias of a key', 'AWS::KMS::Alias', { AliasName: 'alias/stage' }],
  ])('finds the name of %s taken', (_what, Type, Properties) => {
    const kept = found({ Type, Properties, DeletionPolicy: 'RetainExceptOnCreate' });

    expect(kept).toEqual([
      `Items DeletionPolicy: After a deletion of the stack, it is kept with the fixed name ${Object.values(Properties)[0]}; the next creation finds that taken.`,
    ]);
  });

  it('fails at a protected replica', () => {
    const Properties = { Replicas: [{ Region: 'eu-central-1', DeletionProtectionEnabled: true }] };

    expect(found({ Type: 'AWS::DynamoDB::GlobalTable', Properties })).toContain(LEFT_BEHIND);
  });

  it('does not count the name of a child as fixed if CloudFormation names its parent', () => {
    const stage = {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Api' }, StageName: 'dev' },
      DeletionPolicy: 'RetainExceptOnCreate',
    };
    const api = { Type: 'AWS::ApiGatewayV2::Api', DeletionPolicy: 'RetainExceptOnCreate' };

    expect(linesOf(creationFindings(templateWith({ Api: api, Stage: stage })))).toEqual([]);
  });

  it('finds a kept resource whose dependencies are deleted', () => {
    const key = (policy: string) => ({ Key: { Type: 'AWS::KMS::Key', DeletionPolicy: policy } });
    const encrypted = table(
      { SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
      { DeletionPolicy: 'RetainExceptOnCreate' },
    );

    expect(found(encrypted, key('RetainExceptOnCreate'))).toEqual([]);
    expect(found(encrypted, key('Delete'))).toEqual([
      'Items DeletionPolicy: A deletion of the stack keeps it, and deletes Key, which it needs.',
    ]);
  });

  it('may leave only the role with which the account writes logs', () => {
    const kept = { DeletionPolicy: 'Retain' };
    const role = { Type: 'AWS::IAM::Role', Properties: {}, ...kept };
    const account = {
      Type: 'AWS::ApiGateway::Account',
      Properties: { CloudWatchRoleArn: { 'Fn::GetAtt': ['LogRole', 'Arn'] } },
      ...kept,
    };

    expect(found(table({}), { LogRole: role, Account: account })).toEqual([]);
    expect(found(table({}), { LogRole: role, Account: account, Other: role })).toEqual([
      LEFT_BEHIND.replace('Items', 'Other'),
    ]);
  });
});

describe('a creation that fails half-way', () => {
  const chain = templateWith({
    First: { Type: 'AWS::SQS::Queue', DeletionPolicy: 'Retain' },
    Second: { Type: 'AWS::SQS::Queue', DependsOn: 'First', DeletionPolicy: 'Retain' },
    Third: { Type: 'AWS::SQS::Queue', DependsOn: 'Second', DeletionPolicy: 'Retain' },
    Beside: { Type: 'AWS::SQS::Queue', DeletionPolicy: 'Retain' },
  });

  it('has made all resources that do not wait for the failed one', () => {
    expect(simulateFailedCreation(chain).map(({ failed, left }) => [failed, left])).toEqual([
      ['First', ['First', 'Beside']],
      ['Second', ['First', 'Second', 'Beside']],
      ['Third', ['First', 'Second', 'Third', 'Beside']],
      ['Beside', ['First', 'Second', 'Third', 'Beside']],
    ]);
  });

  it('differs from the deletion of a complete stack', () => {
    expect(simulateDeletion(chain)).toEqual({
      failed: undefined,
      left: ['First', 'Second', 'Third', 'Beside'],
      inTheWay: [],
    });
  });
});
