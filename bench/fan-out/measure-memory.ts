/** A process that delivers to many connections, batch after batch, and reports its peak of memory. */

import * as v from 'valibot';
import { BATCH_SIZE } from '../../lambdas/realtime/delivery/delivery-plan.ts';
import { tellParent } from '../child.ts';
import { recipients } from './connection-ids.ts';
import { type Memory, memoryOrder } from './rounds.ts';
import { UNLIMITED, workerTo } from './worker.ts';

const { connections, ...address } = v.parse(memoryOrder, JSON.parse(process.argv[2] ?? '{}'));
const deliver = workerTo(address);

for (let first = 0; first < connections; first += BATCH_SIZE) {
  const { sent } = await deliver(recipients(BATCH_SIZE, first), UNLIMITED);
  if (sent !== BATCH_SIZE) throw new Error(`Only ${sent} of ${BATCH_SIZE} were sent`);
}
// In kilobytes on every operating system.
const memory: Memory = { peakMegabytes: process.resourceUsage().maxRSS / 1024 };
tellParent(memory);
