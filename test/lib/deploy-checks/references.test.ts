import { describe, expect, it } from 'vitest';
import { needsOf } from '../../../lib/deploy-checks/dependencies.ts';
import { referenceFindings } from '../../../lib/deploy-checks/references.ts';
import { linesOf, templateWith } from './planted.ts';

/** `Fn::Sub` writes names like this. */
const named = (name: string) => `\${${name}}`;

const template = (value: unknown, beside: object = {}, sections: object = {}) =>
  templateWith(
    {
      Queue: { Type: 'AWS::SQS::Queue' },
      Custom: { Type: 'Custom::Any', Properties: { ServiceToken: 'arn' } },
      Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://example.com' } },
      Work: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: value }, ...beside },
    },
    {
      Parameters: { Name: { Type: 'String' } },
      Conditions: { Big: { 'Fn::Equals': [{ Ref: 'Name' }, 'big'] } },
      Mappings: { Sizes: { big: { memory: 1 } } },
      ...sections,
    },
  );

const found = (...given: Parameters<typeof template>) => linesOf(referenceFindings(template(...given)));

describe('a name in a template', () => {
  it.each<[string, unknown]>([
    ['a resource', { Ref: 'Queue' }],
    ['a parameter', { Ref: 'Name' }],
    ['a pseudo parameter', { Ref: 'AWS::Region' }],
    ['an attribute', { 'Fn::GetAtt': ['Queue', 'Arn'] }],
    ['an attribute in one text', { 'Fn::GetAtt': 'Queue.Arn' }],
    ['any attribute of a resource of its own', { 'Fn::GetAtt': ['Custom', 'Anything'] }],
    ['an output of a nested stack', { 'Fn::GetAtt': ['Nested', 'Outputs.Url'] }],
    ['names within a text', { 'Fn::Sub': `${named('Queue')} ${named('Queue.Arn')} ${named('!Literal')}` }],
    ['a name that the text brings along', { 'Fn::Sub': [named('Mine'), { Mine: { Ref: 'Queue' } }] }],
    ['a condition', { 'Fn::If': ['Big', 'a', { Ref: 'AWS::NoValue' }] }],
    ['a mapping', { 'Fn::FindInMap': ['Sizes', 'big', 'memory'] }],
  ])('passes if its target exists: %s', (_what, value) => {
    expect(found(value)).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['by Ref', { Ref: 'Kueue' }, 'Kueue is neither a resource nor a parameter of the template.'],
    [
      'by a pseudo parameter',
      { Ref: 'AWS::Regions' },
      'AWS::Regions is neither a resource nor a parameter of the template.',
    ],
    [
      'by Fn::GetAtt',
      { 'Fn::GetAtt': ['Kueue', 'Arn'] },
      'Kueue is no resource of the template, and so has no Arn.',
    ],
    [
      'as an attribute',
      { 'Fn::GetAtt': ['Queue', 'StreamArn'] },
      'A resource of the type AWS::SQS::Queue has no attribute StreamArn.',
    ],
    [
      'as an attribute in one text',
      { 'Fn::GetAtt': 'Queue.Url' },
      'A resource of the type AWS::SQS::Queue has no attribute Url.',
    ],
    [
      'within a text',
      { 'Fn::Sub': `a${named('Kueue')}` },
      'Kueue is neither a resource nor a parameter of the template.',
    ],
    [
      'as an attribute within a text',
      { 'Fn::Sub': [named('Queue.Url'), {}] },
      'A resource of the type AWS::SQS::Queue has no attribute Url.',
    ],
    [
      'deep within other calls',
      { 'Fn::Join': ['', ['a', { 'Fn::Select': [0, { 'Fn::Split': [',', { Ref: 'Kueue' }] }] }]] },
      'Kueue is neither a resource nor a parameter of the template.',
    ],
    ['by Fn::If', { 'Fn::If': ['Small', 'a', 'b'] }, 'Small is no condition of the template.'],
    ['by Fn::FindInMap', { 'Fn::FindInMap': ['Size', 'a', 'b'] }, 'Size is no mapping of the template.'],
    [
      'by a function that there is not',
      { 'Fn::Concat': ['a', 'b'] },
      'Fn::Concat is no function of CloudFormation that is called like this.',
    ],
    [
      'by a function that is called with something else',
      { 'Fn::GetAtt': [7, 'Arn'] },
      'Fn::GetAtt is no function of CloudFormation that is called like this.',
    ],
  ])('is found if its target is missing, %s', (_how, value, sentence) => {
    const findings = referenceFindings(template(value));

    expect(findings.map((finding) => [finding.resource, finding.sentence])).toEqual([['Work', sentence]]);
    expect(findings[0]?.path).toMatch(/^Properties\.DisplayName/);
  });

  it('is found in what a resource depends on', () => {
    expect(found('a', { DependsOn: ['Queue', 'Kueue'] })).toEqual([
      'Work DependsOn: It depends on Kueue, which is no resource of the template.',
    ]);
    expect(found('a', { DependsOn: 'Kueue' })).toHaveLength(1);
  });

  it('is found in a condition of a resource', () => {
    expect(found('a', { Condition: 'Big' })).toEqual([]);
    expect(found('a', { Condition: 'Small' })).toEqual([
      'Work Condition: "Small" is no condition of the template.',
    ]);
  });

  it('is found in outputs and conditions', () => {
    const Outputs = { Url: { Condition: 'Small', Value: { Ref: 'Kueue' } } };
    const Conditions = { Big: { 'Fn::Equals': [{ Ref: 'Names' }, 'big'] } };

    expect(found('a', {}, { Outputs })).toEqual([
      'Outputs Url.Value: Kueue is neither a resource nor a parameter of the template.',
      'Outputs Url.Condition: "Small" is no condition of the template.',
    ]);
    const unknown = { Big: { 'Fn::Not': [{ Condition: 'Small' }] } };

    expect(found('a', {}, { Conditions: unknown })).toEqual([
      'Conditions Big: Small is no condition of the template.',
    ]);
    expect(found('a', {}, { Conditions })).toEqual([
      'Conditions Big.0: Names is neither a resource nor a parameter of the template.',
    ]);
  });

  it('makes a dependency, as DependsOn does', () => {
    const { resources } = template({ 'Fn::GetAtt': ['Queue', 'Arn'] }, { DependsOn: 'Custom' });
    const work = resources.get('Work');

    expect(work && [...needsOf(work)].toSorted()).toEqual(['Custom', 'Queue']);
  });

  it('is found if two resources wait for each other', () => {
    const topic = (on: string) => ({ Type: 'AWS::SNS::Topic', DependsOn: on });
    const circle = templateWith({
      One: topic('Two'),
      Two: topic('Three'),
      Three: topic('One'),
      Four: topic('One'),
    });

    expect(linesOf(referenceFindings(circle))).toEqual([
      'One: It waits for a resource that waits for it.',
      'Two: It waits for a resource that waits for it.',
      'Three: It waits for a resource that waits for it.',
    ]);
  });
});
