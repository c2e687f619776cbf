/** Measures deliveries through a quota that the sender does not know: how much of it they use, and whether every connection gets the message. */

import { WORKER_POSTS_PER_SECOND } from '../../lambdas/realtime/delivery/delivery-plan.ts';
import { recipients } from './connection-ids.ts';
import { startEndpoint } from './start-endpoint.ts';
import { workerTo } from './worker.ts';

export const ALLOWED_PER_SECOND = 2_000;
export const THROTTLED_CONNECTIONS = 20_000;

export interface Throttled {
  readonly seconds: number;
  /** Connections that got the message, as the endpoint counted them. */
  readonly delivered: number;
  /** Messages that came again. */
  readonly repeated: number;
  readonly gone: number;
  readonly unreached: number;
  /** 429s on the way. */
  readonly refusals: number;
  /** The used share of the requests that the endpoint allowed. */
  readonly share: number;
}

export async function measureThrottled(): Promise<Throttled> {
  const endpoint = await startEndpoint({ allowedPerSecond: ALLOWED_PER_SECOND });
  const startedAt = performance.now();
  const { gone, unreached } = await workerTo(endpoint)(
    recipients(THROTTLED_CONNECTIONS),
    WORKER_POSTS_PER_SECOND,
  );
  const seconds = Math.round(performance.now() - startedAt) / 1000;
  const { answers, deliveries } = await endpoint.report();
  endpoint.close();
  return {
    seconds,
    delivered: deliveries.length,
    repeated: (answers[200] ?? 0) - deliveries.length,
    gone: gone.length,
    unreached: unreached.length,
    refusals: answers[429] ?? 0,
    share: Number((deliveries.length / (seconds * ALLOWED_PER_SECOND)).toFixed(3)),
  };
}
