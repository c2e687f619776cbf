/** A process that delivers in each way, round after round, and reports the CPU time of a delivery. */

import * as v from 'valibot';
import { tellParent } from '../child.ts';
import { connectionIdOf } from './connection-ids.ts';
import { type Costs, costOrder } from './rounds.ts';
import { type WayName, waysTo } from './ways.ts';

/** The ways take turns, so that other load of the machine affects all of them. The cheap ways have more rounds. */
const ROUND: readonly WayName[] = ['sdkUnbounded', 'sdk', 'ours', 'floor', 'ours', 'floor', 'ours', 'floor'];

/** Delivered before every measurement, so that its sockets are open and its code is compiled. */
const WARM_UP = 500;

const { rounds, connections, ...address } = v.parse(costOrder, JSON.parse(process.argv[2] ?? '{}'));
const connectionIds = Array.from({ length: connections }, (_, number) => connectionIdOf(number));
const ways = waysTo(address);
const costs: Costs = { sdkUnbounded: [], sdk: [], ours: [], floor: [] };

for (let round = 0; round < rounds; round++) {
  for (const name of ROUND) {
    await ways[name](connectionIds.slice(0, WARM_UP));
    // Collects the garbage of the way before, so that this way does not pay for it.
    globalThis.gc?.();
    costs[name].push((await microsecondsOf(() => ways[name](connectionIds))) / connections);
  }
}
tellParent(costs);

/** CPU time, of all threads. */
async function microsecondsOf(run: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
