/** Deliveries to connections of which some are gone, through an endpoint that fails now and then. */

import { WORKER_POSTS_PER_SECOND } from '../../lambdas/realtime/delivery/delivery-plan.ts';
import { isAmong, type Recipient, recipients } from './connection-ids.ts';
import { startEndpoint } from './start-endpoint.ts';
import { workerTo } from './worker.ts';

export const FAULTY_CONNECTIONS = 10_000;

export const faults = { gone: 0.01, error500: 0.01, reset: 0.01, silent: 0.001 };

export interface Faulty {
  readonly seconds: number;
  /** How many requests got which answer. */
  readonly answers: Readonly<Record<string, number>>;
  readonly dead: number;
  /** Rightly counted as gone, and wrongly. */
  readonly found: number;
  readonly mistaken: number;
  /** Alive, and without the message. */
  readonly missed: number;
  /** Messages that came again. */
  readonly repeated: number;
  readonly unreached: number;
}

export async function measureFaulty(): Promise<Faulty> {
  const endpoint = await startEndpoint(faults);
  const everyone = recipients(FAULTY_CONNECTIONS);
  const startedAt = performance.now();
  const { gone, unreached } = await workerTo(endpoint)(everyone, WORKER_POSTS_PER_SECOND);
  const seconds = Math.round(performance.now() - startedAt) / 1000;
  const { answers, deliveries } = await endpoint.report();
  endpoint.close();

  const isDead = ({ connectionId }: Recipient) => isAmong(faults.gone, connectionId);
  const reached = new Map(deliveries);
  return {
    seconds,
    answers,
    dead: everyone.filter(isDead).length,
    found: new Set(gone.filter(isDead)).size,
    mistaken: gone.filter((recipient) => !isDead(recipient)).length,
    missed: everyone.filter((recipient) => !isDead(recipient) && !reached.has(recipient.connectionId)).length,
    repeated: (answers[200] ?? 0) - reached.size,
    unreached: unreached.length,
  };
}
