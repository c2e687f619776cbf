import { describe, expect, it } from 'vitest';
import { conditionOf } from '../../../packages/local/src/permissions/condition.ts';

const SOURCE = 'events:source';
const context = { [SOURCE]: ['fanfare.local'] };

const isMet = (condition: unknown, request = context) => conditionOf(condition).isMet(request);

describe('a condition', () => {
  it.each([
    ['that is not there', undefined],
    ['StringEquals', { StringEquals: { [SOURCE]: 'fanfare.local' } }],
    ['one of several values', { StringEquals: { [SOURCE]: ['other', 'fanfare.local'] } }],
    ['a key in another case', { StringEquals: { 'Events:Source': 'fanfare.local' } }],
    ['StringNotEquals', { StringNotEquals: { [SOURCE]: 'other' } }],
    ['StringLike', { StringLike: { [SOURCE]: 'fanfare.*' } }],
    ['StringNotLike', { StringNotLike: { [SOURCE]: 'aws.*' } }],
    ['StringEqualsIgnoreCase', { StringEqualsIgnoreCase: { [SOURCE]: 'Fanfare.Local' } }],
    ['a negation of what is missing', { StringNotEquals: { 'events:detail-type': 'x' } }],
    ['…IfExists of what is missing', { StringEqualsIfExists: { 'events:detail-type': 'x' } }],
    ['ForAllValues of what is missing', { 'ForAllValues:StringEquals': { 'events:detail-type': 'x' } }],
    ['ForAnyValue', { 'ForAnyValue:StringEquals': { [SOURCE]: 'fanfare.local' } }],
    ['what all requests have', { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }],
    ['that the request comes by TLS, as deployed', { Bool: { 'aws:SecureTransport': true } }],
  ])('is met: %s', (_what, condition) => {
    expect(isMet(condition)).toBe(true);
  });

  it.each([
    ['another value', { StringEquals: { [SOURCE]: 'other' } }],
    ['a value in another case', { StringEquals: { [SOURCE]: 'Fanfare.local' } }],
    ['what is missing', { StringEquals: { 'events:detail-type': 'x' } }],
    [
      'one of two that are asked for',
      { StringEquals: { [SOURCE]: 'fanfare.local', 'aws:RequestedRegion': 'x' } },
    ],
    ['that the request does not come by TLS', { Bool: { 'aws:SecureTransport': 'false' } }],
  ])('is not met: %s', (_what, condition) => {
    expect(isMet(condition)).toBe(false);
  });

  it('may need all values of a request, or any of them', () => {
    const two = { [SOURCE]: ['a', 'b'] };

    expect([
      isMet({ 'ForAllValues:StringEquals': { [SOURCE]: ['a'] } }, two),
      isMet({ 'ForAllValues:StringEquals': { [SOURCE]: ['a', 'b'] } }, two),
      isMet({ 'ForAnyValue:StringEquals': { [SOURCE]: ['a'] } }, two),
    ]).toEqual([false, true, true]);
  });

  it.each([
    [
      'an operator',
      { IpAddress: { 'aws:RequestedRegion': '10.0.0.0/8' } },
      ['IpAddress aws:RequestedRegion'],
    ],
    ['a key', { StringEquals: { 'dynamodb:LeadingKeys': 'a' } }, ['StringEquals dynamodb:LeadingKeys']],
    ['its shape', 'text', ['a malformed condition']],
    ['the value of a reference', { StringEquals: { [SOURCE]: null } }, ['a malformed condition']],
  ])('is never met where %s is not known, and says so', (_what, condition, unknown) => {
    expect(conditionOf(condition).unknown).toEqual(unknown);
    expect(isMet(condition)).toBe(false);
  });
});
