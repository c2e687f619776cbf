import { describe, expect, it } from 'vitest';
import { eventFilterFindings } from '../../../lib/deploy-checks/event-filters.ts';
import { linesOf, templateWith } from './planted.ts';

const STREAM = { 'Fn::GetAtt': ['Items', 'StreamArn'] };

const withFilters = (filters: readonly unknown[], EventSourceArn: unknown = STREAM) =>
  linesOf(
    eventFilterFindings(
      templateWith({
        Mapping: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: {
            FunctionName: 'work',
            EventSourceArn,
            FilterCriteria: { Filters: filters.map((Pattern) => ({ Pattern })) },
          },
        },
      }),
    ),
  );

const found = (pattern: object, arn?: unknown) => withFilters([JSON.stringify(pattern)], arn);

const AT = 'Mapping Properties.FilterCriteria.Filters.0.Pattern:';

describe('a filter of an event source mapping', () => {
  it.each<[string, object]>([
    ['the name of the event', { eventName: ['INSERT', 'REMOVE'] }],
    ['an attribute', { dynamodb: { NewImage: { isMember: { BOOL: [true] } } } }],
    ['a key', { dynamodb: { Keys: { channel: { S: [{ prefix: 'chat:' }] } } } }],
    ['a part of a map', { dynamodb: { OldImage: { info: { M: { name: { S: ['Ann'] } } } } } }],
    ['the service that did it', { userIdentity: { principalId: ['dynamodb.amazonaws.com'] } }],
    [
      'alternatives at the top',
      { $or: [{ dynamodb: { NewImage: { a: { S: ['x'] } } } }, { eventName: ['REMOVE'] }] },
    ],
    ['values that are unwanted', { dynamodb: { Keys: { a: { S: [{ 'anything-but': ['x', 'y'] }] } } } }],
  ])('passes with %s', (_what, pattern) => {
    expect(found(pattern)).toEqual([]);
  });

  it.each<[string, object, string]>([
    [
      'an operator of EventBridge',
      { dynamodb: { Keys: { a: { S: [{ wildcard: 'x*' }] } } } },
      'The event filters of Lambda do not know the operator wildcard of Mapping.',
    ],
    [
      'anything-but with prefix',
      { dynamodb: { Keys: { a: { S: [{ 'anything-but': { prefix: 'x' } }] } } } },
      'The event filters of Lambda do not know what anything-but of Mapping is to be compared with: {"prefix":"x"}.',
    ],
    [
      'alternatives below a field',
      { dynamodb: { $or: [{ NewImage: { a: { S: ['x'] } } }] } },
      'The event filters of Lambda know $or only at the top of a pattern, and Mapping has it below dynamodb.',
    ],
    [
      'a field that no record has',
      { eventname: ['INSERT'] },
      'There is no eventname in a record of a table, so no record passes.',
    ],
    [
      'a field that no record has, in an alternative',
      { $or: [{ eventName: ['INSERT'] }, { data: ['x'] }] },
      'There is no data in a record of a table, so no record passes.',
    ],
    [
      'an image that no record has',
      { dynamodb: { Image: { a: { S: ['x'] } } } },
      'There is no Image in dynamodb of a record, so no record passes.',
    ],
    [
      'an attribute without its type',
      { dynamodb: { NewImage: { a: ['x'] } } },
      'An attribute stands below its type, such as S; ["x"] stands below none.',
    ],
    [
      'a type that no attribute has',
      { dynamodb: { NewImage: { a: { s: ['x'] } } } },
      'There is no s in the types of an attribute, so no record passes.',
    ],
  ])('is found with %s', (_what, pattern, sentence) => {
    expect(found(pattern)).toEqual([`${AT} ${sentence}`]);
  });

  it('of a queue may name other fields', () => {
    expect(found({ body: { city: ['x'] } }, { 'Fn::GetAtt': ['Queue', 'Arn'] })).toEqual([]);
    expect(found({ body: ['x'] }, 'arn:aws:dynamodb:us-east-1:111111111111:table/a/stream/b')).toHaveLength(
      1,
    );
  });

  it('is found if it is not a text or not JSON', () => {
    expect(withFilters([{ Ref: 'Pattern' }])).toEqual([
      `${AT} It is no text, so that nothing can be said of its operators.`,
    ]);
    expect(withFilters(['{'])).toEqual([`${AT} A filter of Mapping is no JSON.`]);
  });

  it('has at most 4,096 characters', () => {
    const ofLength = (length: number) =>
      withFilters([JSON.stringify({ eventName: ['x'.repeat(length - '{"eventName":[""]}'.length)] })]);

    expect(ofLength(4096)).toEqual([]);
    expect(ofLength(4097)).toEqual([`${AT} A filter of Mapping has 4097 characters; Lambda takes 4096.`]);
  });

  it('has at most four others beside it', () => {
    const filters = (count: number) => withFilters(Array(count).fill('{"eventName":["INSERT"]}'));

    expect(filters(5)).toEqual([]);
    expect(filters(6)).toEqual([
      'Mapping Properties.FilterCriteria.Filters: 6 filters are more than the 5 of an account whose quota was not raised.',
    ]);
  });
});
