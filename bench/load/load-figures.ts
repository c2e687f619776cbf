/** The figures of a workload: of its span, unless they say something else. */

import type { LoadRun } from './load-run.ts';
import { percentile } from './load-tally.ts';

export interface LoadFigures {
  /** Posts that were tried, for each subscriber of each publish. */
  readonly attemptsPerPost: number;
  /** Executions that ran, or that events waited for, at one moment. From the beginning of the span on. */
  readonly executionsWanted: number;
  /** Executions of `deliver` at one moment, in the whole run. */
  readonly workers: number;
  readonly waitMedianMs: number;
  readonly waitP99Ms: number;
  /** Between 0 and 1. */
  readonly connectsRefused: number;
  readonly commandsRefused: number;
  /** Clients, in the whole run. */
  readonly disconnected: number;
  /** Clients of channels with a history that lack a message at the end. */
  readonly behind: number;
  readonly catchUps: number;
  readonly delayP99Ms: number;
  /** The part of the messages of channels without a history that arrived, between 0 and 1. */
  readonly liveShare: number;
}

export function figuresOf({ tally, pool, viewers, workers, behind }: LoadRun): LoadFigures {
  const { connects, commands } = tally;
  return {
    attemptsPerPost: tally.attempts / tally.offered,
    executionsWanted: pool.peakWanted,
    workers,
    waitMedianMs: Math.round(percentile(tally.waits, 0.5)),
    waitP99Ms: Math.round(percentile(tally.waits, 0.99)),
    connectsRefused: (connects.byGateway + connects.byLambda) / connects.asked,
    commandsRefused: (commands.byGateway + commands.byLambda) / commands.asked,
    disconnected: tally.disconnected,
    behind,
    catchUps: viewers.catchUps,
    delayP99Ms: Math.round(percentile(viewers.delays, 0.99)),
    liveShare: tally.liveAccepted / tally.liveOffered,
  };
}
