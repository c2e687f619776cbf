import { describe, expect, it } from 'vitest';
import { StartError } from '../../../packages/local/src/start-error.ts';
import { readAppModel } from '../../../packages/local/src/template/app-model.ts';
import { parseTemplate } from '../../../packages/local/src/template/cloud-formation.ts';

const withFunction = (properties: object) =>
  parseTemplate({
    Resources: {
      Work: { Type: 'AWS::Lambda::Function', Properties: { Handler: 'index.main', ...properties } },
    },
  });

describe('a function of a template', () => {
  it('may have its code in the template', () => {
    const source = { 'Fn::Join': ['', ['exports.main = ', { Ref: 'AWS::AccountId' }]] };
    const { functions, inlineSources } = readAppModel(withFunction({ Code: { ZipFile: source } }));

    expect(functions).toMatchObject([{ s3Key: 'inline/Work', handler: 'index.main' }]);
    expect([...inlineSources]).toEqual([['inline/Work', 'exports.main = 000000000000']]);
  });

  const inBucket = { Code: { S3Key: 'key' } };

  it.each(['nodejs18.x', 'nodejs20.x', 'nodejs22.x', 'nodejs24.x'])('may run on %s', (Runtime) => {
    const { functions } = readAppModel(withFunction({ ...inBucket, Runtime }));

    expect(functions).toMatchObject([{ s3Key: 'key' }]);
  });

  const obstacles: [what: string, properties: object, sentence: string][] = [
    ['another language', { ...inBucket, Runtime: 'python3.13' }, 'its runtime is python3.13.'],
    [
      'an image',
      { PackageType: 'Image', Code: { ImageUri: 'uri' }, Handler: undefined },
      'its code is a container image.',
    ],
    ['no code', { Code: {} }, 'it has no code.'],
  ];

  it.each(obstacles)('is refused with %s', (_what, properties, sentence) => {
    expect(() => readAppModel(withFunction(properties))).toThrow(
      new StartError(`The local runtime does not run Work (AWS::Lambda::Function): ${sentence}`),
    );
  });

  it.each(obstacles)(
    'with %s fails when it is called if unsupported parts are ignored',
    (_what, properties, sentence) => {
      const notes: string[] = [];
      const template = withFunction(properties);
      const { functions, inlineSources } = readAppModel(template, (note) => notes.push(note));

      expect(functions).toMatchObject([{ name: 'Work', handler: 'index.handler' }]);
      expect([...inlineSources.values()]).toEqual([expect.stringContaining(sentence)]);
      expect(notes).toEqual([expect.stringContaining(sentence)]);
    },
  );
});
