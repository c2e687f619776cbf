import { describe, expect, it } from 'vitest';
import { decide } from '../../../packages/local/src/permissions/decide.ts';
import { functionGrants } from '../../../packages/local/src/permissions/function-grants.ts';
import { StartError } from '../../../packages/local/src/start-error.ts';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/Items';

const Items = { Type: 'AWS::DynamoDB::Table' };

const work = (Role: unknown) => ({ Type: 'AWS::Lambda::Function', Properties: { Role } });

const role = (properties: object = {}) => ({ Type: 'AWS::IAM::Role', Properties: properties });

const document = (...Statement: object[]) => ({ PolicyDocument: { Statement } });

const READ = { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: { 'Fn::GetAtt': ['Items', 'Arn'] } };

const ownRole = { 'Fn::GetAtt': ['Role', 'Arn'] };

/** Whether the function may read the table, and the other log lines. */
function reading(resources: object) {
  const { grants, notes } = functionGrants(
    parseTemplate({ Resources: { Items, Work: work(ownRole), ...resources } }),
  );
  const statements = grants.get('Work')?.statements;
  const need = { action: 'dynamodb:GetItem', resource: TABLE };
  return { decision: statements && decide(statements, need), notes };
}

const policy = (Type: string, properties: object) => ({
  Type,
  Properties: { ...document(READ), ...properties },
});

describe('a function may do what its role grants', () => {
  it.each([
    ['in itself', { Role: role({ Policies: [document(READ)] }) }],
    ['by a policy', { Role: role(), Policy: policy('AWS::IAM::Policy', { Roles: [{ Ref: 'Role' }] }) }],
    [
      'by a policy of a role with a name of its own',
      {
        Role: role({ RoleName: 'workers' }),
        Policy: policy('AWS::IAM::Policy', { Roles: [{ Ref: 'Role' }] }),
      },
    ],
    [
      'by a policy that names one role',
      { Role: role(), Policy: policy('AWS::IAM::RolePolicy', { RoleName: { Ref: 'Role' } }) },
    ],
    [
      'by a managed policy that names roles',
      { Role: role(), Policy: policy('AWS::IAM::ManagedPolicy', { Roles: [{ Ref: 'Role' }] }) },
    ],
    [
      'by a managed policy that it names',
      {
        Role: role({ ManagedPolicyArns: [{ Ref: 'Policy' }] }),
        Policy: policy('AWS::IAM::ManagedPolicy', {}),
      },
    ],
    [
      'by a policy of AWS',
      {
        Role: role({
          ManagedPolicyArns: [
            {
              'Fn::Join': [
                '',
                ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AmazonDynamoDBFullAccess'],
              ],
            },
          ],
        }),
      },
    ],
    [
      'by one statement that is no list',
      { Role: role({ Policies: [{ PolicyDocument: { Statement: READ } }] }) },
    ],
    [
      'beside resources that are not served here',
      {
        Queue: { Type: 'AWS::SQS::Queue' },
        Role: role({
          Policies: [
            document({ ...READ, Resource: [{ 'Fn::ImportValue': 'elsewhere' }, READ.Resource] }),
            document({ Effect: 'Deny', Action: 'sqs:*', Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] } }),
          ],
        }),
      },
    ],
  ])('%s', (_how, resources) => {
    expect(reading(resources)).toEqual({ decision: 'allowed', notes: [] });
  });

  it.each([
    ['no policy', { Role: role() }],
    [
      'a policy of another role',
      { Role: role(), Other: role(), Policy: policy('AWS::IAM::Policy', { Roles: [{ Ref: 'Other' }] }) },
    ],
    [
      'a policy whose condition does not hold',
      {
        Role: role(),
        Policy: { ...policy('AWS::IAM::Policy', { Roles: [{ Ref: 'Role' }] }), Condition: 'Never' },
      },
    ],
    [
      'a policy of AWS for logs',
      {
        Role: role({
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
        }),
      },
    ],
    [
      'a resource that is not known here',
      { Role: role({ Policies: [document({ ...READ, Resource: { 'Fn::ImportValue': 'elsewhere' } })] }) },
    ],
  ])('and nothing else: %s', (_what, resources) => {
    const template = parseTemplate({
      Conditions: { Never: { 'Fn::Equals': [1, 2] } },
      Resources: { Items, Work: work(ownRole), ...resources },
    });
    const statements = functionGrants(template).grants.get('Work')?.statements ?? [];

    expect(decide(statements, { action: 'dynamodb:GetItem', resource: TABLE })).toBe('not-granted');
  });
});

describe('a policy that the local runtime cannot evaluate', () => {
  it.each([
    [
      'a policy of AWS',
      { Role: role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }) },
      'The policy arn:aws:iam::aws:policy/ReadOnlyAccess of the role Role is not known here, and grants nothing.',
    ],
    [
      'a boundary',
      { Role: role({ PermissionsBoundary: 'arn' }) },
      'The permissions boundary of the role Role is not looked at here.',
    ],
    [
      'a condition',
      {
        Role: role({
          Policies: [document({ ...READ, Condition: { StringEquals: { 'dynamodb:LeadingKeys': 'a' } } })],
        }),
      },
      'The role Role has a condition that is not known here, and taken as not met: StringEquals dynamodb:LeadingKeys.',
    ],
  ])('is reported, and grants nothing: %s', (_what, resources, note) => {
    expect(reading(resources)).toEqual({ decision: 'not-granted', notes: [note] });
  });

  it('is not reported if it names a service that the local runtime does not serve', () => {
    const decrypt = {
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: { StringEquals: { 'kms:ViaService': 'dynamodb' } },
    };

    expect(reading({ Role: role({ Policies: [document(READ, decrypt)] }) })).toEqual({
      decision: 'allowed',
      notes: [],
    });
  });

  it.each([
    [
      'a role of elsewhere',
      'arn:aws:iam::123456789012:role/elsewhere',
      ['The role of Work is not in the template: what it may do is not checked.'],
    ],
    ['no role, and so could not be deployed', undefined, []],
  ])('is not needed by a function with %s, which may do everything', (_what, Role, expected) => {
    const { grants, notes } = functionGrants(parseTemplate({ Resources: { Work: work(Role) } }));

    expect(grants.has('Work')).toBe(false);
    expect(notes).toEqual(expected);
  });

  it('is a malformed policy', () => {
    expect(() => reading({ Role: role({ Policies: [{ PolicyDocument: 'text' }] }) })).toThrow(
      new StartError('The local runtime does not understand the policies of Role.'),
    );
  });
});
