/** One broadcast to a crowd: the real publisher and the real workers, on a platform that is simulated. */

import { unmetered } from '../../lambdas/realtime/access/meter.ts';
import { publishLogged } from '../../lambdas/realtime/log/publish.ts';
import { randomFrom } from '../../packages/local/src/seeded-random.ts';
import type { Crowd } from './crowd.ts';
import { ExecutionEnvironment } from './execution-environment.ts';
import { withSeededMath } from './seeded-math.ts';
import { type Conditions, simulatedCloud } from './simulated-cloud.ts';
import { CHANNEL } from './tables.ts';
import { Tally } from './tally.ts';
import { VirtualClock } from './virtual-clock.ts';

/** Almost a KB, as most messages are less. */
const DATA = 'x'.repeat(900);

const RETENTION = { retentionMs: 60 * 60 * 1000 };
const STARTED_AT = Date.UTC(2026, 10, 22, 12);

/** Publishes one message, and lets time go by until every subscriber has it or was disconnected. The same seed gives the same run. */
export async function broadcastTo(crowd: Crowd, conditions: Conditions, seed: number): Promise<Tally> {
  const clock = new VirtualClock(STARTED_AT);
  const tally = new Tally(crowd.size, STARTED_AT);
  const portsIn = simulatedCloud(crowd, conditions, { clock, tally, seed });
  const publisher = { kind: 'user', id: 'someone' } as const;

  async function publish(): Promise<void> {
    tally.began(false);
    await publishLogged(
      { ports: portsIn(new ExecutionEnvironment()), channel: CHANNEL, retention: RETENTION },
      publisher,
      [{ data: DATA }],
      unmetered,
    );
    tally.ended(clock.now() - STARTED_AT);
    tally.replied(clock.now());
  }
  await withSeededMath(randomFrom(seed), () => clock.run(publish()));
  return tally;
}
