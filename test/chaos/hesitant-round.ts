/**
 * Stands in for `deliverPacked` in a run: one of the requests of a round is held up, so that a kill falls between any two of them, and
 * so that other workers come meanwhile.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { type RoundPorts, deliverPacked as soundRound } from '../../lambdas/realtime/log/round.ts';

/** Milliseconds. */
const LONGEST_MS = 400;

const SLOW_STEPS = ['look', 'take', 'subscribers', 'post', 'finish'] as const;

function hesitant(ports: RoundPorts): RoundPorts {
  const { turns, subscriptions, outbound } = ports;
  let slow = SLOW_STEPS[Math.floor(SLOW_STEPS.length * Math.random())];
  const at = async <Result>(step: (typeof SLOW_STEPS)[number], run: () => Promise<Result>) => {
    if (step === slow) {
      slow = undefined;
      await sleep(LONGEST_MS * Math.random());
    }
    return run();
  };
  return {
    ...ports,
    turns: {
      look: (...args) => at('look', () => turns.look(...args)),
      take: (...args) => at('take', () => turns.take(...args)),
      finish: (...args) => at('finish', () => turns.finish(...args)),
    },
    subscriptions: {
      ...subscriptions,
      page: (...args) => at('subscribers', () => subscriptions.page(...args)),
    },
    outbound: { ...outbound, post: (...args) => at('post', () => outbound.post(...args)) },
  };
}

export const deliverPacked: typeof soundRound = (log, woken) =>
  soundRound({ ...log, ports: hesitant(log.ports) }, woken);
