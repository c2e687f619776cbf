import { describe, expect, it } from 'vitest';
import { mergeTemplates } from '../../../packages/local/src/cloud-assembly/merge-templates.ts';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';

const stack = (stackName: string, template: object) => ({
  stackName,
  template: parseTemplate({ Resources: {}, ...template }),
});

const value = (Value: unknown, name?: string) => ({ Value, ...(name && { Export: { Name: name } }) });

/** A resource of which only the properties matter. */
const thing = (Properties: object) => ({ Type: 'Thing', Properties });

const propertiesOf = (...stacks: Parameters<typeof mergeTemplates>[0]) =>
  Object.fromEntries(
    Object.entries(mergeTemplates(stacks).Resources).map(([id, { Properties }]) => [id, Properties]),
  );

describe('mergeTemplates', () => {
  it('replaces an import of one stack by a reference to the export of another', () => {
    const data = stack('Data', {
      Resources: { Table: thing({}) },
      Outputs: { ExportsTable: value({ 'Fn::GetAtt': ['Table', 'Arn'] }, 'Data:Table') },
    });
    const api = stack('Api', { Resources: { Work: thing({ TABLE: { 'Fn::ImportValue': 'Data:Table' } }) } });

    expect(propertiesOf(data, api)).toEqual({
      Table: {},
      Work: { TABLE: { 'Fn::GetAtt': ['Table', 'Arn'] } },
    });
  });

  it('finds an output of another stack by its name', () => {
    const data = stack('Data', {
      Outputs: { Name: value({ Ref: 'Table' }) },
      Resources: { Table: thing({}) },
    });
    const wanted = { 'Fn::GetStackOutput': { StackName: 'Data', OutputName: 'Name' } };
    const api = stack('Api', { Resources: { Work: thing({ TABLE: wanted }) } });

    expect(propertiesOf(data, api)).toMatchObject({ Work: { TABLE: { Ref: 'Table' } } });
  });

  it('keeps resources of the same name in several stacks apart, also in references', () => {
    const both = {
      Parameters: { Size: { Type: 'String' } },
      Conditions: { IsBig: { 'Fn::Not': [{ Condition: 'IsBig' }] } },
      Resources: {
        Work: {
          ...thing({
            ref: { Ref: 'Work' },
            attribute: [{ 'Fn::GetAtt': ['Work', 'Arn'] }, { 'Fn::GetAtt': 'Work.Arn' }],
            text: {
              'Fn::Sub': [`\${Work} \${Work.Arn} \${AWS::StackName} \${AWS::Region} \${Own}`, { Own: 'x' }],
            },
            choice: { 'Fn::If': ['IsBig', { Ref: 'Size' }, 1] },
            policy: { Condition: { StringEquals: { a: 'b' } } },
          }),
          Condition: 'IsBig',
        },
      },
    };
    const { Resources, Conditions, Parameters } = mergeTemplates([
      stack('One', both),
      stack('The-Other', both),
    ]);

    expect(Object.keys(Parameters)).toEqual(['OneSize', 'TheOtherSize']);
    expect(Conditions['OneIsBig']).toEqual({ 'Fn::Not': [{ Condition: 'OneIsBig' }] });
    expect(Resources['TheOtherWork']).toEqual({
      Type: 'Thing',
      Condition: 'TheOtherIsBig',
      Properties: {
        ref: { Ref: 'TheOtherWork' },
        attribute: [{ 'Fn::GetAtt': ['TheOtherWork', 'Arn'] }, { 'Fn::GetAtt': ['TheOtherWork', 'Arn'] }],
        text: {
          'Fn::Sub': [
            `\${TheOtherWork} \${TheOtherWork.Arn} The-Other \${AWS::Region} \${Own}`,
            { Own: 'x' },
          ],
        },
        choice: { 'Fn::If': ['TheOtherIsBig', { Ref: 'TheOtherSize' }, 1] },
        policy: { Condition: { StringEquals: { a: 'b' } } },
      },
    });
  });

  it('changes no name in a single stack', () => {
    const Resources = { Work: thing({ a: { Ref: 'Work' }, b: { 'Fn::ImportValue': 'Elsewhere' } }) };

    expect(propertiesOf(stack('One', { Resources }))).toEqual({
      Work: { a: { Ref: 'Work' }, b: { 'Fn::ImportValue': 'Elsewhere' } },
    });
  });

  it('tells each stack its own name', () => {
    const Resources = { Work: thing({ name: { Ref: 'AWS::StackName' } }) };

    expect(propertiesOf(stack('One', { Resources }))).toEqual({ Work: { name: 'One' } });
  });
});
