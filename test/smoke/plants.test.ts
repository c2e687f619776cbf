/** Plants a fault in each group of the smoke command: only the fact that has to find it fails, by its name. */

import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { chosenGroups, type GroupName, groupNames } from '../../smoke/groups.ts';
import { localStage } from '../../smoke/local-stage.ts';
import { failuresOf, type SmokeResult } from '../../smoke/result.ts';
import { runGroups } from '../../smoke/run.ts';
import type { Stage } from '../../smoke/stage.ts';
import type { Runtime } from '../runtime.ts';
import { tokenSecretOf } from '../tokens.ts';
import { healthyAccount, healthyLogs } from './aws-doors.ts';
import { paperStage } from './paper-stage.ts';
import { plants } from './plants.ts';
import { startSmokeRuntime } from './smoke-runtime.ts';

const HOURS_MS = 3 * 60 * 60 * 1000;

/** Each waits eight seconds for a frame that never comes, so they wait at the same time. */
const waiting: readonly GroupName[] = ['lost', 'presence', 'wide'];

/** Their facts wait for hours, on timers that the test has in its hands. */
function runSlow(stage: Stage): Promise<SmokeResult> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const result = run(stage, 'slow');
  return vi.advanceTimersByTimeAsync(HOURS_MS).then(() => result);
}

function run(stage: Stage, group: GroupName): Promise<SmokeResult> {
  return runGroups(stage, chosenGroups({ groups: [group], slow: false }), () => {});
}

describe('a group of the smoke command', () => {
  let runtime: Runtime;
  let stage: Stage;

  beforeAll(async () => {
    runtime = await startSmokeRuntime();
    await tokenSecretOf(runtime);
    stage = await localStage(runtime.urls.websocket);
  });

  afterAll(() => runtime.close());

  const casesOf = (groups: readonly GroupName[]) =>
    groups.map((group) => [group, plants[group].fault, plants[group].fact] as const);

  async function failsIn(group: GroupName, fact: string): Promise<void> {
    const planted = plants[group].plant(stage);
    const result = await (group === 'slow' ? runSlow(planted) : run(planted, group));

    expect(failuresOf(result)).toEqual([`${group}/${fact}`]);
    expect(result.verdict).toBe('failed');
  }

  it.each(casesOf(groupNames.filter((group) => !waiting.includes(group))))(
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

  it('slow passes if connections are closed after ten minutes of silence, and after two hours', async () => {
    const { counts } = await runSlow(paperStage(stage, {}));

    expect(counts).toEqual({ passed: 3, failed: 0, skipped: 0 });
  });

  it('fallback is skipped if the stage has none', async () => {
    const { counts, groups } = await run({ ...stage, fallbackUrl: undefined }, 'fallback');

    expect(counts).toEqual({ passed: 0, failed: 0, skipped: 4 });
    expect(groups[0]?.facts[0]?.seen).toBe('the fallback is off in this stage');
  });
});
