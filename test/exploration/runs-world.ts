/** One run: repetitions of a call with one key, on functions that die anywhere, while leases end. */

import { RUN_WINDOW_MS, RunFailed, runOnce } from '../../lambdas/own-actions/run-once.ts';
import type { RunStore } from '../../lambdas/own-actions/run-store.ts';
import { memoryPorts, NOW } from '../memory/memory-ports.ts';
import { memoryRuns } from '../memory/memory-runs.ts';
import { type Chooser, type Option, Scheduler } from './scheduler.ts';

/** What is different in a run of the world. */
export interface RunsCase {
  readonly repetitions: number;
  readonly crashes: number;
  /** Whether a lease may end while its function still works, because the function was slower than its budget. */
  readonly areLeasesTooShort: boolean;
  /** The first attempts whose handler throws. */
  readonly throwing: number;
  readonly store?: (store: RunStore) => RunStore;
}

export interface RunsSeen {
  /** How often the handler has begun. */
  readonly begun: number;
  /** How often it has thrown. */
  readonly thrown: number;
  readonly crashed: number;
  /** The outcome that each repetition was answered with. */
  readonly answers: readonly string[];
  /** The most handlers that worked at the same time. */
  readonly atOnce: number;
  readonly order: readonly Option[];
}

/** How often a repetition asks again. */
const PATIENCE = 3;

const BUDGET_MS = 3_000;

export async function observeRuns(choose: Chooser, given: RunsCase): Promise<RunsSeen> {
  const { repetitions, crashes, areLeasesTooShort, throwing, store = (same) => same } = given;
  const scheduler = new Scheduler();
  const runs = store(memoryRuns());
  const { log } = memoryPorts();
  /** Who has asked for the run and is not answered yet, and whose handler is working. */
  const asking = new Set<string>();
  const working = new Set<string>();
  const seen = { begun: 0, thrown: 0, answers: [] as string[], atOnce: 0 };
  let now = NOW;

  const handle = async (name: string): Promise<string> => {
    const number = await scheduler.step(name, 'handler begins', async () => {
      working.add(name);
      seen.begun += 1;
      seen.atOnce = Math.max(seen.atOnce, working.size);
      return seen.begun;
    });
    return scheduler.step(name, 'handler ends', async () => {
      working.delete(name);
      if (number > throwing) return `run ${number}`;
      seen.thrown += 1;
      throw new RunFailed(new Error('thrown'), false);
    });
  };

  const repeat = async (name: string): Promise<void> => {
    const stepped: RunStore = {
      begin: (...args) => scheduler.step(name, 'begin', () => runs.begin(...args)),
      finish: (...args) => scheduler.step(name, 'finish', () => runs.finish(...args)),
      giveUp: (...args) => scheduler.step(name, 'give up', () => runs.giveUp(...args)),
    };
    for (let attempt = 0; attempt < PATIENCE; attempt++) {
      const once = { runKey: 'key', budgetMs: BUDGET_MS, run: () => handle(name) };
      asking.add(name);
      const answer = await runOnce({ runs: stepped, now: () => now, log }, once).catch(() => undefined);
      asking.delete(name);
      if (answer !== undefined) return void seen.answers.push(answer);
      await scheduler.step(name, 'pause', async () => {});
    }
  };

  const endLeases = async (): Promise<void> => {
    for (let end = 0; end < 2; end++) {
      await scheduler.step('clock', 'leases end', async () => {
        if (areLeasesTooShort || asking.size === 0) now += RUN_WINDOW_MS / 10;
      });
    }
  };

  scheduler.spare('clock');
  void endLeases();
  for (let index = 0; index < repetitions; index++) void repeat(`repetition ${index}`);
  const order = await scheduler.run((options) => {
    // A function that has died works no more.
    const index = choose(options);
    const option = options[index];
    if (option?.kind === 'crash') for (const set of [asking, working]) set.delete(option.process);
    return index;
  }, crashes);
  const crashed = order.filter(({ kind }) => kind === 'crash').length;
  return { ...seen, crashed, order };
}
