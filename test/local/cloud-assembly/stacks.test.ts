import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type AssembledStack,
  chosenStacks,
  stacksIn,
} from '../../../packages/local/src/cloud-assembly/stacks.ts';
import { StartError } from '../../../packages/local/src/start-error.ts';

async function assembly(manifests: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assembly-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(manifests)) {
    await mkdir(path.join(folder, path.dirname(name)), { recursive: true });
    await writeFile(path.join(folder, name), JSON.stringify(content));
  }
  return folder;
}

const stack = (properties: object, more: object = {}) => ({
  type: 'aws:cloudformation:stack',
  properties,
  ...more,
});

describe('stacksIn', () => {
  it('finds the stacks of the app and those of its stages', async () => {
    const folder = await assembly({
      'manifest.json': {
        artifacts: {
          'Own.assets': { type: 'cdk:asset-manifest', properties: { file: 'Own.assets.json' } },
          Own: stack({ templateFile: 'Own.template.json' }),
          Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
          'assembly-Prod': { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Prod' } },
        },
      },
      'assembly-Prod/manifest.json': {
        artifacts: {
          ProdApi: stack(
            { templateFile: 'ProdApi.template.json', stackName: 'Prod-Api' },
            { displayName: 'Prod/Api' },
          ),
        },
      },
    });

    expect(await stacksIn(folder)).toEqual([
      {
        id: 'Own',
        stackName: 'Own',
        templateFile: path.join(folder, 'Own.template.json'),
        assetManifests: [path.join(folder, 'Own.assets.json')],
      },
      {
        id: 'Prod/Api',
        stackName: 'Prod-Api',
        templateFile: path.join(folder, 'assembly-Prod', 'ProdApi.template.json'),
        assetManifests: [],
      },
    ]);
  });

  it('refuses an app whose questions to AWS have no answer', async () => {
    const folder = await assembly({ 'manifest.json': { missing: [{ provider: 'vpc-provider' }] } });

    await expect(stacksIn(folder)).rejects.toThrow(
      /only an account can tell \(vpc-provider\); run cdk synth once/,
    );
  });

  it('refuses a folder that the CDK has not written', async () => {
    const folder = await assembly({});

    await expect(stacksIn(folder)).rejects.toThrow(
      new StartError(`There is no file ${path.join(folder, 'manifest.json')}.`),
    );
  });
});

describe('chosenStacks', () => {
  const one: AssembledStack = { id: 'Prod/One', stackName: 'Prod-One', templateFile: '', assetManifests: [] };
  const other: AssembledStack = { ...one, id: 'Other', stackName: 'Other' };

  it('takes the only stack by default', () => {
    expect(chosenStacks([one], [])).toEqual([one]);
  });

  it('takes the named stacks, by their ids or their names', () => {
    expect(chosenStacks([one, other], ['Other', 'Prod-One'])).toEqual([other, one]);
  });

  it.each([
    ['of several none is named', [one, other], [], 'Choose stacks with --stack: Prod/One, Other.'],
    ['there is none', [], [], 'The app has no stacks.'],
    ['one is named that is not there', [one], ['Two'], 'The app has no stack Two; it has Prod/One.'],
  ])('refuses to choose when %s', (_when, stacks, wanted, sentence) => {
    expect(() => chosenStacks(stacks, wanted)).toThrow(new StartError(sentence));
  });
});
