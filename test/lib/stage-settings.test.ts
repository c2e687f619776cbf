import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stackNameOf } from '../../lib/settings/stack-name.ts';
import { deployedStage, type StageSettings, stages } from '../../lib/settings/stage-settings.ts';
import { deployedNames, stacksOf, stageNames } from './template.ts';

describe('a stage to deploy', () => {
  it.each(deployedNames)('may be %s', (name) => {
    expect(deployedStage(name)).toBe(stages[name]);
  });

  it.each(['local', 'staging', 'toString', '', undefined, 7, ['dev']])(
    'may not be %j, and the choice is named',
    (name) => {
      expect(() => deployedStage(name)).toThrow(
        `Choose the stage with -c stage=dev or -c stage=prod; got ${JSON.stringify(name)}.`,
      );
    },
  );
});

describe('a third stage', () => {
  const staging: StageSettings = { ...stages.prod, name: 'staging' };
  const table = { ...stages, staging };

  it('is an entry of the table, which can be deployed like the others', () => {
    expect(deployedStage('staging', table)).toBe(staging);
    expect(deployedStage('prod', table)).toBe(stages.prod);
    expect(() => deployedStage('local', table)).toThrow(
      'Choose the stage with -c stage=dev or -c stage=prod or -c stage=staging; got "local".',
    );
  });

  it('has a stack of its own, in which no name contains another stage', () => {
    const { backend } = stacksOf(staging);
    const text = JSON.stringify(Template.fromStack(backend).toJSON());

    expect(backend.stackName).toBe(stackNameOf('staging'));
    expect(text).toContain('"stage":["staging"]');
    expect(text).not.toMatch(/Fanfare-(?:prod|dev|local)|fanfare[-.](?:prod|dev|local)/);
  });
});

describe('every stage', () => {
  it.each(stageNames)('%s has the name of its entry', (name) => {
    expect(stages[name].name).toBe(name);
  });
});
