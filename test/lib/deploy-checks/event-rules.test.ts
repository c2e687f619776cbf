import { describe, expect, it } from 'vitest';
import { eventRuleFindings } from '../../../lib/deploy-checks/event-rules.ts';
import { linesOf, templateWith } from './planted.ts';

const found = (properties: object) =>
  linesOf(eventRuleFindings(templateWith({ Rule: { Type: 'AWS::Events::Rule', Properties: properties } })));

describe('a rule', () => {
  it.each<[string, object]>([
    ['a type and a stage', { 'detail-type': ['fanfare.publish'], detail: { stage: ['dev'] } }],
    [
      'anything-but with prefix, which Lambda does not have',
      { source: [{ 'anything-but': { prefix: 'a' } }] },
    ],
    ['a wildcard', { source: [{ wildcard: 'a*' }] }],
    ['alternatives below a field', { detail: { $or: [{ a: ['x'] }, { b: ['y'] }] } }],
    [
      'what only AWS knows',
      { account: [{ Ref: 'AWS::AccountId' }], detail: { bucket: [{ Ref: 'Bucket' }] } },
    ],
  ])('passes with %s', (_what, EventPattern) => {
    expect(found({ EventPattern })).toEqual([]);
  });

  it('passes with a schedule in place of a pattern', () => {
    expect(found({ ScheduleExpression: 'rate(1 hour)' })).toEqual([]);
  });

  it.each<[string, object, string]>([
    [
      'no pattern and no schedule',
      {},
      'Rule Properties: A rule has an event pattern or a schedule, and this one has neither.',
    ],
    [
      'an operator that there is not',
      { EventPattern: { source: [{ contains: 'a' }] } },
      'Rule Properties.EventPattern: The event patterns of EventBridge do not know the operator contains of Rule.',
    ],
    [
      'a value outside a list',
      { EventPattern: { source: 'a' } },
      'Rule Properties.EventPattern: The event pattern of Rule has "a" in place of fields.',
    ],
    [
      'a field that no event has',
      { EventPattern: { detailType: ['a'] } },
      'Rule Properties.EventPattern: An event has no detailType, so the rule never runs.',
    ],
    [
      'a pattern that is too long',
      { EventPattern: { source: ['x'.repeat(2048 - '{"source":[""]}'.length + 1)] } },
      'Rule Properties.EventPattern: 2049 characters are more than the 2048 of a pattern.',
    ],
  ])('is found with %s', (_what, properties, line) => {
    expect(found(properties)).toEqual([line]);
  });
});
