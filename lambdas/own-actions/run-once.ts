/**
 * Runs something once for a key. The first attempt takes a lease, runs, and stores its outcome; every later attempt gets that outcome.
 *
 * If the function dies in the middle, it is not known how far the run has come. Attempts are refused until the lease ends, and the
 * next one then runs again.
 */

import { randomUUID } from 'node:crypto';
import { ProtocolError } from 'fanfare-protocol/errors';
import type { Clock } from '../realtime/clock.ts';
import { asError } from '../realtime/failures.ts';
import { logLines } from '../realtime/log-lines.ts';
import type { Logging } from '../realtime/structured-log.ts';
import type { Run, RunStore } from './run-store.ts';

/** As long as a retry key of a publish. Milliseconds. */
export const RUN_WINDOW_MS = 10 * 60 * 1000;

/** For the two requests to the table before and after the run. Milliseconds. */
const LEASE_MARGIN_MS = 5_000;

/** An attempt asks again after this long at the latest: most runs are short. Milliseconds. */
const ASK_AGAIN_MS = 500;

export interface RunPorts extends Pick<Clock, 'now'>, Logging {
  readonly runs: RunStore;
}

/** Why a run has no outcome, and whether it may still be going on. */
export class RunFailed extends Error {
  override readonly name = 'RunFailed';
  readonly mayStillRun: boolean;

  constructor(cause: unknown, mayStillRun: boolean) {
    super('A run failed', { cause });
    this.mayStillRun = mayStillRun;
  }
}

interface Once {
  readonly runKey: string;
  /** The longest that the run takes. Milliseconds. */
  readonly budgetMs: number;
  /** @throws RunFailed */
  readonly run: () => Promise<string>;
}

/**
 * The outcome of the one run.
 *
 * @throws ProtocolError `busy` while another attempt may run.
 * @throws the cause of `RunFailed`.
 */
export async function runOnce(ports: RunPorts, { runKey, budgetMs, run }: Once): Promise<string> {
  const { runs, now } = ports;
  const mine: Run = { runKey, owner: randomUUID() };
  const begunAt = now();
  const state = await runs.begin(mine, {
    now: begunAt,
    leaseUntil: begunAt + budgetMs + LEASE_MARGIN_MS,
    expiresAt: begunAt + RUN_WINDOW_MS,
  });
  if (state.kind === 'finished') return state.outcome;
  if (state.kind === 'running') throw stillRunning(state.leaseUntil - begunAt);
  const outcome = await attempt(runs, mine, run);
  // This attempt was so slow that its lease had ended, and another one has begun: only its outcome counts.
  if (!(await finish(ports, mine, outcome))) throw stillRunning(ASK_AGAIN_MS);
  return outcome;
}

/** If the table fails, the outcome is answered all the same: a caller that got an error would repeat the call, and it would run again. */
async function finish({ runs, log }: RunPorts, mine: Run, outcome: string): Promise<boolean> {
  try {
    return await runs.finish(mine, outcome);
  } catch (error) {
    log.warn(logLines.outcomeNotStored, { reason: String(asError(error)) });
    return true;
  }
}

async function attempt(runs: RunStore, mine: Run, run: () => Promise<string>): Promise<string> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof RunFailed)) throw error;
    // A handler that took too long may still run, so the next attempt waits for the end of the lease.
    if (!error.mayStillRun) await runs.giveUp(mine);
    throw error.cause;
  }
}

function stillRunning(leftMs: number): ProtocolError {
  const retryAfter = Math.max(1, Math.min(leftMs, ASK_AGAIN_MS));
  return new ProtocolError('busy', 'This call is running already; ask again for its result.', retryAfter);
}
