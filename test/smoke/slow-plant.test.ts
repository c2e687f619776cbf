/** A fault in the slow group of the smoke command, whose facts wait for hours: on timers that the test has in its hands. */

import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { chosenGroups } from '../../smoke/groups.ts';
import { PATIENCE } from '../../smoke/patience.ts';
import { failuresOf, type SmokeResult } from '../../smoke/result.ts';
import { runGroups } from '../../smoke/run.ts';
import type { Stage } from '../../smoke/stage.ts';
import { ownTerms } from './own-terms.ts';
import { paperStage } from './paper-stage.ts';
import { plants } from './plants.ts';

const HOURS_MS = 3 * 60 * 60 * 1000;

async function closedDoor(): Promise<never> {
  throw new Error('The slow group uses sockets only');
}

/** Only its sockets are used, which are on paper. */
const stage: Stage = {
  ...ownTerms,
  name: 'local',
  url: 'ws://paper.example/local',
  secret: '0'.repeat(64),
  open: closedDoor,
  fetch: closedDoor,
  apiUrl: 'http://paper.example/local',
  fallbackUrl: undefined,
  management: { get: closedDoor, post: closedDoor, postWronglySigned: closedDoor, delete: closedDoor },
  putEvent: closedDoor,
  runsOfDefault: undefined,
  account: undefined,
  logs: undefined,
  patience: PATIENCE,
};

async function runSlow(planted: Stage): Promise<SmokeResult> {
  const result = runGroups(planted, chosenGroups({ groups: ['slow'], slow: false }), () => {});
  await vi.advanceTimersByTimeAsync(HOURS_MS);
  return result;
}

describe('the slow group of the smoke command', () => {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    });
    onTestFinished(() => {
      vi.useRealTimers();
    });
  });

  const { fault, fact, plant } = plants.slow;

  it(`slow, where ${fault}, fails in ${fact}`, async () => {
    const result = await runSlow(plant(stage));

    expect(failuresOf(result)).toEqual([`slow/${fact}`]);
    expect(result.verdict).toBe('failed');
  });

  it('slow passes where connections are closed after ten minutes of silence, and after two hours', async () => {
    const { counts } = await runSlow(paperStage(stage, {}));

    expect(counts).toEqual({ passed: 3, failed: 0, skipped: 0 });
  });
});
