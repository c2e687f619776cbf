/** Plays a situation from a seed, in virtual time, and returns its figures. */

import { connect } from 'fanfare-client';
import { randomFrom } from '../../packages/local/src/seeded-random.ts';
import { onPlatformOf } from './platform.ts';
import { MINUTE, type Page, SECOND, type Situation } from './situation.ts';
import { Stage, type Subject } from './stage.ts';

export interface Figures {
  readonly expected: number;
  readonly missed: number;
  readonly twice: number;
  /** Milliseconds. */
  readonly lateP50: number;
  readonly lateP99: number;
  /** `undefined` if no message was expected. */
  readonly bytesOverNeeded: number | undefined;
  /** Of one client. */
  readonly attemptsPerMinute: number;
  /** The share of the clients that attempted in the worst second; `undefined` outside of storms. */
  readonly worstSecond: number | undefined;
}

export const fanfare: Subject = { connect };

export async function play(situation: Situation, seed: number, subject: Subject = fanfare): Promise<Figures> {
  const stage = new Stage(subject, randomFrom(seed));
  const pass = async (page: Page) => {
    situation.play(stage, page);
    await stage.time.passUntil(situation.lastsMs);
    for (const { connection } of stage.visitors) connection.close();
  };
  if (situation.onPlatform) {
    stage.local = stage.device();
    await onPlatformOf(stage.local, pass);
  } else await pass({ show: () => {} });
  return figuresOf(situation, stage);
}

function figuresOf(situation: Situation, { tally, visitors }: Stage): Figures {
  const { learnsFromLateMs, lastsMs, stormFrom } = situation;
  const learnt = learnsFromLateMs === undefined ? 0 : tally.firstLate(learnsFromLateMs);
  const { bytesNeeded, ...counts } = tally.counts(learnt);
  const links = visitors.map(({ device }) => device.link);
  const bytes = links.reduce((sum, { down }) => sum + down.bytes, 0);
  const attempts = links.flatMap((link) => link.attempts);
  return {
    ...counts,
    bytesOverNeeded: bytesNeeded === 0 ? undefined : bytes / bytesNeeded,
    attemptsPerMinute: attempts.length / visitors.length / (lastsMs / MINUTE),
    worstSecond: stormFrom === undefined ? undefined : worstSecond(attempts, stormFrom) / visitors.length,
  };
}

/** The most attempts in any second from this time on. */
function worstSecond(attempts: readonly number[], from: number): number {
  const times = attempts.filter((time) => time >= from).toSorted((one, other) => one - other);
  let first = 0;
  let most = 0;
  for (const [index, time] of times.entries()) {
    while ((times[first] ?? time) <= time - SECOND) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
