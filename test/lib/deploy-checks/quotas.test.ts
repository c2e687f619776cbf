import { describe, expect, it } from 'vitest';
import { policySizeFindings } from '../../../lib/deploy-checks/policy-sizes.ts';
import { quotaFindings } from '../../../lib/deploy-checks/quotas.ts';
import { linesOf, templateWith } from './planted.ts';

const found = (resources: object, sections: object = {}) =>
  linesOf(quotaFindings(templateWith(resources, sections)));

const functionWith = (properties: object) => ({
  Work: { Type: 'AWS::Lambda::Function', Properties: properties },
});

const many = (count: number, one: object) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`One${at}`, one]));

describe('a new account', () => {
  it('has no execution to reserve', () => {
    expect(found(functionWith({}))).toEqual([]);
    expect(found(functionWith({ ReservedConcurrentExecutions: 0 }))).toEqual([]);
    expect(found(functionWith({ ReservedConcurrentExecutions: 1 }))).toEqual([
      'Work Properties.ReservedConcurrentExecutions: It takes 1 executions for itself, and a new account has 10, of which it may take none.',
    ]);
  });

  it('has no execution to provision', () => {
    const alias = {
      Type: 'AWS::Lambda::Alias',
      Properties: { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } },
    };

    expect(found({ Alias: alias })).toEqual([
      'Alias Properties.ProvisionedConcurrencyConfig: It takes 2 executions for itself, and a new account has 10, of which it may take none.',
    ]);
  });
});

describe('the stream of a table', () => {
  const reader = {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { EventSourceArn: { 'Fn::GetAtt': ['Items', 'StreamArn'] } },
  };
  const items = (regions: number) => ({
    Items: { Type: 'AWS::DynamoDB::GlobalTable', Properties: { Replicas: Array(regions).fill({}) } },
  });

  it('has two readers at most (LF-2)', () => {
    expect(found({ ...items(1), ...many(2, reader) })).toEqual([]);
    expect(found({ ...items(1), ...many(3, reader) })).toEqual([
      'Items StreamArn: Its stream has 3 readers, and DynamoDB allows 2: One0, One1, One2.',
    ]);
  });

  it('has one reader at most if the table is in several regions', () => {
    expect(found({ ...items(2), ...many(1, reader) })).toEqual([]);
    expect(found({ ...items(2), ...many(2, reader) })).toEqual([
      'Items StreamArn: Its stream has 2 readers, and DynamoDB allows 1: One0, One1.',
    ]);
  });
});

describe('the environment of a function', () => {
  /** `{"A":"…"}` around the text. */
  const AROUND = 8;

  it('has 4 KB at most', () => {
    const ofBytes = (bytes: number) =>
      found(functionWith({ Environment: { Variables: { A: 'x'.repeat(bytes - AROUND) } } }));

    expect(ofBytes(4096)).toEqual([]);
    expect(ofBytes(4097)).toEqual([
      'Work Properties.Environment.Variables: They may have 4097 bytes, and Lambda takes 4096.',
    ]);
  });

  it('counts a reference as the longest that it may become', () => {
    const references = (count: number) =>
      found(functionWith({ Environment: { Variables: many(count, { Ref: 'Items' }) } }));

    expect(references(20)).toEqual([]);
    expect(references(30)).toHaveLength(1);
  });
});

describe('the policies of a role', () => {
  const policy = (characters: number, id: string) => ({
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: id,
      Roles: [{ Ref: 'Role' }],
      PolicyDocument: { Sid: 'x'.repeat(characters - '{"Sid":""}'.length) },
    },
  });
  const role = (trust: object = {}) => ({
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } },
  });
  const sizes = (resources: object) => linesOf(policySizeFindings(templateWith(resources)));

  it('have 10,240 characters together', () => {
    expect(sizes({ ...role(), One: policy(5120, 'One'), Two: policy(5120, 'Two') })).toEqual([]);
    expect(sizes({ ...role(), One: policy(5120, 'One'), Two: policy(5121, 'Two') })).toEqual([
      'Role Properties.Policies: Its policies may have 10241 characters, and IAM takes 10240.',
    ]);
  });

  it('have 2,048 characters for the principals that may assume the role', () => {
    const trust = (characters: number) => role({ Sid: 'x'.repeat(characters - '{"Sid":""}'.length) });

    expect(sizes(trust(2048))).toEqual([]);
    expect(sizes(trust(2049))).toEqual([
      'Role Properties.AssumeRolePolicyDocument: Its policies may have 2049 characters, and IAM takes 2048.',
    ]);
  });
});

describe('a template', () => {
  const queue = { Type: 'AWS::SQS::Queue' };

  it('has 500 resources at most', () => {
    expect(found(many(500, queue))).toEqual([]);
    expect(found(many(501, queue))).toEqual([
      'Resources: A template has at most 500 of them, and this one has 501.',
    ]);
  });

  it('has 200 outputs and 200 parameters at most', () => {
    expect(found({ Queue: queue }, { Outputs: many(201, {}), Parameters: many(201, {}) })).toEqual([
      'Parameters: A template has at most 200 of them, and this one has 201.',
      'Outputs: A template has at most 200 of them, and this one has 201.',
    ]);
  });

  it('has a megabyte at most', () => {
    expect(found({ Queue: { ...queue, Metadata: { a: 'x'.repeat(1_000_000) } } })[0]).toMatch(
      /^Template: \d+ bytes are more than 1000000\.$/,
    );
  });

  it('has 50 tags at most at a resource', () => {
    const tagged = (count: number) => ({
      Queue: { ...queue, Properties: { Tags: Array(count).fill({ Key: 'a', Value: 'b' }) } },
    });

    expect(found(tagged(50))).toEqual([]);
    expect(found(tagged(51))).toEqual(['Queue Properties.Tags: 51 tags are more than 50.']);
  });
});
