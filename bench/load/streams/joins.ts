/** Many users join one channel with presence: how many posts tell of it, and how late they are. */

import { randomFrom } from '../../../packages/local/src/seeded-random.ts';
import { connectionIdOf } from '../../simulator/crowd.ts';
import { withSeededMath } from '../../simulator/seeded-math.ts';
import { percentile } from '../load-tally.ts';
import { PresenceWorld, type StageSize } from './presence-world.ts';

export interface Joins extends StageSize {
  readonly users: number;
  readonly withinMs: number;
}

export interface JoinFigures {
  readonly posts: number;
  /** From a join until its last observer was told. Milliseconds. */
  readonly delayMedianMs: number;
  readonly delayP99Ms: number;
  readonly delayLongestMs: number;
  /** From a join until the reader of the stream has handled it. Milliseconds. */
  readonly lagLongestMs: number;
  readonly executions: number;
  /** Executions of `farewell`, which tells the joins that have waited for the window. */
  readonly farewells: number;
  /** Users whose join no observer was told. */
  readonly untold: number;
}

const CHANNEL = 'room:everyone';

export async function runJoins(
  { users, withinMs, ...stage }: Joins,
  conditions: { readonly cpuMicrosPerPost: number; readonly seed: number },
): Promise<JoinFigures> {
  const world = new PresenceWorld({ ...stage, ...conditions });
  const { clock, random, told, desk, reader, pool, farewell } = world;
  const joinedAt = new Map<string, number>();
  const joinAll = async () => {
    let at = clock.now();
    for (let user = 0; user < users; user++) {
      at += (-withinMs / users) * Math.log(1 - random());
      if (at > clock.now()) await clock.pause(at - clock.now());
      joinedAt.set(`user-${user}`, clock.now());
      await world.join(CHANNEL, connectionIdOf(user), `user-${user}`);
    }
  };
  await withSeededMath(randomFrom(conditions.seed), () => clock.run(joinAll()));
  const delays = [...told.at].map(([user, at]) => at - (joinedAt.get(user) ?? at));
  return {
    posts: desk.posts,
    delayMedianMs: percentile(delays, 0.5),
    delayP99Ms: percentile(delays, 0.99),
    delayLongestMs: percentile(delays, 1),
    lagLongestMs: percentile(reader.lags, 1),
    executions: pool.peakWanted,
    farewells: farewell.invocations,
    untold: users - told.at.size,
  };
}
