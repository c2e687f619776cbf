import { describe, expect, it } from 'vitest';
import { schemaFindings } from '../../../lib/deploy-checks/schema.ts';
import { functionWith, linesOf, templateWith } from './planted.ts';

const found = (changes: object, beside: object = {}) =>
  linesOf(schemaFindings(functionWith(changes, beside)));

describe('a resource', () => {
  it('passes in the form that CloudFormation takes', () => {
    expect(found({})).toEqual([]);
    expect(found({}, { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' })).toEqual([]);
  });

  it.each<[string, object, object, string]>([
    [
      'an unknown type',
      {},
      { Type: 'AWS::Lambda::Funktion' },
      'Work Type: CloudFormation has no type AWS::Lambda::Funktion.',
    ],
    [
      'an unknown key',
      {},
      { DeletionPolice: 'Retain' },
      'Work DeletionPolice: A resource has no DeletionPolice.',
    ],
    [
      'an unknown policy of deletion',
      {},
      { DeletionPolicy: 'RetainOnCreate' },
      'Work DeletionPolicy: "RetainOnCreate" is not one of Delete, Retain, RetainExceptOnCreate, Snapshot.',
    ],
    [
      'an unknown policy of replacement',
      {},
      { UpdateReplacePolicy: 'RetainExceptOnCreate' },
      'Work UpdateReplacePolicy: "RetainExceptOnCreate" is not one of Delete, Retain, Snapshot.',
    ],
    [
      'a snapshot of what has none',
      {},
      { DeletionPolicy: 'Snapshot' },
      'Work DeletionPolicy: There are no snapshots of the type AWS::Lambda::Function.',
    ],
    ['an unknown property', { Memory: 512 }, {}, 'Work Properties.Memory: There is no property Memory.'],
    [
      'an unknown property of a structure',
      { Environment: { Variable: {} } },
      {},
      'Work Properties.Environment.Variable: There is no property Variable.',
    ],
    [
      'an unknown property in a list of structures',
      { FileSystemConfigs: [{ Arn: 'arn', LocalMountPath: '/mnt/a', Path: '/' }] },
      {},
      'Work Properties.FileSystemConfigs.0.Path: There is no property Path.',
    ],
    [
      'an attribute that AWS sets',
      { Arn: 'arn:aws:lambda:us-east-1:111111111111:function:work' },
      {},
      'Work Properties.Arn: Arn is read-only: AWS sets it.',
    ],
    [
      'nothing where something is required',
      { Role: undefined },
      {},
      'Work Properties.Role: It is required, and is not there.',
    ],
    [
      'no value where something is required',
      { Role: { Ref: 'AWS::NoValue' } },
      {},
      'Work Properties.Role: It is required, and is not there.',
    ],
    [
      'nothing where a structure requires something',
      { FileSystemConfigs: [{ Arn: 'arn' }] },
      {},
      'Work Properties.FileSystemConfigs.0.LocalMountPath: It is required, and is not there.',
    ],
    [
      'a text in place of a number',
      { MemorySize: '512' },
      {},
      'Work Properties.MemorySize: It has to be a whole number, and is "512".',
    ],
    [
      'a fraction in place of a whole number',
      { MemorySize: 512.5 },
      {},
      'Work Properties.MemorySize: It has to be a whole number, and is 512.5.',
    ],
    [
      'a number in place of a text',
      { Handler: 7 },
      {},
      'Work Properties.Handler: It has to be a text, and is 7.',
    ],
    [
      'a text in place of a list',
      { Architectures: 'arm64' },
      {},
      'Work Properties.Architectures: It has to be a list, and is "arm64".',
    ],
    [
      'a list in place of a map',
      { Environment: { Variables: ['A'] } },
      {},
      'Work Properties.Environment.Variables: It has to be a map, and is ["A"].',
    ],
    [
      'an object in place of a text, in a map',
      { Environment: { Variables: { A: { b: 'c' } } } },
      {},
      'Work Properties.Environment.Variables.A: It has to be a text, and is {"b":"c"}.',
    ],
    [
      'a text in place of a structure',
      { VpcConfig: 'vpc-1' },
      {},
      'Work Properties.VpcConfig: It has to be an object, and is "vpc-1".',
    ],
    [
      'a tag without a key',
      { Tags: [{ Name: 'a', Value: 'b' }] },
      {},
      'Work Properties.Tags.0: It has to be a tag of Key and Value, and is {"Name":"a","Value":"b"}.',
    ],
    [
      'a joined text in place of a list',
      { Layers: { 'Fn::Join': ['', ['a', 'b']] } },
      {},
      'Work Properties.Layers: It has to be a list, which Fn::Join does not make.',
    ],
    [
      'a list of parts in place of a text',
      { Handler: { 'Fn::Split': ['.', 'a.b'] } },
      {},
      'Work Properties.Handler: It has to be a text, which Fn::Split does not make.',
    ],
    [
      'a reference in place of a structure',
      { VpcConfig: { Ref: 'Vpc' } },
      {},
      'Work Properties.VpcConfig: It has to be an object, which Ref does not make.',
    ],
    [
      'the wrong type in one branch of a condition',
      { MemorySize: { 'Fn::If': ['Big', 1024, 'small'] } },
      {},
      'Work Properties.MemorySize: It has to be a whole number, and is "small".',
    ],
    [
      'a value that the schema does not list',
      { PackageType: 'Tar' },
      {},
      'Work Properties.PackageType: "Tar" is not one of Image, Zip.',
    ],
  ])('is found with %s', (_what, changes, beside, line) => {
    expect(found(changes, beside)).toContain(line);
    expect(found(changes, beside)).toHaveLength(1);
  });

  it.each([
    ['a call in place of a number', { MemorySize: { Ref: 'Memory' } }],
    ['a call in place of a list', { Layers: { 'Fn::Split': [',', { Ref: 'Layers' }] } }],
    [
      'a condition that leaves a property out',
      { MemorySize: { 'Fn::If': ['Big', 1024, { Ref: 'AWS::NoValue' }] } },
    ],
  ])('passes with %s', (_what, changes) => {
    expect(found(changes)).toEqual([]);
  });

  it('of a type whose code is in the template has no schema', () => {
    const custom = { Work: { Type: 'Custom::Anything', Properties: { ServiceToken: 'arn', Any: [1] } } };

    expect(schemaFindings(templateWith(custom))).toEqual([]);
  });
});
