import { describe, expect, it } from 'vitest';
import { type References, resolve } from '../../../packages/local/src/template/intrinsics.ts';

const references: References = {
  ref: (logicalId) =>
    new Map([
      ['Api', 'api-id'],
      ['AWS::Region', 'us-east-1'],
    ]).get(logicalId),
  attribute: (logicalId, attribute) =>
    `${logicalId}.${attribute}` === 'Function.Arn' ? 'arn:function' : undefined,
  condition: (name) =>
    new Map([
      ['IsLive', true],
      ['IsTest', false],
    ]).get(name),
  mapped: (...keys) => (keys.join() === 'Names,live,stage' ? 'public' : undefined),
};

const resolved = (value: unknown) => resolve(value, references);

describe('resolve', () => {
  it.each(['text', 1, true, null])('leaves %j unchanged', (value) => {
    expect(resolved(value)).toBe(value);
  });

  it('replaces intrinsic functions at any depth, and keeps the values around them', () => {
    const value = { plain: [1, { deep: { Ref: 'Api' } }], empty: {} };

    expect(resolved(value)).toEqual({ plain: [1, { deep: 'api-id' }], empty: {} });
  });

  it('takes an object for an intrinsic function only if it has no other member', () => {
    expect(resolved({ Ref: 'Api', Name: 'x' })).toEqual({ Ref: 'Api', Name: 'x' });
  });

  it.each([
    ['Ref', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Function', 'Arn'] }, 'arn:function'],
    ['Fn::Join', { 'Fn::Join': ['/', ['a', { Ref: 'Api' }, 1]] }, 'a/api-id/1'],
    [
      'Fn::Sub with references',
      { 'Fn::Sub': `<\${Api}|\${AWS::Region}|\${Function.Arn}>` },
      '<api-id|us-east-1|arn:function>',
    ],
    [
      'Fn::Sub with variables',
      { 'Fn::Sub': [`\${Name}:\${Api}`, { Name: { Ref: 'Api' } }] },
      'api-id:api-id',
    ],
    ['Fn::Sub with an escaped placeholder', { 'Fn::Sub': `\${!Api}` }, `\${Api}`],
    ['Fn::GetAtt with one text', { 'Fn::GetAtt': 'Function.Arn' }, 'arn:function'],
    ['Fn::If that holds', { 'Fn::If': ['IsLive', { Ref: 'Api' }, { Ref: 'Unknown' }] }, 'api-id'],
    ['Fn::If that does not', { 'Fn::If': ['IsTest', 1, 2] }, 2],
    [
      'Fn::Split and Fn::Select',
      { 'Fn::Select': ['1', { 'Fn::Split': ['-', { Ref: 'AWS::Region' }] }] },
      'east',
    ],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Names', 'live', 'stage'] }, 'public'],
    ['Fn::Base64', { 'Fn::Base64': 'größe' }, 'Z3LDtsOfZQ=='],
    ['numbers and booleans in Fn::Join', { 'Fn::Join': ['', [1, true]] }, '1true'],
  ])('resolves %s', (_name, value, expected) => {
    expect(resolved(value)).toBe(expected);
  });

  it('leaves out AWS::NoValue in objects and in lists', () => {
    const none = { Ref: 'AWS::NoValue' };

    expect(resolved({ a: none, b: [1, { 'Fn::If': ['IsTest', 2, none] }] })).toEqual({ b: [1] });
  });

  it.each([
    ['a function', { 'Fn::GetAZs': '' }, 'The local runtime does not know Fn::GetAZs.'],
    [
      'an import',
      { 'Fn::ImportValue': 'Data:Table' },
      'The local runtime does not know Fn::ImportValue Data:Table: name the stack that exports it with --stack, too.',
    ],
    ['a condition', { 'Fn::If': ['Odd', 1, 2] }, 'The local runtime does not know the condition Odd.'],
    [
      'a key of a mapping',
      { 'Fn::FindInMap': ['Names', 'test', 'stage'] },
      'The local runtime does not know test and stage of the mapping Names.',
    ],
    ['an item', { 'Fn::Select': [2, ['a']] }, 'The local runtime does not know item 2 of a list.'],
    ['a reference', { Ref: 'Elsewhere' }, 'The local runtime does not know Ref Elsewhere.'],
    [
      'an attribute',
      { 'Fn::GetAtt': ['Function', 'Name'] },
      'The local runtime does not know Function.Name.',
    ],
    ['a placeholder', { 'Fn::Sub': `\${Elsewhere}` }, `The local runtime does not know \${Elsewhere}.`],
    ['a misplaced value', { Ref: ['Api'] }, 'The template has a list where a string belongs.'],
    ['a missing list', { 'Fn::Join': 'x' }, 'The template has a value of type string where a list belongs.'],
    ['nothing', { Ref: null }, 'The template has nothing where a string belongs.'],
  ])('names %s that has no meaning locally', (_what, value, sentence) => {
    expect(() => resolved(value)).toThrow(sentence);
  });
});
