/**
 * Plants a fault in each group of the smoke command, except the slow one (`slow-plant.test.ts`): only the fact that has to find it
 * fails, by its name.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { chosenGroups, type GroupName, groupNames } from '../../smoke/groups.ts';
import { localStage } from '../../smoke/local-stage.ts';
import { failuresOf, type SmokeResult } from '../../smoke/result.ts';
import { runGroups } from '../../smoke/run.ts';
import type { Stage } from '../../smoke/stage.ts';
import { sharedRuntime } from '../shared-runtime.ts';
import { healthyAccount, healthyLogs } from './aws-doors.ts';
import { ownTerms } from './own-terms.ts';
import { plants } from './plants.ts';

/** Each waits eight seconds or more for a frame that never comes, so they wait at the same time. */
const waiting: readonly GroupName[] = ['messages', 'lost', 'presence', 'wide'];

function run(stage: Stage, group: GroupName): Promise<SmokeResult> {
  return runGroups(stage, chosenGroups({ groups: [group], slow: false }), () => {});
}

describe('a group of the smoke command', () => {
  let stage: Stage;

  beforeAll(async () => {
    const { runtime } = await sharedRuntime();
    stage = await localStage(runtime.urls.websocket, ownTerms);
  });

  const casesOf = (groups: readonly GroupName[]) =>
    groups.map((group) => [group, plants[group].fault, plants[group].fact] as const);

  async function failsIn(group: GroupName, fact: string): Promise<void> {
    const planted = plants[group].plant(stage);
    const result = await run(planted, group);

    expect(failuresOf(result)).toEqual([`${group}/${fact}`]);
    expect(result.verdict).toBe('failed');
  }

  it.each(casesOf(groupNames.filter((group) => group !== 'slow' && !waiting.includes(group))))(
    '%s, where %s, fails in %s',
    (group, _fault, fact) => failsIn(group, fact),
  );

  it.concurrent.each(casesOf(waiting))('%s, where %s, fails in %s', (group, _fault, fact) =>
    failsIn(group, fact),
  );

  it('account passes if the account has enough of everything', async () => {
    const { counts } = await run({ ...stage, account: healthyAccount }, 'account');

    expect(counts).toEqual({ passed: 7, failed: 0, skipped: 0 });
  });

  it('logs passes if the access log has the connection, and no log has a token', async () => {
    const { counts } = await run({ ...stage, logs: healthyLogs }, 'logs');

    expect(counts).toEqual({ passed: 2, failed: 0, skipped: 0 });
  });

  it('fallback is skipped if the stage has none', async () => {
    const { counts, groups } = await run({ ...stage, fallbackUrl: undefined }, 'fallback');

    expect(counts).toEqual({ passed: 0, failed: 0, skipped: 4 });
    expect(groups[0]?.facts[0]?.seen).toBe('the fallback is off in this stage');
  });
});
