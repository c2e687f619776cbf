/** Delivers to an endpoint the way a delivery worker does: our posts, at our pace, again where they fail. */

import { setTimeout as sleep } from 'node:timers/promises';
import { managementApi } from '../../lambdas/aws/management-api.ts';
import { WORKER_BUDGET_MS } from '../../lambdas/realtime/delivery/delivery-plan.ts';
import { FlowControl } from '../../lambdas/realtime/delivery/flow-control.ts';
import { postAll } from '../../lambdas/realtime/delivery/post-all.ts';
import type { Posted } from '../../lambdas/realtime/delivery/post-tally.ts';
import type { Recipient } from './connection-ids.ts';
import type { Listening } from './endpoint-messages.ts';
import { signatory } from './fake-signatory.ts';
import { frame } from './frame.ts';

/** More than any machine can post: then it is the cost that is measured, not the pace. */
export const UNLIMITED = 1_000_000;

export type Worker = (recipients: readonly Recipient[], postsPerSecond: number) => Promise<Posted<Recipient>>;

export function workerTo({ url, ca }: Pick<Listening, 'url' | 'ca'>): Worker {
  const outbound = managementApi({
    endpoint: url,
    signatory: async () => signatory,
    ...(ca !== undefined && { ca }),
  });
  const ports = { outbound, now: Date.now, pause: sleep };
  return (recipients, postsPerSecond) => {
    const now = Date.now();
    const limits = { flow: new FlowControl(postsPerSecond, now), deadline: now + WORKER_BUDGET_MS };
    return postAll(ports, recipients, frame, limits);
  };
}
