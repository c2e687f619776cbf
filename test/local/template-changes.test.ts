import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../packages/local/src/template/cloud-formation.ts';
import { changesForRestart } from '../../packages/local/src/template-changes.ts';

const work = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { S3Key: 'a' },
    Handler: 'index.handler',
    Role: 'r',
    Environment: { Variables: { A: '1' } },
  },
};
const resources: Readonly<Record<string, object>> = {
  Work: work,
  Items: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'items' } },
  Role: { Type: 'AWS::IAM::Role', Properties: {} },
  Log: { Type: 'AWS::Logs::LogGroup', Properties: {} },
  Config: { Type: 'AWS::Lambda::EventInvokeConfig', Properties: {} },
};

const template = (changed: Readonly<Record<string, object | undefined>>, sections: object = {}) =>
  parseTemplate(JSON.parse(JSON.stringify({ Resources: { ...resources, ...changed }, ...sections })));

const changes = (changed: Readonly<Record<string, object | undefined>>, sections: object = {}) =>
  changesForRestart(template({}), template(changed, sections));

const workWith = (properties: object) => ({
  Work: { ...work, Properties: { ...work.Properties, ...properties } },
});

describe('a change of the template', () => {
  it.each([
    ['nothing', {}],
    ['code', workWith({ Code: { S3Key: 'b' } })],
    ['a variable', workWith({ Environment: { Variables: { A: '2', B: '3' } } })],
    ['memory and timeout', workWith({ MemorySize: 512, Timeout: 5 })],
    ['a log group', { Log: undefined, Log2: resources['Log'] }],
    [
      'the retries of events',
      { Config: { Type: 'AWS::Lambda::EventInvokeConfig', Properties: { Qualifier: 'x' } } },
    ],
  ])('of %s is loaded into a running app', (_what, changed) => {
    expect(changes(changed)).toEqual([]);
  });

  it.each([
    ['a new function', { More: work }, 'More (AWS::Lambda::Function) is new'],
    ['a function that is gone', { Work: undefined }, 'Work (AWS::Lambda::Function) is gone'],
    ['the role of a function', workWith({ Role: 's' }), 'Work (AWS::Lambda::Function) changed'],
    [
      'a table',
      { Items: { Type: 'AWS::DynamoDB::Table', Properties: {} } },
      'Items (AWS::DynamoDB::Table) changed',
    ],
    [
      'what a role grants',
      { Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [] } } },
      'Role (AWS::IAM::Role) changed',
    ],
    [
      'the type of a resource',
      { Log: { Type: 'AWS::Events::EventBus' } },
      'Log (AWS::Events::EventBus) changed',
    ],
  ])('of %s needs a new start, and is named', (_what, changed, sentence) => {
    expect(changes(changed)).toEqual([sentence]);
  });

  it('of the outputs needs no new start', () => {
    expect(changes({}, { Outputs: { A: { Value: 1 } } })).toEqual([]);
  });

  it.each(['Conditions', 'Mappings', 'Parameters'])('of the %s needs a new start', (section) => {
    const content = {
      Mappings: { A: { B: { C: 1 } } },
      Parameters: { A: { Type: 'String' } },
    };
    const added = { [section]: { Conditions: { A: {} }, ...content }[section] };

    expect(changes({}, added)).toEqual([`${section} of the template changed`]);
  });
});
