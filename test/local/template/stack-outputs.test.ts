import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';
import { outputsOf } from '../../../packages/local/src/template/stack-outputs.ts';

const template = parseTemplate({
  Conditions: { IsOn: { 'Fn::Equals': ['a', 'a'] }, IsOff: { 'Fn::Equals': ['a', 'b'] } },
  Resources: {},
  Outputs: {
    Text: { Value: 'a text' },
    Joined: { Value: { 'Fn::Join': ['-', ['a', 'b']] } },
    Wanted: { Value: 'is there', Condition: 'IsOn' },
    Unwanted: { Value: 'is not there', Condition: 'IsOff' },
    OfNothing: { Value: { Ref: 'Missing' } },
    List: { Value: ['a', 'b'] },
  },
});

describe('the outputs of a stack', () => {
  it('are texts with known values, whose condition holds', () => {
    expect(outputsOf(template)).toEqual({ Text: 'a text', Joined: 'a-b', Wanted: 'is there' });
  });
});
