/** The workers of a stage may use a part of the account's executions, if the stage says so, and all other functions share the rest. */

import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { manifest } from '../../lambdas/manifest/manifest.ts';
import { accountWith } from '../../lib/settings/account-quotas.ts';
import { shareOf } from '../../lib/settings/quota-shares.ts';
import { type StageSettings, stages } from '../../lib/settings/stage-settings.ts';
import { deployedNames, stacksOf } from './template.ts';

/** The reserved executions by the purpose of the function. */
function reservations(settings: StageSettings): Readonly<Record<string, unknown>> {
  const functions = Template.fromStack(stacksOf(settings).backend).findResources('AWS::Lambda::Function');
  return Object.fromEntries(
    Object.values(functions).flatMap(({ Properties }) =>
      'ReservedConcurrentExecutions' in Properties
        ? [[Properties.Description, Properties.ReservedConcurrentExecutions]]
        : [],
    ),
  );
}

describe('the workers of a stage', () => {
  it('have reserved executions in an account that has some, and no other function has', () => {
    const settings = { ...stages.prod, ...shareOf(accountWith(10_000, 1_000), 0.8) };

    expect(reservations(settings)).toEqual({
      [manifest.deliver.purpose]: 48,
      [manifest.farewell.purpose]: 24,
    });
  });

  it.each(deployedNames)('have none in a new account, so that the stage %s can be created (LF-3)', (name) => {
    expect(reservations(stages[name])).toEqual({});
  });

  it('are the functions that wait for the quota or for users: deliver and farewell', () => {
    const bounded = Object.entries(manifest).filter(([, of]) => 'bounded' in of);

    expect(bounded.map(([name, of]) => [name, 'bounded' in of && of.bounded])).toEqual([
      ['deliver', 'deliver'],
      ['farewell', 'farewell'],
    ]);
  });
});

describe('the readers of streams', () => {
  const batchesOf = (settings: StageSettings) =>
    Object.values(
      Template.fromStack(stacksOf(settings).backend).findResources('AWS::Lambda::EventSourceMapping'),
    ).map(({ Properties }) => Properties.ParallelizationFactor);

  it('have ten batches of each shard at once in an account with executions for them', () => {
    const batches = batchesOf({ ...stages.prod, ...shareOf(accountWith(10_000, 1_000), 0.8) });

    expect(new Set(batches)).toEqual(new Set([10]));
  });

  it.each(deployedNames)(
    'have one in a new account, so that the stage %s keeps executions for commands',
    (name) => {
      expect(new Set(batchesOf(stages[name]))).toEqual(new Set([1]));
    },
  );
});
