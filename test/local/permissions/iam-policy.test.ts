import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { allows, policyDocument } from '../../../packages/local/src/permissions/iam-policy.ts';

const ACTION = 'execute-api:Invoke';
const RESOURCE = 'arn:aws:execute-api:us-east-1:000000000000:Api/test/$connect';

const statement = (
  Effect: 'Allow' | 'Deny',
  Resource: string | string[] = RESOURCE,
  Action: string | string[] = ACTION,
) => ({ Effect, Action, Resource });

const allowed = (...Statement: ReturnType<typeof statement>[]) => allows({ Statement }, ACTION, RESOURCE);

describe('a policy', () => {
  it.each([
    ['the resource itself', RESOURCE],
    ['everything', '*'],
    ['any API of the account', 'arn:aws:execute-api:us-east-1:000000000000:*'],
    ['any stage and route', 'arn:aws:execute-api:us-east-1:000000000000:Api/*'],
    ['any route of the stage', 'arn:aws:execute-api:us-east-1:000000000000:Api/test/*'],
    ['any stage of the route', 'arn:aws:execute-api:*:*:Api/*/$connect'],
    ['a single character', RESOURCE.replace('test', 't?st')],
    ['several wildcards side by side', RESOURCE.replace('test', '**')],
    ['nothing for a wildcard to stand for', `${RESOURCE}*`],
    ['one resource of a list', ['arn:aws:s3:::bucket', RESOURCE]],
  ])('allows %s', (_what, resource) => {
    expect(allowed(statement('Allow', resource))).toBe(true);
  });

  it.each([
    ['another route', RESOURCE.replace('$connect', '$default')],
    ['another stage', RESOURCE.replace('test', 'prod')],
    ['another API', RESOURCE.replace('Api', 'Other')],
    ['another region', RESOURCE.replace('us-east-1', 'eu-west-1')],
    ['a REST method, as AWS reports it (AU-4)', RESOURCE.replace('$connect', '*/*')],
    ['the beginning of the resource', RESOURCE.slice(0, -1)],
    ['the end of the resource', RESOURCE.slice(1)],
    ['a character where there is none', `${RESOURCE}?`],
    ['the resource in another case', RESOURCE.toLowerCase()],
    ['what a dot would match as a pattern', RESOURCE.replace('test', 't.st')],
    ['nothing', []],
  ])('does not allow a request with %s', (_what, resource) => {
    expect(allowed(statement('Allow', resource))).toBe(false);
  });

  it.each(['execute-api:Invoke', 'execute-api:*', '*', 'EXECUTE-API:invoke', 'execute-api:Invok?'])(
    'allows the action as %s',
    (action) => {
      expect(allowed(statement('Allow', RESOURCE, action))).toBe(true);
    },
  );

  it.each(['execute-api:ManageConnections', 'lambda:*', 'Invoke', ''])(
    'does not allow the action with %j',
    (action) => {
      expect(allowed(statement('Allow', RESOURCE, action))).toBe(false);
    },
  );

  it('allows with one action of a list', () => {
    expect(allowed(statement('Allow', RESOURCE, ['execute-api:ManageConnections', ACTION]))).toBe(true);
  });

  it('denies a request that another statement allows, in either order', () => {
    const [allow, deny] = [statement('Allow', '*', '*'), statement('Deny')];

    expect([allowed(allow, deny), allowed(deny, allow)]).toEqual([false, false]);
  });

  it('is not affected by a denial of another action', () => {
    expect(allowed(statement('Allow'), statement('Deny', 'arn:aws:s3:::bucket'))).toBe(true);
  });

  it('allows nothing without a statement', () => {
    expect(allowed()).toBe(false);
  });

  it('may have a single statement without a list', () => {
    expect(allows({ Statement: statement('Allow') }, ACTION, RESOURCE)).toBe(true);
  });
});

describe('the shape of a policy', () => {
  it('has the members that the runtime evaluates', () => {
    const policy = { Version: '2012-10-17', Id: 'x', Statement: [{ Sid: 'y', ...statement('Deny') }] };

    expect(v.is(policyDocument, policy)).toBe(true);
  });

  it.each([
    ['a condition', { ...statement('Allow'), Condition: {} }],
    ['an exception of actions', { Effect: 'Allow', NotAction: 'a', Resource: '*' }],
    ['an exception of resources', { Effect: 'Allow', Action: '*', NotResource: 'a' }],
    ['a principal', { ...statement('Allow'), Principal: '*' }],
    ['no effect', { Action: '*', Resource: '*' }],
    ['an unknown effect', { ...statement('Allow'), Effect: 'allow' }],
    ['no action', { Effect: 'Allow', Resource: '*' }],
    ['no resource', { Effect: 'Allow', Action: '*' }],
  ])('has no statement with %s', (_what, Statement) => {
    expect(v.is(policyDocument, { Version: '2012-10-17', Statement })).toBe(false);
    expect(v.is(policyDocument, { Version: '2012-10-17', Statement: [Statement] })).toBe(false);
  });

  it.each([{}, { Version: '2012-10-18', Statement: [] }, { Statements: [] }])('is not %j', (value) => {
    expect(v.is(policyDocument, value)).toBe(false);
  });
});
