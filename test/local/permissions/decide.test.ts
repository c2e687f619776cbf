import { describe, expect, it } from 'vitest';
import { decide } from '../../../packages/local/src/permissions/decide.ts';
import {
  type Need,
  type PolicyStatement,
  statementOf,
} from '../../../packages/local/src/permissions/statement.ts';

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/Items';

const read: Need = { action: 'dynamodb:GetItem', resource: TABLE };

const allow = (more: Partial<PolicyStatement> = {}): PolicyStatement => ({
  Effect: 'Allow',
  Action: ['dynamodb:GetItem'],
  Resource: [TABLE],
  ...more,
});

const decision = (statements: readonly PolicyStatement[], need: Need = read) =>
  decide(statements.map(statementOf), need);

describe('decide', () => {
  it('grants nothing without a statement', () => {
    expect(decision([])).toBe('not-granted');
  });

  it.each([
    ['the action itself', allow()],
    ['an action in another case', allow({ Action: ['DynamoDB:getitem'] })],
    ['some action of several', allow({ Action: ['dynamodb:PutItem', 'dynamodb:GetItem'] })],
    ['a wildcard', allow({ Action: ['dynamodb:Get*'] })],
    ['a wildcard for one character', allow({ Action: ['dynamodb:GetIte?'] })],
    ['every action', allow({ Action: ['*'] })],
    ['every action but others', allow({ Action: undefined, NotAction: ['dynamodb:Put*'] })],
    ['a resource by a wildcard', allow({ Resource: ['arn:aws:dynamodb:*:*:table/It*'] })],
    ['every resource', allow({ Resource: ['*'] })],
    ['every resource but others', allow({ Resource: undefined, NotResource: [`${TABLE}/index/*`] })],
  ])('allows a request that a statement names: %s', (_what, statement) => {
    expect(decision([statement])).toBe('allowed');
  });

  it.each([
    ['another action', allow({ Action: ['dynamodb:PutItem'] })],
    ['an action that only begins like it', allow({ Action: ['dynamodb:Get'] })],
    ['another resource', allow({ Resource: [`${TABLE}2`] })],
    ['a resource in another case', allow({ Resource: [TABLE.toLowerCase()] })],
    ['what is in the resource only', allow({ Resource: [`${TABLE}/*`] })],
    ['every action but this one', allow({ Action: undefined, NotAction: ['dynamodb:Get*'] })],
    ['every resource but this one', allow({ Resource: undefined, NotResource: [TABLE] })],
    ['no resource', allow({ Resource: undefined })],
    ['no action', allow({ Action: undefined })],
    ['a dot that is no wildcard', allow({ Resource: [TABLE.replace('Items', 'I.ems')] })],
  ])('does not allow a request that no statement names: %s', (_what, statement) => {
    expect(decision([statement])).toBe('not-granted');
  });

  it('denies a request that one statement denies, in any order with statements that allow it', () => {
    const deny = allow({ Effect: 'Deny', Action: ['dynamodb:*'], Resource: ['*'] });

    expect([decision([allow(), deny]), decision([deny, allow()]), decision([deny])]).toEqual([
      'denied',
      'denied',
      'denied',
    ]);
  });

  it('allows a request if the denial names another resource', () => {
    expect(decision([allow(), allow({ Effect: 'Deny', Resource: [`${TABLE}2`] })])).toBe('allowed');
  });

  it('applies a statement only if the condition is met', () => {
    const condition = { StringEquals: { 'events:source': 'own' } };
    const put = { action: 'events:PutEvents', resource: '*' };
    const statement = allow({ Action: ['events:*'], Resource: ['*'], Condition: condition });

    expect([
      decision([statement], { ...put, context: { 'events:source': ['own'] } }),
      decision([statement], { ...put, context: { 'events:source': ['other'] } }),
    ]).toEqual(['allowed', 'not-granted']);
  });
});
